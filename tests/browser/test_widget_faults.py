"""The widget when something fails: a German sentence in place, a way on, and nothing lost of the conversation."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from ui_support import environment, running_server
from widget_support import Answering, Reply, Site
from widget_visit import OpenWidget

from assistant import wire
from assistant.domain import Answer, AnswerSentence, Citation, CitedPage, Mode, SentenceKind, Span, Status, Support
from assistant.events import Event, SentenceReady, Withdrawn
from assistant.list_marks import has_mark
from assistant.sse import sse
from ui.places import by_place, date_in_words, pages_in_words, verdict_in_words
from ui.viewer_html import citation_address

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def citation(marker: int, *, start: int, quote: str = "Ein Satz.", pages: tuple[CitedPage, ...] = ()) -> Citation:
    return Citation(
        marker=marker,
        document="recht/Satzung 2.pdf",
        title="Satzung",
        span=Span(start=start, end=start + len(quote)),
        quote=quote,
        section=("Teil I", "§ 2 Ziele"),
        pages=pages,
        url="https://example.org/satzung",
        stand="2025-04-29",
        notice="Entwurf",
    )


def sentence(text: str, *markers: int, support: Support = Support.SUPPORTED) -> AnswerSentence:
    return AnswerSentence(text=text, citations=markers, support=support)


ROMAN = (CitedPage(number=3, label="iii"),)
ACROSS = (CitedPage(number=4, label="4"), CitedPage(number=5, label="5"))
CITATIONS = (
    citation(1, start=0, pages=ROMAN),
    citation(2, start=10, pages=ROMAN),
    citation(3, start=900, pages=ACROSS, quote="Über zwei Seiten."),
)
WHOLE = Answer(
    question=QUESTION,
    status=Status.PARTIAL,
    mode=Mode.GENERATIVE,
    text="Erstens. [1] [2] Zweitens. [3] Drittens.",
    confidence=0.61,
    sentences=(
        sentence("Erstens.", 1, 2),
        sentence("Zweitens.", 3, support=Support.VERBATIM),
        sentence("Drittens.", support=Support.UNSUPPORTED),
    ),
    citations=CITATIONS,
    note="Ein Satz wurde weggelassen.",
)


def answers(answer: Answer = WHOLE) -> Reply:
    """Say everything at once, framed as the server frames it."""

    def reply(request: Answering) -> None:
        request.head(200, "text/event-stream")
        request.tell(("status", {"stage": "found", "passages": 1}), ("done", wire.answer_json(answer)))

    return reply


def fails(status: int, body: str, kind: str = "application/json", **headers: str) -> Reply:
    def reply(request: Answering) -> None:
        request.head(status, kind, {name.replace("_", "-"): value for name, value in headers.items()})
        request.wfile.write(body.encode())

    return reply


def breaks_off(request: Answering) -> None:
    """Say one sentence and no more."""
    request.head(200, "text/event-stream")
    first = WHOLE.sentences[0]
    news = [wire.citation_json(one) for one in CITATIONS[:2]]
    request.tell(("sentence", {**wire.sentence_json(first), "new_citations": news}))


def hangs(site: Site) -> Reply:
    """Say one sentence, then nothing until the client goes away or the test ends."""

    def reply(request: Answering) -> None:
        breaks_off(request)
        site.stopped.wait(30)

    return reply


def test_an_answer_is_told_in_the_words_of_the_chat_page(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts.append(answers())
    visit = open_widget(faulty.url)
    visit.ask(QUESTION)

    expect(visit.reply.locator(".verdict")).to_have_text(f"◐ {verdict_in_words(WHOLE)}")
    expect(visit.reply.locator(".text")).to_have_text(
        "Erstens. [1][2]≈ belegt Zweitens. [3]✓ wörtlich Drittens. ✗ nicht belegt"
    )
    expect(visit.reply).to_contain_text("Ein Satz wurde weggelassen.")
    expect(visit.reply).to_contain_text("Hinweis zu allen Quellen: Entwurf")
    cards = visit.reply.get_by_role("listitem")
    places = by_place(CITATIONS)
    expect(cards).to_have_count(len(places))
    for number, citations in enumerate(places):
        first, card = citations[0], cards.nth(number)
        expect(card).to_contain_text(f"{first.section[-1]} · {pages_in_words(first.pages)}")
        expect(card).to_contain_text(f"Stand {date_in_words(first.stand)}")
        for one in citations:
            expect(card.locator("blockquote")).to_contain_text([f"„{one.quote}“" for one in citations])
        address = f"{faulty.url}{citation_address(citations)}"
        expect(card.get_by_role("link", name="Stelle im Dokument zeigen")).to_have_attribute("href", address)
        expect(card.get_by_role("link", name="Quelle im Netz öffnen")).to_have_attribute("href", first.url)


def test_quotes_of_one_section_stand_together_items_in_a_list_and_rows_in_a_table(
    open_widget: OpenWidget, faulty: Site
) -> None:
    kinds = (SentenceKind.PROSE, SentenceKind.ITEM, SentenceKind.ITEM, SentenceKind.ROW, SentenceKind.ROW)
    rows = ("Programm: LZP; Satz: zwei Drittel; Ab: 2024; Bis: 2027", "Programm: WEP; Satz: 30 %; Ab: 2025; Bis: 2028")
    quotes = ("Erstens:", "zwei,", "drei.", *rows)
    citations = tuple(
        replace(CITATIONS[0], marker=at, quote=quote, section=("Kosten",) if at > 3 else ("Ziele",))
        for at, quote in enumerate(quotes, 1)
    )
    sentences = tuple(
        replace(sentence(quote, at, support=Support.VERBATIM), kind=kind)
        for at, (quote, kind) in enumerate(zip(quotes, kinds, strict=True), 1)
    )
    faulty.posts.append(answers(replace(WHOLE, sentences=sentences, citations=citations)))
    visit = open_widget(faulty.url)
    visit.ask(QUESTION)

    expect(visit.reply.locator(".from")).to_have_text([re.compile("› Ziele, "), re.compile("› Kosten, ")])
    expect(visit.reply.locator(".text li")).to_have_text(["zwei, [2]✓ wörtlich", "drei. [3]✓ wörtlich"])
    table = visit.reply.get_by_role("group", name="Zeilen einer Tabelle")
    expect(table.get_by_role("columnheader")).to_have_text(["Programm", "Satz", "Ab", "Bis"])
    expect(table.get_by_role("cell")).to_have_text(
        ["LZP [4]✓ wörtlich", "zwei Drittel", "2024", "2027", "WEP [5]✓ wörtlich", "30 %", "2025", "2028"]
    )
    hint = visit.reply.get_by_text("Tabelle breiter als der Bildschirm")
    expect(hint).to_be_hidden()
    visit.page.set_viewport_size({"width": 320, "height": 640})
    expect(hint).to_be_visible()
    table.focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_function("element => element.scrollLeft > 0", arg=table.element_handle())
    expect(visit.reply.get_by_text("Alle Sätze stehen wörtlich in den Quellen")).to_be_visible()
    quote = visit.reply.locator("blockquote").last
    expect(quote).to_be_hidden()
    visit.reply.get_by_role("button", name="Quelle 5 zeigen").click()
    expect(quote).to_be_focused()
    expect(quote).to_contain_text(f"„{quotes[-1]}“")


def test_items_with_a_mark_of_their_own_get_no_second_one(open_widget: OpenWidget, faulty: Site) -> None:
    items = (
        "a) der Antrag", "(12) die Anlage", "iv) der Plan", "2.1 Ziele", "3. Über Maße", "IV. Übersicht", "b. Ämter",
        "– ein Strich", "§ 3 Kosten", "z. B. ein Plan", "5.000 Euro", "abc) nichts", "Der Antrag", "u. a. Pläne",
    )  # fmt: skip
    sentences = tuple(replace(sentence(item), kind=SentenceKind.ITEM) for item in items)
    faulty.posts.append(answers(replace(WHOLE, sentences=sentences, citations=())))
    visit = open_widget(faulty.url)
    visit.ask(QUESTION)

    shown = visit.reply.locator(".text li")
    marked = shown.evaluate_all("items => items.map(item => item.classList.contains('marked'))")
    assert dict(zip(items, marked, strict=True)) == {item: has_mark(item) for item in items}
    assert sorted(set(marked)) == [False, True]


def test_what_was_withdrawn_is_gone_and_sentences_come_one_by_one(open_widget: OpenWidget, faulty: Site) -> None:
    def reply(request: Answering) -> None:
        def rest() -> Generator[Event]:
            yield Withdrawn(note="Noch einmal.")
            yield SentenceReady(sentence=sentence("Gültig.", 1), citations=CITATIONS[:1])

        request.head(200, "text/event-stream")
        void = SentenceReady(sentence=sentence("Zurückgezogen.", 1), citations=CITATIONS[:1])
        for text in sse(void, rest()):
            request.wfile.write(text.encode())
        request.wfile.flush()
        faulty.stopped.wait(30)

    faulty.posts.append(reply)
    visit = open_widget(faulty.url)
    visit.send(QUESTION)

    expect(visit.reply.locator(".text")).to_have_text("Gültig. [1]≈ belegt")
    expect(visit.reply.get_by_role("listitem")).to_have_count(1)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (fails(503, '{"error": {"code": "busy", "message": "Zu viele Fragen."}}', Retry_After="1"), "Zu viele Fragen."),
        (fails(429, "", "text/plain", Retry_After="1"), "Gerade fragen zu viele auf einmal. Wartezeit: 1 s."),
        (fails(502, "<h1>Bad Gateway</h1>", "text/html"), "Beim Antworten ist ein Fehler aufgetreten."),
        (fails(500, '{"error": {"message": 7}}'), "Beim Antworten ist ein Fehler aufgetreten."),
        (fails(401, "no"), "Der Server hat die Frage nicht angenommen."),
        (fails(200, "<h1>Anmeldung</h1>", "text/html"), "Beim Antworten ist ein Fehler aufgetreten."),
        (fails(200, "event: done\ndata: {oops\n\n", "text/event-stream"), "Die Verbindung ist abgebrochen"),
        (fails(200, 'event: done\ndata: {"status": "answered"}\n\n', "text/event-stream"), "Beim Antworten"),
        (fails(200, 'event: error\ndata: {"message": "Modell aus."}\n\n', "text/event-stream"), "Modell aus."),
        (fails(200, "", "text/event-stream"), "Die Verbindung ist abgebrochen"),
        (breaks_off, "Die Verbindung ist abgebrochen; die Antwort ist unvollständig."),
    ],
)  # fmt: skip
def test_a_failure_is_told_in_german_and_can_be_retried(
    reply: Reply, told: str, open_widget: OpenWidget, faulty: Site
) -> None:
    faulty.posts += [answers(), reply, answers()]
    visit = open_widget(faulty.url)
    visit.ask(QUESTION)
    visit.ask_for_trouble("Und dann?")
    expect(visit.reply.locator(".error")).to_contain_text(told)
    expect(visit.announced).to_contain_text(told)
    expect(visit.widget.locator(".reply").first).to_contain_text("Erstens.")

    visit.button("Noch einmal versuchen").click()
    expect(visit.box).to_be_focused()
    visit.wait_for_answer(2)

    expect(visit.widget.locator(".exchange")).to_have_count(2)
    expect(visit.reply.locator(".error")).to_be_hidden()
    assert faulty.asked[1] == faulty.asked[2]
    assert [turn["question"] for turn in faulty.asked[2]["history"]] == [QUESTION]


@pytest.mark.parametrize("status", [403, 404, 413, 422])
def test_what_will_be_refused_again_is_not_offered_again(status: int, open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts.append(fails(status, ""))
    visit = open_widget(faulty.url)
    visit.ask_for_trouble(QUESTION)

    expect(visit.reply.locator(".error")).to_be_visible()
    expect(visit.button("Noch einmal versuchen")).to_have_count(0)


def hit(section: str, *, document: str = "satzung", start: int = 0) -> dict[str, object]:
    """What a search found, as the stream tells it."""
    return {"rank": 1, "document": document, "start": start, "end": start + 9, "score": 1.0, "pages": [3],
            "section": ["Satzung", section], "text": "Ein Satz."}  # fmt: skip


def test_a_suggestion_is_linked_only_where_its_place_is_certain(open_widget: OpenWidget, faulty: Site) -> None:
    found = [
        hit("Ziele", start=90),
        hit("Gebühren"),
        hit("Gebühren", document="ordnung"),
        hit("Kosten"),
        {**hit("Kosten", start=40), "section": ["Satzung", "Anhang", "Kosten"]},
    ]
    names = ("Satzung › Ziele", "Satzung › Gebühren", "Satzung › Kosten", "Satzung › Nebenziele")
    declined = replace(WHOLE, status=Status.DECLINED, sentences=(), citations=(), note="", suggestions=names)

    def reply(request: Answering) -> None:
        request.head(200, "text/event-stream")
        request.tell(("evidence", found), ("done", wire.answer_json(declined)))

    faulty.posts.append(reply)
    visit = open_widget(faulty.url)
    visit.ask(QUESTION)

    expect(visit.reply.get_by_role("listitem")).to_contain_text(list(names))
    links = visit.reply.get_by_role("listitem").get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", f"{faulty.url}/dokumente/satzung?seite=3&start=90&end=99")


def test_what_came_before_a_stream_broke_stays(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts.append(breaks_off)
    visit = open_widget(faulty.url)
    visit.ask_for_trouble(QUESTION)

    expect(visit.reply.locator(".text")).to_contain_text("Erstens.")
    expect(visit.reply.get_by_role("link", name="Stelle im Dokument zeigen")).to_be_visible()


def test_the_server_is_not_asked_again_before_the_time_it_named(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts += [fails(503, "{}", Retry_After="3600"), answers()]
    visit = open_widget(faulty.url)
    visit.ask_for_trouble(QUESTION)
    visit.button("Noch einmal versuchen").click()

    expect(visit.reply.locator(".progress")).to_contain_text("Der Server bittet um eine Pause.")
    visit.button("Anhalten").click()
    expect(visit.reply.locator(".error")).to_contain_text("Angehalten.")
    assert len(faulty.asked) == 1


def test_a_question_that_cannot_be_used_can_be_changed(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts += [fails(422, '{"error": {"message": "Die Frage ist zu lang."}}'), answers()]
    visit = open_widget(faulty.url)
    visit.ask_for_trouble("Zu lange Frage")
    expect(visit.reply).to_contain_text("Die Frage ist zu lang.")

    expect(visit.button("Noch einmal versuchen")).to_have_count(0)
    visit.button("Frage ändern").click()
    expect(visit.box).to_be_focused()
    expect(visit.box).to_have_value("Zu lange Frage")


def test_an_answer_can_be_stopped_and_asked_again(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts += [hangs(faulty), answers()]
    visit = open_widget(faulty.url)
    visit.send(QUESTION)
    expect(visit.reply.locator(".text")).to_contain_text("Erstens.")
    visit.send("Und danach?")
    expect(visit.reply).to_contain_text("Wird beantwortet, sobald die vorige Antwort fertig ist.")

    visit.button("Anhalten").click()
    expect(visit.widget.locator('[data-state="stopped"]')).to_have_count(2)
    expect(visit.box).to_be_focused()
    expect(visit.button("Anhalten")).to_be_hidden()
    expect(visit.widget.locator(".reply").first).to_contain_text("Erstens.")

    visit.button("Noch einmal versuchen").first.click()
    visit.wait_for_answer(1)


def test_a_new_conversation_forgets_a_question_at_work(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts += [hangs(faulty), answers()]
    visit = open_widget(faulty.url)
    visit.send(QUESTION)
    expect(visit.reply.locator(".text")).to_contain_text("Erstens.")
    visit.button("Neues Gespräch").click()
    visit.ask("Und jetzt?")

    expect(visit.widget.locator(".exchange")).to_have_count(1)
    assert faulty.asked[1]["history"] == []


def test_slow_and_silent_servers_are_named(open_widget: OpenWidget, faulty: Site) -> None:
    faulty.posts += [lambda request: faulty.stopped.wait(30) and None, answers()]
    visit = open_widget(faulty.url, clock=True)
    visit.send(QUESTION)
    expect(visit.reply).to_contain_text("Die Antwort wird gesucht")

    visit.page.clock.run_for(9_000)
    expect(visit.reply).to_contain_text("Das dauert länger als sonst.")
    visit.page.clock.run_for(90_000)
    expect(visit.reply).to_contain_text("Der Server hat zu lange nichts gesagt.")

    visit.button("Noch einmal versuchen").click()
    visit.wait_for_answer(1)


def test_a_long_conversation_fits_into_a_request(open_widget: OpenWidget, faulty: Site) -> None:
    long = "Ein sehr langer Satz über Gemeinden und Gebühren. " * 400
    faulty.posts.append(
        answers(Answer(question="", status=Status.DECLINED, mode=Mode.EXTRACTIVE, text=long, confidence=0))
    )
    visit = open_widget(faulty.url)
    for number in range(1, 7):
        visit.send(f"Frage {number}?")
        visit.wait_for_answer(number)

    assert [len(asked["history"]) for asked in faulty.asked] == [0, 1, 2, 2, 2, 2]
    assert faulty.asked[-1]["history"][-1]["question"] == "Frage 5?"


def test_a_server_that_stops_is_told_and_the_conversation_stays(
    open_widget: OpenWidget, small_index: Path, site: Site, tmp_path: Path
) -> None:
    with running_server(small_index, tmp_path, variables=environment(SERVER_EMBED=site.url)) as server:
        site.embed(server.url)
        site.be_strict(server.url)
        visit = open_widget(site.url)
        visit.ask(QUESTION)
        server.stop()
    visit.ask_for_trouble("Und danach?")

    expect(visit.reply).to_contain_text("Der Server ist gerade nicht erreichbar.")
    expect(visit.announced).to_contain_text("Der Server ist gerade nicht erreichbar.")
    expect(visit.widget.locator(".reply").first).to_contain_text("für Gemeinden kostenlos")
    port = int(server.url.rsplit(":", 1)[1])
    with running_server(small_index, tmp_path, variables=environment(SERVER_EMBED=site.url), port=port):
        visit.button("Noch einmal versuchen").click()
        visit.wait_for_answer(2)
