"""A cross-encoder in sentence-transformers, offline: a tiny one, made here. Needs PyTorch: run ``make test-extras``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.domain import Query
from assistant.embedding import Embedder
from assistant.errors import RerankingError
from assistant.settings import RerankerSettings, Settings
from assistant.wiring import open_assistant, open_reranker

pytestmark = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed: make test-extras"
)

TEXTS = ["Der Gemeinderat beschließt das Konzept.", "Die Beratung kostet nichts.", "Leipzig liegt in Sachsen."]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("model"), labels=1)


def made(folder: Path, labels: int) -> Path:
    """A cross-encoder of one small layer with random weights: it knows nothing, and always the same."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=labels, initializer_range=0.5,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab={piece: number for number, piece in enumerate(vocabulary)}).save_pretrained(folder)
    return folder


def settings(model: Path | str, **more: object) -> Settings:
    chosen = {"backend": "sentence-transformers", "model": str(model), "budget": 60, **more}
    return Settings(reranker=RerankerSettings.model_validate(chosen))


def test_it_orders_by_its_own_scores(model: Path) -> None:
    from sentence_transformers import CrossEncoder

    scores = CrossEncoder(str(model), local_files_only=True).predict([("Wer beschließt?", text) for text in TEXTS])
    order = open_reranker(settings(model)).order("Wer beschließt?", TEXTS)

    assert len(set(scores.tolist())) == len(TEXTS)
    assert order == sorted(range(len(TEXTS)), key=lambda at: -scores[at])


def test_hits_come_in_its_order(model: Path, small_index: Path, embedder: Embedder) -> None:
    chosen = settings(model, depth=4).model_copy(update={"index": small_index})
    query = Query(question="Wer beschließt das Entwicklungskonzept?")
    reranking = open_assistant(chosen, embedder=embedder)
    plain = open_assistant(Settings(index=small_index), embedder=embedder)

    found, before = reranking.search(query, 6), plain.search(query, 6)
    order = open_reranker(chosen).order(query.question, before.texts[:4])
    reranking.close()
    plain.close()

    assert found.texts == tuple(before.texts[at] for at in order) + before.texts[4:]
    assert "rerank" in found.timings


def test_a_model_that_is_not_here_is_not_fetched() -> None:
    with pytest.raises(RerankingError, match="unbekannt/modell"):
        open_reranker(settings("unbekannt/modell"))


def test_a_model_with_several_outputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerankingError, match="3 labels"):
        open_reranker(settings(made(tmp_path, labels=3)))
