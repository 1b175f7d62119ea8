"""Reports over runs: one self-contained HTML page, the same as Markdown, and its numbers as JSON.

``panels`` works out the numbers, ``charts`` draws them, ``html``, ``markdown`` and ``write`` put them on the page.
"""
