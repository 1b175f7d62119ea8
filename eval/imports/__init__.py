"""Foreign test sets become native ones: one module per format, each a function from a path to an :class:`Imported`."""
