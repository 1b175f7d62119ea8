"""Questions to a small real index, through the same door as every entrance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain import Answer, Query, Status, Support, Turn
from assistant.errors import InputError, UnknownDocumentError
from assistant.service import Assistant


def ask(assistant: Assistant, question: str, **scope: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return assistant.ask(Query(question=question, **scope))


def test_a_question_is_answered_with_the_sentence_that_says_it(small_assistant: Assistant) -> None:
    answer = ask(small_assistant, "Wer beschließt das Entwicklungskonzept?")

    assert answer.status is Status.ANSWERED
    assert "vom Gemeinderat beschlossen" in answer.text
    assert answer.citations[0].document == "leitfaden.md"
    assert answer.citations[0].section[-1] == "Beschluss"


def test_every_quote_is_cut_from_its_document(small_assistant: Assistant) -> None:
    for question in ("Wie hoch ist der Hebesatz der Grundsteuer B?", "Wo sitzt die Musterstelle?", "Befragung?"):
        for citation in ask(small_assistant, question).citations:
            document = small_assistant.document(citation.document)
            assert citation.quote == document.text[citation.span.start : citation.span.end]


def test_every_shown_sentence_is_proven(small_assistant: Assistant) -> None:
    answer = ask(small_assistant, "Was kostet die Beratung durch die Musterstelle?")

    markers = {citation.marker for citation in answer.citations}
    assert answer.sentences
    for sentence in answer.sentences:
        assert sentence.support is Support.VERBATIM
        assert sentence.citations
        assert set(sentence.citations) <= markers


def test_a_known_question_gets_its_curated_answer_whole(small_assistant: Assistant) -> None:
    answer = ask(small_assistant, "Muss unsere Gemeinde für die Beratung bezahlen?")

    assert answer.text.startswith("Die Beratung durch die Musterstelle ist für Gemeinden kostenlos. [1]")
    assert "Fahrtkosten werden nicht berechnet. [2]" in answer.text
    assert answer.citations[0].stand == "2024-05"


@pytest.mark.parametrize("question", ["Wer macht das?", "und der die das ist es?", "Wann ist das, und wer macht das?"])
def test_a_question_without_a_subject_is_told_so(small_assistant: Assistant, question: str) -> None:
    answer = ask(small_assistant, question)

    assert answer.status is Status.DECLINED
    assert "worum es geht" in answer.text
    assert not answer.suggestions


def test_a_question_without_a_subject_has_one_in_its_document_or_conversation(small_assistant: Assistant) -> None:
    history = (Turn(question="Wo sitzt die Musterstelle?", answer="In Leipzig."),)

    for query in (
        Query(question="Was ist das?", documents=("haushalt",)),
        Query(question="Und was ist das?", history=history),
    ):
        assert "worum es geht" not in small_assistant.ask(query).text


@pytest.mark.parametrize("question", ["a", "7?", "😀🎉", "„…“", "§"])
def test_a_single_letter_or_none_is_no_question(small_assistant: Assistant, question: str) -> None:
    with pytest.raises(InputError, match="Bitte geben Sie eine Frage ein"):
        ask(small_assistant, question)


def test_what_the_corpus_does_not_say_is_declined_with_the_nearest_places(small_assistant: Assistant) -> None:
    answer = ask(small_assistant, "Welche Temperatur herrscht in der Musterstelle und im Konzept?")

    assert answer.status is Status.DECLINED
    assert not answer.citations
    assert answer.suggestions[0] == "Fragen zur Musterstelle › Wo sitzt die Musterstelle?"


@pytest.mark.parametrize(
    "question",
    [
        "Was kostet die Hundesteuer?",
        "Wie backe ich Brot?",
        "Hundesteuer?",
        "Reisepass beantragen",
        "Bekommen wir einen neuen Personalausweis auch in Leipzig?",
        "bekommen wir einen neuen personalausweis auch in leipzig",
        "was kostet ein neuer reisepass",
    ],
)
def test_no_place_is_near_to_a_question_about_something_else(question: str, small_assistant: Assistant) -> None:
    answer = ask(small_assistant, question)

    assert answer.status is Status.DECLINED
    assert not answer.suggestions


def test_places_are_near_to_a_thing_that_is_named_in_lower_case(small_assistant: Assistant) -> None:
    answer = ask(small_assistant, "wie viele fenster hat die musterstelle")

    assert answer.status is Status.DECLINED
    assert "Fragen zur Musterstelle › Wo sitzt die Musterstelle?" in answer.suggestions


def test_a_scope_keeps_other_documents_out(small_assistant: Assistant) -> None:
    found = small_assistant.search(Query(question="Wer beschließt das Konzept?", documents=("haushalt",)))

    assert {hit.passage.document for hit in found.hits} == {"haushalt"}


def test_an_unknown_document_in_the_scope_is_named(small_assistant: Assistant) -> None:
    with pytest.raises(UnknownDocumentError, match="gibtsnicht"):
        ask(small_assistant, "Wer beschließt?", documents=("gibtsnicht",))


@pytest.mark.parametrize("question", ["", "   ", "?!", "\u200b", "😀"])
def test_a_question_without_words_is_refused(small_assistant: Assistant, question: str) -> None:
    with pytest.raises(InputError, match="Frage"):
        ask(small_assistant, question)


def test_an_overlong_question_is_refused_with_its_length(small_assistant: Assistant) -> None:
    with pytest.raises(InputError, match="2001"):
        ask(small_assistant, "x" * 2001)


def test_a_lone_surrogate_is_refused(small_assistant: Assistant) -> None:
    with pytest.raises(InputError):
        ask(small_assistant, "Was ist \ud800 das?")


def whenever(answer: Answer) -> Answer:
    """The answer without what depends on the time: how long it took, and the second that its receipt tells."""
    assert answer.receipt is not None
    return replace(answer, timings={}, receipt=replace(answer.receipt, time=""))


def test_control_characters_do_not_change_the_answer(small_assistant: Assistant) -> None:
    plain = ask(small_assistant, "Wo sitzt die Musterstelle?")
    odd = ask(small_assistant, "Wo\0sitzt die\u200b Musterstelle?")

    assert whenever(odd) == whenever(plain)


def test_the_same_question_gets_the_same_answer(small_assistant: Assistant) -> None:
    first, second = (ask(small_assistant, "Wann wird das Konzept überprüft?") for _ in range(2))

    assert whenever(first) == whenever(second)
