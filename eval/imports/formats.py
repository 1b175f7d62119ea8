"""The formats by the name they have on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.domain import Document
from eval.errors import RunError
from eval.imports.beir import read_beir
from eval.imports.imported import Imported
from eval.imports.omos import read_omos
from eval.imports.squad import read_squad
from eval.imports.tables import read_table

WITH_DOCUMENTS: Mapping[str, Callable[[Path], Imported]] = {"squad": read_squad, "beir": read_beir, "omos": read_omos}
"""Formats that bring their documents along."""

TABLES = ("csv", "xlsx")
"""Formats whose questions are about documents from elsewhere."""


def read_foreign(format: str, path: Path, documents: Callable[[], Sequence[Document]]) -> Imported:
    """The test set in ``path``; ``documents`` is asked only for tables.

    Raises:
        RunError: if the format is unknown, ``path`` does not hold it, or nothing in it fits.
    """
    if format not in (*WITH_DOCUMENTS, *TABLES):
        raise RunError("format_unknown", format=format, known=", ".join((*WITH_DOCUMENTS, *TABLES)))
    if not path.exists():
        raise RunError("path_missing", path=path)
    imported = WITH_DOCUMENTS[format](path) if format in WITH_DOCUMENTS else read_table(path, documents())
    if not imported.cases:
        raise RunError("import_nothing", path=path, problems="\n".join(imported.problems[:10]))
    return imported
