"""What every embedder must do. Subclass it and give the class a fixture ``embedder``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from assistant.embedding import MAX_CHARACTERS, Embedder, Vectors

TEXTS = [
    "Das Entwicklungskonzept wird vom Gemeinderat beschlossen.",
    "Über die Höhe der Förderung entscheidet die Sächsische Aufbaubank; sie beträgt bis zu 12.500 €.",
    "Straße",
    "",
    "😀 §§ 5, 6 BauGB – „Grüße“ ½ ﬁ",
    "Die Beteiligung der Öffentlichkeit beginnt früh und endet spät. " * 6,
]


def cosines(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray((one * other).sum(axis=-1))


class EmbedderContract:
    @pytest.fixture(scope="class")
    @classmethod
    def vectors(cls, embedder: Embedder) -> Vectors:
        return embedder.passages(TEXTS)

    def test_each_text_gets_one_row_of_unit_length(self, embedder: Embedder, vectors: Vectors) -> None:
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_a_question_gets_one_vector_of_unit_length(self, embedder: Embedder) -> None:
        vector = embedder.query("Wer beschließt das Konzept?")

        assert vector.shape == (embedder.dimension,)
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.passages([]).shape == (0, embedder.dimension)

    def test_the_company_of_a_text_does_not_matter(self, embedder: Embedder, vectors: Vectors) -> None:
        alone = np.stack([embedder.passages([text])[0] for text in TEXTS])
        backwards = embedder.passages(TEXTS[::-1])[::-1]

        assert cosines(alone, vectors).min() > 0.9999
        assert cosines(backwards, vectors).min() > 0.9999

    def test_the_same_text_always_gets_the_same_vector(self, embedder: Embedder, vectors: Vectors) -> None:
        assert np.array_equal(embedder.passages(TEXTS), vectors)

    def test_threads_do_not_disturb_each_other(self, embedder: Embedder) -> None:
        expected = [embedder.query(text) for text in TEXTS]

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(embedder.query, TEXTS * 4))

        assert all(np.array_equal(vector, expected[at % len(TEXTS)]) for at, vector in enumerate(found))

    def test_a_nul_byte_does_not_end_the_text(self, embedder: Embedder) -> None:
        assert np.array_equal(embedder.query("Wer\0beschließt?"), embedder.query("Wer beschließt?"))

    def test_half_a_character_is_no_obstacle(self, embedder: Embedder) -> None:
        assert np.isfinite(embedder.query("Wer \ud83d beschließt?")).all()

    def test_a_text_without_end_is_cut(self, embedder: Embedder) -> None:
        endless = "Die Gemeinde entscheidet. " * 10_000

        assert np.array_equal(embedder.query(endless), embedder.query(endless[:MAX_CHARACTERS]))

    def test_the_right_passage_is_nearest(self, embedder: Embedder) -> None:
        passages = embedder.passages(
            ["Der Gemeinderat beschließt das Konzept.", "Die Beratung kostet die Gemeinde nichts."]
        )

        assert (passages @ embedder.query("Wer beschließt das Konzept?")).argmax() == 0
        assert (passages @ embedder.query("Was kostet die Beratung?")).argmax() == 1

    def test_engine_and_weights_are_named(self, embedder: Embedder) -> None:
        assert "/" in embedder.name
        assert len(bytes.fromhex(embedder.sha256)) == 32
