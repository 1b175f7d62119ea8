"""Files in, index out: read, clean, cut into sentences and passages.

    sources -> discovery -> readers -> blocks -> documents -> passages -> index
               (manifest)   pdf, markdown, …    (sentences)

Every reader turns one file into :class:`ingest.blocks.Block` values, or into pieces of a text that must stay as it is;
from there on all formats take the same way.
"""
