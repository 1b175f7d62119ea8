"""One answer from the answers to the parts of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import one_text
from assistant.citations import place_of
from assistant.domain import Answer, AnswerSentence, Citation, Query, Status
from assistant.texts import message


def together(query: Query, answers: Sequence[Answer]) -> Answer:
    """The parts' sentences one after the other, each place cited once; what stays open is named.

    Its confidence is the mean of the parts': the estimated share of the question that the scope answers.
    """
    cited: dict[tuple[str, int, int], Citation] = {}
    sentences: list[AnswerSentence] = []
    answered = [answer for answer in answers if answer.status is Status.ANSWERED]
    for answer in answered:
        for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
            place = place_of(citation)
            if place not in cited:
                cited[place] = replace(citation, marker=len(cited) + 1)
                sentences.append(replace(sentence, citations=(len(cited),)))
    left_open = [answer for answer in answers if answer.status is Status.DECLINED]
    questions = " ".join(message("answers", "quoted_question", question=answer.question) for answer in left_open)
    return replace(
        answers[0],
        question=query.question,
        status=Status.PARTIAL if left_open else Status.ANSWERED,
        text=one_text(sentences),
        confidence=sum(answer.confidence for answer in answers) / len(answers),
        sentences=tuple(sentences),
        citations=tuple(cited.values()),
        suggestions=tuple(dict.fromkeys(place for answer in left_open for place in answer.suggestions)),
        note=message("answers", "left_open", questions=questions) if left_open else "",
    )
