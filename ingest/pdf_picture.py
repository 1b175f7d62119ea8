"""A page of a PDF as a picture with places marked in it, drawn by a worker process with limits.

``python -m ingest.pdf_picture FILE PAGE SCALE BOXES`` writes a PNG to standard output; ``BOXES`` is a JSON list of
``[x0, y0, x1, y1]`` in points, origin at the bottom left of the page as it is viewed.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.failures import Unreadable
from ingest.worker_limits import limit

if TYPE_CHECKING:
    from assistant.domain import Box

MEMORY = 1_500_000_000
"""Bytes of address space for drawing one page."""

SECONDS = 20
"""Time for drawing one page."""

MOST_PIXELS = 8_000_000
"""A page larger than that is drawn smaller."""

MARK = (255, 214, 10)
"""Colour multiplied into the page: text stays as dark as it is."""


def picture(path: Path, number: int, boxes: Sequence[Box], *, scale: float = 1.6) -> bytes:
    """Page ``number`` (1-based) as PNG, ``scale`` pixels to the point, with ``boxes`` marked.

    Raises:
        Unreadable: if the file or the page cannot be drawn within the limits.
    """
    corners = json.dumps([[box.x0, box.y0, box.x1, box.y1] for box in boxes])
    command = [sys.executable, "-P", "-m", "ingest.pdf_picture", str(path.absolute()), str(number), str(scale), corners]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable("worker_time", seconds=SECONDS) from error
    if done.returncode != 0:
        raise Unreadable("worker_died", reason=f"{path.name}, {done.returncode}")
    return done.stdout


def main(arguments: list[str]) -> None:
    """Draw the page that ``arguments`` name."""
    path, number, scale, boxes = arguments
    limit(MEMORY, SECONDS)
    sys.stdout.buffer.write(_draw(Path(path), int(number), float(scale), json.loads(boxes)))


def _draw(path: Path, number: int, scale: float, boxes: list[list[float]]) -> bytes:
    # The C library is loaded only under the limits.
    import pypdfium2
    from PIL import Image, ImageChops, ImageDraw

    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(scale, (MOST_PIXELS / (width * height)) ** 0.5)
        drawn = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", drawn.size, "white")
    pen = ImageDraw.Draw(marks)
    for x0, y0, x1, y1 in boxes:
        pen.rectangle((x0 * scale - 2, (height - y1) * scale - 1, x1 * scale + 2, (height - y0) * scale + 1), fill=MARK)
    file = io.BytesIO()
    ImageChops.multiply(drawn, marks).quantize(64, method=Image.Quantize.FASTOCTREE).save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
