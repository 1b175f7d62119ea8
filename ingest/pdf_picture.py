"""A page of a PDF as a picture with places marked in it, drawn by a worker process with limits.

``python -m ingest.pdf_picture FILE PAGE SCALE BOXES`` writes a PNG to standard output; ``BOXES`` is a JSON list of
``[x0, y0, x1, y1]`` in points, origin at the bottom left of the page as it is viewed. A number of quarter turns
clockwise in its place asks for the bare page in grey (PGM), for Tesseract.
"""

from __future__ import annotations

import io
import json
import math
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

MOST_GREY_PIXELS = 20_000_000
"""The same for a page whose text is to be recognised: an A3 page in 300 dots to the inch."""

MARK = (255, 214, 10)
"""Colour multiplied into the page: text stays as dark as it is."""


def picture(path: Path, number: int, boxes: Sequence[Box], *, scale: float = 1.6) -> bytes:
    """Page ``number`` (1-based) as PNG, ``scale`` pixels to the point, with ``boxes`` marked.

    Raises:
        Unreadable: if the file or the page cannot be drawn within the limits.
    """
    return _ask_worker(path, number, scale, json.dumps([[box.x0, box.y0, box.x1, box.y1] for box in boxes]))


def grey_picture(path: Path, number: int, *, scale: float, turned: int = 0) -> bytes:
    """Page ``number`` (1-based) as PGM, ``scale`` pixels to the point if it is not too large, ``turned`` clockwise.

    Raises:
        Unreadable: if the file or the page cannot be drawn within the limits.
    """
    return _ask_worker(path, number, scale, str(turned))


def _ask_worker(path: Path, number: int, scale: float, wanted: str) -> bytes:
    command = [sys.executable, "-P", "-m", "ingest.pdf_picture", str(path.absolute()), str(number), str(scale), wanted]
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
    path, number, scale, wanted = arguments
    limit(MEMORY, SECONDS)
    if wanted.isdigit():
        drawn = _grey(Path(path), int(number), float(scale), int(wanted))
    else:
        drawn = _marked(Path(path), int(number), float(scale), json.loads(wanted))
    sys.stdout.buffer.write(drawn)


def _grey(path: Path, number: int, scale: float, turned: int) -> bytes:
    # The C library is loaded only under the limits.
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        drawn = page.render(
            scale=_fitting(page.get_size(), scale, MOST_GREY_PIXELS), rotation=90 * turned, grayscale=True
        )
        file = io.BytesIO()
        drawn.to_pil().save(file, "PPM")
    return file.getvalue()


def _marked(path: Path, number: int, scale: float, boxes: list[list[float]]) -> bytes:
    # The C library is loaded only under the limits.
    import pypdfium2
    from PIL import Image, ImageChops, ImageDraw

    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        _, height = page.get_size()
        scale = _fitting(page.get_size(), scale, MOST_PIXELS)
        drawn = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", drawn.size, "white")
    pen = ImageDraw.Draw(marks)
    for x0, y0, x1, y1 in boxes:
        pen.rectangle((x0 * scale - 2, (height - y1) * scale - 1, x1 * scale + 2, (height - y0) * scale + 1), fill=MARK)
    file = io.BytesIO()
    ImageChops.multiply(drawn, marks).quantize(64, method=Image.Quantize.FASTOCTREE).save(file, "PNG")
    return file.getvalue()


def _fitting(size: tuple[float, float], scale: float, most: int) -> float:
    """``scale``, or what keeps a page of this ``size`` in points below ``most`` pixels."""
    width, height = size
    return min(scale, math.sqrt(most / (width * height)))


if __name__ == "__main__":
    main(sys.argv[1:])
