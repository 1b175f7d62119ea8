"""Receipts say from what an answer was made; ``verify`` tells later what of it still holds."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from small_texts import GUIDE

from assistant.domain import Query, Turn
from assistant.embedding import Embedder
from assistant.errors import InputError
from assistant.receipt_checks import check_receipt
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wire import answer_json
from assistant.wiring import maker_of, open_assistant
from ui.cli import run
from ui.verifying import same_answer
from ui.verifying_view import check_json

QUESTION = "Wer beschließt das Entwicklungskonzept?"

Verify = Callable[..., dict[str, Any]]


@pytest.fixture
def answer(small_assistant: Assistant) -> dict[str, Any]:
    """An answer with its receipt, as a program gets it."""
    given: dict[str, Any] = json.loads(json.dumps(answer_json(small_assistant.ask(Query(question=QUESTION)))))
    return given


@pytest.fixture
def verify(small_assistant: Assistant) -> Verify:
    """Verify a value as ``fundstelle verify --json`` does; whether it holds, and what was found."""

    def verified(value: Any, question: str | None = None, *, by: Assistant = small_assistant) -> dict[str, Any]:
        found = check_receipt(json.dumps(value), by.document)
        return check_json(found, None if question is None else same_answer(by, found.receipt, question))

    return verified


@pytest.fixture
def over(
    build_index: Callable[[Path], Path], embedder: Embedder, tmp_path: Path
) -> Iterator[Callable[[str, str], Assistant]]:
    """Open an assistant over a single document of the test's own."""
    with ExitStack() as stack:

        def opened(name: str, text: str) -> Assistant:
            corpus = tmp_path / "corpus"
            corpus.mkdir()
            (corpus / name).write_text(text, encoding="utf-8")
            assistant = open_assistant(Settings(index=build_index(corpus)), embedder=embedder)
            stack.callback(assistant.close)
            return assistant

        yield opened


def sealed(receipt: dict[str, Any]) -> dict[str, Any]:
    """``receipt`` under a new seal, made as the documentation says."""
    rest = {name: value for name, value in receipt.items() if name != "sha256"}
    canonical = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**rest, "sha256": hashlib.sha256(canonical.encode()).hexdigest()}


def states(found: dict[str, Any]) -> set[str]:
    return {quote["state"] for quote in found["quotes"]}


class TestIssuing:
    def test_a_receipt_names_everything_the_answer_was_made_from(
        self, answer: dict[str, Any], small_assistant: Assistant
    ) -> None:
        receipt = answer["receipt"]

        assert receipt["question_sha256"] == hashlib.sha256(QUESTION.encode()).hexdigest()
        assert receipt["answer_sha256"] == hashlib.sha256(answer["answer"].encode()).hexdigest()
        assert [quote["sha256"] for quote in receipt["citations"]] == [
            hashlib.sha256(citation["quote"].encode()).hexdigest() for citation in answer["citations"]
        ]
        assert {document["id"]: document["sha256"] for document in receipt["documents"]} == {
            citation["document"]: small_assistant.document(citation["document"]).sha256
            for citation in answer["citations"]
        }
        assert receipt["built_at"] == small_assistant.check()["built_at"]
        assert receipt["time"].endswith("+00:00")
        assert receipt == sealed(receipt)

    def test_a_receipt_holds_no_word_of_question_or_answer(self, answer: dict[str, Any]) -> None:
        written = json.dumps(answer["receipt"], ensure_ascii=False)

        assert not [word for word in ("beschließt", "Gemeinderat", "Entwicklungskonzept") if word in written]

    def test_a_declined_question_gets_a_receipt_too(self, small_assistant: Assistant, verify: Verify) -> None:
        declined = answer_json(small_assistant.ask(Query(question="Wie backe ich ein Brot aus Roggenmehl?")))

        assert declined["receipt"]["status"] == "declined"
        assert verify(declined)["holds"]

    def test_another_answer_has_another_receipt(self, answer: dict[str, Any], small_assistant: Assistant) -> None:
        other = answer_json(small_assistant.ask(Query(question="Wo sitzt die Musterstelle?")))

        assert other["receipt"]["sha256"] != answer["receipt"]["sha256"]
        assert other["receipt"]["selector_sha256"] == answer["receipt"]["selector_sha256"] != ""


class TestVerifying:
    def test_an_unchanged_index_keeps_what_the_receipt_says(self, answer: dict[str, Any], verify: Verify) -> None:
        for given in (answer, answer["receipt"]):
            found = verify(given)
            assert (found["holds"], states(found)) == (True, {"unchanged"})
            assert [quote["text"] for quote in found["quotes"]] == [one["quote"] for one in answer["citations"]]

    @pytest.mark.parametrize(
        ("guide", "holds", "state", "document"),
        [
            (GUIDE.replace("## Beschluss", "## Vorab\n\nEin neuer Satz.\n\n## Beschluss"), True, "moved", "newer"),
            (GUIDE.replace("Amtsblatt", "Anzeiger"), True, "unchanged", "newer"),
            (GUIDE.replace("vom Gemeinderat beschlossen", "vom Stadtrat beschlossen"), False, "changed", "newer"),
            ("", False, "gone", "gone"),
        ],
        ids=["moved", "changed elsewhere", "changed", "gone"],
    )
    def test_what_became_of_a_quote_is_told(
        self,
        guide: str,
        holds: bool,
        state: str,
        document: str,
        answer: dict[str, Any],
        verify: Verify,
        over: Callable[[str, str], Assistant],
    ) -> None:
        found = verify(answer, by=over("leitfaden.md", guide) if guide else over("anderes.md", GUIDE))

        assert found["holds"] == holds
        assert found["quotes"][0]["state"] == state
        assert found["documents"][0]["state"] == document
        if state == "moved":
            assert found["quotes"][0]["start"] > answer["citations"][0]["start"]
            assert found["quotes"][0]["text"] == answer["citations"][0]["quote"]

    def test_the_same_question_is_asked_again_on_demand(self, answer: dict[str, Any], verify: Verify) -> None:
        assert verify(answer)["same_answer"] is None
        assert verify(answer, f" {QUESTION} ")["same_answer"] is True

    def test_another_answer_today_is_told(
        self, answer: dict[str, Any], verify: Verify, over: Callable[[str, str], Assistant]
    ) -> None:
        today = over("leitfaden.md", "# Anderes\n\nHier steht etwas ganz anderes.\n")

        assert verify(answer, QUESTION, by=today)["same_answer"] is False

    def test_another_question_or_a_follow_up_cannot_be_compared(
        self, answer: dict[str, Any], small_assistant: Assistant, verify: Verify
    ) -> None:
        with pytest.raises(InputError, match="anderen Frage"):
            verify(answer, "Wo sitzt die Musterstelle?")
        follow_up = small_assistant.ask(Query(question=QUESTION, history=(Turn(question="Was ist ein Konzept?"),)))
        with pytest.raises(InputError, match="Folgefrage"):
            verify(answer_json(follow_up), QUESTION)


@pytest.mark.parametrize(
    "changed",
    [
        {"answer": {"sentences": 3}},
        {"retrieval": {"candidates": 20}},
        {"reranker": {"backend": "http", "base_url": "http://127.0.0.1:9"}},
        {"synonyms": "andere.toml"},
    ],
    ids=str,
)
def test_whatever_changes_answers_changes_the_digest_of_the_settings(
    changed: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("andere.toml").write_text('groups = [["Rat", "Stadtparlament"]]\n', encoding="utf-8")

    other = maker_of(Settings.model_validate(changed))
    assert other.settings_sha256 != maker_of(Settings()).settings_sha256


def test_a_key_leaves_no_trace_in_a_receipt() -> None:
    keyed = {"reranker": {"backend": "http", "base_url": "http://127.0.0.1:9", "api_key": "geheim"}}
    plain = {"reranker": {"backend": "http", "base_url": "http://127.0.0.1:9"}}

    assert maker_of(Settings.model_validate(keyed)) == maker_of(Settings.model_validate(plain))


class TestTampering:
    @pytest.mark.parametrize(
        ("field", "value"),
        [("answer", "Der Landrat beschließt. [1]"), ("question", "Wer?"), ("status", "partial"), ("confidence", 1.0)],
    )
    def test_a_changed_answer_is_noticed(
        self, field: str, value: object, answer: dict[str, Any], verify: Verify
    ) -> None:
        found = verify({**answer, field: value})

        assert (found["holds"], found["altered"]) == (False, [field])

    @pytest.mark.parametrize("change", [{"quote": "Der Landrat beschließt."}, {"start": 0}, {"document": "faq.md"}])
    def test_a_changed_citation_is_noticed(
        self, change: dict[str, object], answer: dict[str, Any], verify: Verify
    ) -> None:
        first, *others = answer["citations"]

        assert verify({**answer, "citations": [{**first, **change}, *others]})["altered"] == ["citations"]
        assert verify({**answer, "citations": others})["altered"] == ["citations"]

    @pytest.mark.parametrize("change", [{"time": "2020-01-01T00:00:00+00:00"}, {"extra": 1}, {"sha256": "0" * 64}])
    def test_a_changed_receipt_is_noticed(
        self, change: dict[str, object], answer: dict[str, Any], verify: Verify
    ) -> None:
        found = verify({**answer["receipt"], **change})

        assert (found["holds"], found["altered"]) == (False, ["sha256"])

    def test_a_new_seal_on_another_quote_is_noticed_at_the_document(
        self, answer: dict[str, Any], verify: Verify
    ) -> None:
        forged = json.loads(json.dumps(answer["receipt"]))
        forged["citations"][0]["sha256"] = hashlib.sha256(b"Der Landrat").hexdigest()

        found = verify(sealed(forged))

        assert (found["holds"], found["altered"], found["quotes"][0]["state"]) == (False, [], "changed")


@pytest.mark.parametrize(
    "value",
    [
        None, [], 7, "x", {}, {"receipt": None}, {"receipt": []}, {"version": 1}, {"version": 99}, {"version": "1"},
        {"version": float("nan")}, {"version": 1, "citations": "\ud800"},
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(value: object, verify: Verify) -> None:
    with pytest.raises(InputError, match=r"Beleg|JSON"):
        verify(value)


@pytest.mark.parametrize("change", [{"start": 5, "end": 3}, {"start": -1}, {"start": "x"}, {"sha256": None}])
def test_impossible_places_are_refused(change: dict[str, object], answer: dict[str, Any], verify: Verify) -> None:
    receipt = answer["receipt"]
    with pytest.raises(InputError, match="Feld „citations“"):
        verify(sealed({**receipt, "citations": [{**receipt["citations"][0], **change}]}))


def test_a_place_beyond_the_text_is_no_longer_there(answer: dict[str, Any], verify: Verify) -> None:
    receipt = answer["receipt"]
    far = {**receipt["citations"][0], "start": 10**12, "end": 10**12 + 5}

    assert states(verify(sealed({**receipt, "citations": [far]}))) == {"changed"}


class TestCommand:
    def test_a_receipt_through_a_pipe_is_explained_in_german(
        self,
        answer: dict[str, Any],
        small_index: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(answer).encode())))

        assert run(["verify", "-", "--index", str(small_index)]) == 0

        shown = capsys.readouterr().out
        assert "Beleg vom" in shown
        assert "unverändert" in shown
        assert shown.endswith("Ergebnis: Alles gilt noch.\n")

    def test_what_no_longer_holds_ends_with_one(
        self, answer: dict[str, Any], small_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "beleg.json"
        file.write_text(json.dumps({**answer, "answer": "Der Landrat. [1]"}), encoding="utf-8")

        assert run(["verify", str(file), "--json", "--question", QUESTION, "--index", str(small_index)]) == 1

        found = json.loads(capsys.readouterr().out)
        assert (found["holds"], found["altered"], found["same_answer"]) == (False, ["answer"], True)

    def test_a_missing_file_is_named(
        self, small_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["verify", str(tmp_path / "fehlt.json"), "--index", str(small_index)]) == 1
        assert "fehlt.json" in capsys.readouterr().err
