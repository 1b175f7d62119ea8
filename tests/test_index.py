"""What one build of the index hands out, and how it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from ingest_support import WordHashes

from assistant.errors import IndexDamagedError
from assistant.index import PASSAGES, SENTENCES, Index
from assistant.record import current_build
from ingest.pipeline import ingest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index over forty short sections."""
    (tmp_path / "corpus").mkdir()
    sections = (f"## Teil {number}\n\nDer Teil {number} regelt etwas.\n" for number in range(40))
    (tmp_path / "corpus" / "a.md").write_text("\n".join(sections), encoding="utf-8")
    ingest([tmp_path / "corpus"], folder=tmp_path / "index", open_embedder=WordHashes)
    return tmp_path / "index"


@pytest.mark.parametrize("name", [PASSAGES, SENTENCES])
def test_the_stored_vectors_are_those_that_chroma_searches(folder: Path, name: str) -> None:
    index = Index.open(folder, WordHashes())
    vector = WordHashes().query("Was regelt Teil 7?")
    nearest = index.nearest(name, vector, 10)

    assert len(nearest) == 10
    assert index.similarities(name, vector, list(nearest)) == pytest.approx(nearest, abs=1e-5)
    assert index.similarities(name, vector, []) == {}
    index.close()


def test_an_index_of_headings_alone_opens(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Nur eine Überschrift\n", encoding="utf-8")
    ingest([tmp_path / "a.md"], folder=tmp_path / "index", open_embedder=WordHashes)
    index = Index.open(tmp_path / "index", WordHashes())

    assert index.nearest(SENTENCES, WordHashes().query("Überschrift"), 5) == {}
    assert len(index.nearest(PASSAGES, WordHashes().query("Überschrift"), 5)) == 1
    index.close()


def test_vectors_cut_short_are_a_damaged_index(folder: Path) -> None:
    build = current_build(folder)
    assert build is not None
    vectors = build / "sentences.npy"
    vectors.write_bytes(vectors.read_bytes()[:200])

    with pytest.raises(IndexDamagedError, match="--rebuild"):
        Index.open(folder, WordHashes())
