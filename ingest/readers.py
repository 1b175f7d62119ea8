"""One way to read every format: a source in, its documents and failures out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain import Document
from ingest.discovery import Source, sha256
from ingest.failures import Unreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file, or a line of it, that could not be read, with the German reason.

    ``postponed`` says that time ran out, and that reading it again goes on where it stopped.
    """

    file: str
    reason: str
    line: int | None = None
    postponed: bool = False


def read(source: Source, kept: Path | None = None) -> Iterator[Document | Failure]:
    """The documents in a file, with what the manifest says of them; failures never end the iteration early.

    The folder ``kept`` keeps what is recognised of scans until all of a file is.
    """
    try:
        if source.path.suffix.lower() == ".jsonl":
            yield from _lines(source)
        else:
            document = _completed(_document(source, kept), source)
            yield replace(document, sha256=sha256(source.path), file=str(source.path.resolve()))
    except Unreadable as failure:
        yield Failure(file=source.name, reason=str(failure), postponed=failure.code == "postponed")
    except OSError as error:
        reason = Unreadable("not_readable", reason=error.strerror or error)
        yield Failure(file=source.name, reason=str(reason))
    except Exception as error:  # one bad file never stops the rest, whatever a library makes of it
        log.exception("%s was not read", source.name)
        reason = Unreadable("unexpected", reason=f"{type(error).__name__}: {error}"[:200])
        yield Failure(file=source.name, reason=str(reason))


def _document(source: Source, kept: Path | None) -> Document:
    """The document in a file. Each reader, and the library it needs, is imported only for the files that need it."""
    path, name = source.path, source.id
    match path.suffix.lower():
        case ".pdf":
            from ingest.pdf import read_pdf

            return read_pdf(path, name, kept)
        case ".docx":
            from ingest.docx import read_docx

            return read_docx(path, name)
        case ".odt":
            from ingest.odt import read_odt

            return read_odt(path, name)
        case ".rtf":
            from ingest.rtf import read_rtf

            return read_rtf(path, name)
        case ".html" | ".htm" | ".xhtml":
            from ingest.html import read_html

            return read_html(path, name)
        case ".md" | ".markdown":
            from ingest.markdown import read_markdown

            return read_markdown(path, name, source.entry.kind)
        case ".csv" | ".xlsx":
            return _sheet(source)
        case _:
            from ingest.plain import read_plain

            return read_plain(path, name)


def _sheet(source: Source) -> Document:
    from ingest.sheets import read_csv, read_xlsx

    return (read_csv if source.path.suffix.lower() == ".csv" else read_xlsx)(source.path, source.id)


def _lines(source: Source) -> Iterator[Document | Failure]:
    from ingest.jsonl import read_jsonl

    for found in read_jsonl(source.path):
        if isinstance(found, Document):
            yield found
        else:
            line, failure = found
            yield Failure(file=source.name, reason=str(failure), line=line)


def _completed(document: Document, source: Source) -> Document:
    """``document`` with what the manifest says: it knows better than the file."""
    entry = source.entry
    said = {key: getattr(entry, key) for key in ("title", "kind", "stand", "url", "notice")}
    return replace(document, **{key: value for key, value in said.items() if value})
