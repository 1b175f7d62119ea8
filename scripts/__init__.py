"""Tools for maintainers. Nothing here is shipped with the product."""
