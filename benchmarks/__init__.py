"""Speed and size, measured on the machine at hand: ``make bench``. Nothing here is a test."""
