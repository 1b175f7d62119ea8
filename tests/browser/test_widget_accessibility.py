"""The widget for people who do not see, point or read small print."""

from __future__ import annotations

import pytest
from browser_support import LOOKS
from playwright.sync_api import expect
from widget_support import Embedding, Site
from widget_visit import OpenWidget

QUESTION = "Was kostet die Beratung durch die Musterstelle?"
UNKNOWN = "Wie backe ich ein Brot aus Roggenmehl?"


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    look: str, open_widget: OpenWidget, embedding: Embedding
) -> None:
    # The strict policy, rightly, lets no axe in.
    visit = open_widget(embedding.site.url, bypass_csp=True, **LOOKS[look])
    visit.send(" ")
    assert visit.faults("widget start", look) == []

    visit.ask(QUESTION)
    visit.ask(UNKNOWN)
    visit.ask("Welche Temperatur herrscht in der Musterstelle & im Konzept?")
    visit.page.context.set_offline(True)
    visit.ask_for_trouble(QUESTION)
    assert visit.faults("widget answers", look) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_pages_around_it(look: str, open_widget: OpenWidget, embedding: Embedding) -> None:
    for path in ("/embed", "/einbetten"):
        visit = open_widget(embedding.server.url + path, bypass_csp=True, **LOOKS[look])
        visit.page.wait_for_load_state("networkidle")
        assert visit.faults(f"widget {path}", look) == []


def test_everything_can_be_done_by_keyboard_alone(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    expect(visit.box).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    visit.wait_for_answer()
    expect(visit.box).to_be_focused()

    keyboard.press("Shift+Tab")
    assert visit.focused() == "reply"
    keyboard.press("Tab")
    assert visit.focused() == "mark"
    keyboard.press("Enter")
    assert visit.focused() == "quote"
    keyboard.press("Tab")
    assert visit.focused() == "link"
    with visit.page.context.expect_page() as opened:
        keyboard.press("Enter")
    opened.value.close()

    for name in ("Fragen", "Neues Gespräch"):
        visit.box.focus()
        while (
            visit.page.evaluate("document.querySelector('fundstelle-chat').shadowRoot.activeElement.textContent")
            != name
        ):
            keyboard.press("Tab")
    keyboard.press("Space")
    expect(visit.box).to_be_focused()
    expect(visit.widget.locator(".exchange")).to_have_count(0)


def test_every_control_has_a_german_name(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    visit.ask(QUESTION)

    nodes = visit.page.context.new_cdp_session(visit.page).send("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in nodes if not node.get("ignored")]
    named = {(node.get("role", {}).get("value"), node.get("name", {}).get("value", "")) for node in shown}
    assert {
        ("region", "Fragen an das Bauamt"),
        ("note", "Hinweis zum KI-System"),
        ("log", "Gespräch"),
        ("textbox", "Ihre Frage"),
        ("button", "Fragen"),
        ("button", "Neues Gespräch"),
        ("button", "Quelle 1 zeigen"),
        ("link", "Stelle im Dokument zeigen (zu Quelle 1, neuer Tab)"),
    } <= named
    assert not {(role, name) for role, name in named if role in ("button", "textbox", "link") and not name.strip()}
    assert visit.widget.locator(".root").get_attribute("lang") == "de"


def test_the_finished_answer_is_announced_once(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    visit.page.evaluate(
        """() => {
            window.said = [];
            const live = document.querySelector('fundstelle-chat').shadowRoot.querySelector('[role=status]');
            new MutationObserver(() => window.said.push(live.textContent)).observe(live, {childList: true});
        }"""
    )
    visit.ask(QUESTION)
    visit.ask(UNKNOWN)

    answer = visit.widget.locator(".exchange").first.locator(".text bdi").all_inner_texts()
    count = visit.widget.locator(".exchange").first.locator("blockquote").count()
    sources = "einer Quelle" if count == 1 else f"{count} Quellen"
    assert visit.page.evaluate("window.said") == [
        "Die Antwort wird gesucht …",
        f"Beantwortet. {' '.join(answer)} Mit {sources}.",
        "Die Antwort wird gesucht …",
        "Nicht beantwortet. Dazu steht in den vorliegenden Dokumenten nichts, was die Frage beantwortet.",
    ]
    assert visit.widget.get_by_role("log").get_attribute("aria-live") == "off"


def test_the_focus_can_be_seen(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url, viewport={"width": 640, "height": 400}, reduced_motion="reduce")
    visit.ask(QUESTION)
    focused = "const element = document.activeElement.shadowRoot.activeElement;"
    outline = f"(() => {{ {focused} const s = getComputedStyle(element); return [s.outlineStyle, s.outlineWidth]; }})()"
    uncovered = (
        f"(() => {{ {focused} const {{left, right, top, bottom}} = element.getBoundingClientRect();"
        " const root = document.activeElement.shadowRoot;"
        " return element.contains(root.elementFromPoint((left + right) / 2, (top + bottom) / 2)); })()"
    )
    visit.button("Quelle 1 zeigen").focus()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Shift+Tab")
    while visit.page.evaluate("document.activeElement.tagName") == "FUNDSTELLE-CHAT":
        assert visit.page.evaluate(outline) == ["solid", "3px"]
        assert visit.page.evaluate(uncovered)
        visit.page.keyboard.press("Tab")


def test_question_and_box_stay_in_sight(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url, viewport={"width": 640, "height": 400})
    visit.ask(QUESTION)

    expect(visit.box).to_be_in_viewport(ratio=1)
    expect(visit.widget.locator(".question")).to_be_in_viewport()

    visit.page.context.set_offline(True)
    visit.ask_for_trouble(UNKNOWN)
    expect(visit.reply.locator(".error")).to_be_in_viewport(ratio=1)


def test_the_notice_is_not_covered_where_little_of_the_widget_is_in_sight(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    visit = open_widget(embedding.site.url, viewport={"width": 320, "height": 400})
    notice = visit.widget.get_by_role("note").bounding_box()
    form = visit.widget.locator(".form").bounding_box()

    assert notice is not None
    assert form is not None
    assert notice["y"] + notice["height"] <= form["y"]


def test_a_dark_device_does_not_darken_the_widget_of_a_light_page(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    site: Site = embedding.site
    paper = (
        "getComputedStyle(document.querySelector('fundstelle-chat').shadowRoot.querySelector('.root')).backgroundColor"
    )
    light, dark = "rgb(246, 245, 241)", "rgb(18, 24, 28)"
    for scheme, theme, expected in (
        ("only light", "", light), ("light dark", "", dark), ("only light", 'theme="dark"', dark),
        ("light dark", 'theme="light"', light), ("only light", 'theme="auto"', dark),
    ):  # fmt: skip
        site.embed(embedding.server.url, attributes=theme)
        site.pages["/"] = site.pages["/"].replace('content="light dark"', f'content="{scheme}"')
        assert open_widget(site.url, color_scheme="dark").page.evaluate(paper) == expected


def test_nothing_moves(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url, viewport={"width": 320, "height": 400})
    visit.page.evaluate("document.documentElement.style.scrollBehavior = 'smooth'")
    visit.ask(QUESTION)
    visit.button("Quelle 1 zeigen").click()

    assert visit.page.evaluate("document.getAnimations().length") == 0
    assert (
        visit.page.evaluate(
            """async () => {
            const before = scrollY;
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            return scrollY - before;
        }"""
        )
        == 0
    )
