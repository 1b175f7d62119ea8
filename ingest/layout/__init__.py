"""From words on pages to blocks in reading order: pure functions, no library, no files.

words ─► lines ─► columns ─► furniture ─► paragraphs ─► headings ─► blocks
         marks    tables     (running     (repair)      (outline)
                              heads)
"""
