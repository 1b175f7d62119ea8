"""Measures, one family per module; each is a small pure function, defined for users in ``docs/measures.md``.

A measure that is not defined for a case gives None and leaves the case out; it never counts as zero.
"""
