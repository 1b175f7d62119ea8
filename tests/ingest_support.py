"""What the tests of ingest share: PDFs made on the spot and an embedder that needs no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.domain import Document
from assistant.embedding import Vectors

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real PDFs and laws of the developers; tests that use them are skipped where they are absent."""


class WordHashes:
    """An embedder whose vectors count hashed words: deterministic and instant."""

    name = "test/word-hashes"
    sha256 = "0" * 64
    dimension = 32

    def query(self, text: str) -> Vectors:
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, hashlib.md5(word.encode()).digest()[0] % self.dimension] += 1
        normed: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normed


def typeset(path: Path, source: str) -> Path:
    """Write the PDF that Typst makes of ``source`` to ``path``."""
    import typst

    preamble = '#set text(lang: "de", font: "Libertinus Serif", size: 11pt)\n#set par(justify: true)\n'
    path.write_bytes(typst.compile((preamble + source).encode("utf-8"), format="pdf"))
    return path


def handmade(path: Path, content: bytes, *, filters: str = "", pages: int = 1, kids: str = "") -> Path:
    """Write a PDF whose pages all show the same content stream, packed as ``filters`` says.

    ``kids`` replaces the list of pages.
    """
    references = kids or "3 0 R " * pages
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{references}] /Count {pages} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters.encode(), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    written = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    path.write_bytes(written + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer)
    return path


def line(text: str, y: int = 700, size: int = 11) -> bytes:
    """The part of a content stream that prints one line."""
    return b"BT /F1 %d Tf 72 %d Td (%s) Tj ET\n" % (size, y, text.encode("cp1252"))


def quotes(document: Document) -> list[str]:
    """The sentences of ``document`` as they would be quoted."""
    return [sentence.span.of(document.text) for sentence in document.sentences]


def assert_sound(document: Document) -> None:
    """Check what must hold of every document: sentences in order, apart, trimmed, and over all of its text."""
    end = 0
    for sentence in document.sentences:
        assert sentence.span.start >= end
        assert not document.text[end : sentence.span.start].strip()
        quote = sentence.span.of(document.text)
        assert quote == quote.strip()
        assert quote
        end = sentence.span.end
    assert not document.text[end:].strip()
    assert [page.number for page in document.pages] == list(range(1, len(document.pages) + 1))
    for page, after in pairwise(document.pages):
        assert page.span.end == after.span.start
    for section in document.sections:
        assert section.path[-1] == " ".join(document.text[section.span.start :][:500].split("\n")[0].split())
