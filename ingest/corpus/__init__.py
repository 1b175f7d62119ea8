"""Changing and checking a corpus folder: its documents and the manifest that describes them.

    add     file or address -> draft folder -> type, size, readable? -> corpus folder -> manifest.toml
    remove  manifest.toml -> the file, if ``add`` brought it and nobody has changed it since
    verify  manifest.toml against the files; nothing is touched

A file reaches the corpus folder whole or not at all, and the manifest is replaced in one step.
"""
