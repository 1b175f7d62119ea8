"""The widget as people use it, on a page of another site under the strictest policy."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect
from widget_support import CONTACT, Embedding, Site
from widget_visit import OpenWidget

QUESTION = "Was kostet die Beratung durch die Musterstelle?"
UNKNOWN = "Wie backe ich ein Brot aus Roggenmehl?"


def test_the_widget_says_that_an_ai_answers_before_anything_is_asked(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    visit = open_widget(embedding.site.url)

    expect(visit.widget.get_by_role("heading", name="Fragen an das Bauamt", level=2)).to_be_visible()
    notice = visit.widget.get_by_role("note", name="Hinweis zum KI-System")
    expect(notice).to_contain_text("Hier antwortet ein KI-System")
    expect(notice).to_be_in_viewport()
    expect(visit.widget.get_by_role("link", name="Zum Assistenten")).to_be_hidden()


def test_a_question_gets_an_answer_with_marks_verdicts_and_full_citations(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    visit = open_widget(embedding.site.url)
    visit.ask(QUESTION)

    expect(visit.reply.locator(".verdict")).to_contain_text(
        "✓ Beantwortet · wörtlich aus den Quellen · Verlässlichkeit"
    )
    expect(visit.reply.locator(".text")).to_contain_text("für Gemeinden kostenlos. [1]✓ wörtlich")
    card = visit.reply.get_by_role("listitem").first
    expect(card).to_contain_text("Fragen zur Musterstelle")
    expect(card).to_contain_text("Was kostet die Beratung durch die Musterstelle?")
    expect(card).to_contain_text("„Die Beratung durch die Musterstelle ist für Gemeinden kostenlos.“")
    expect(card).to_contain_text("Stand 05/2024")
    assert visit.complaints == []


def test_a_mark_leads_to_its_quote_and_the_card_to_its_place_in_the_document(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    visit = open_widget(embedding.site.url)
    visit.ask("Wer beschließt das Entwicklungskonzept?")
    visit.button("Quelle 1 zeigen").click()
    expect(visit.reply.locator("blockquote").first).to_be_focused()

    with visit.page.context.expect_page() as opened:
        visit.reply.get_by_role("link", name="Stelle im Dokument zeigen").first.click()

    assert opened.value.url.startswith(f"{embedding.server.url}/dokumente/leitfaden.md?")
    expect(opened.value.locator("mark").first).to_contain_text("vom Gemeinderat beschlossen")
    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]


def test_a_declined_question_shows_the_nearest_places(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    visit.ask(UNKNOWN)
    expect(visit.reply.locator(".verdict")).to_have_text("– Nicht beantwortet")
    expect(visit.reply).to_contain_text("Der Assistent kennt nur die eingelesenen Dokumente.")
    expect(visit.reply.get_by_role("link")).to_have_attribute("href", f"mailto:{CONTACT.mail}")
    expect(visit.reply.get_by_role("list")).to_have_count(0)

    visit.ask("Welche Temperatur herrscht in der Musterstelle & im Konzept?")
    expect(visit.reply.locator(".verdict")).to_have_text("– Nicht beantwortet")
    expect(visit.reply).to_contain_text(f"Weiter hilft: {CONTACT.name}")
    expect(visit.reply.locator(".text")).to_contain_text("Dazu steht in den vorliegenden Dokumenten nichts")
    expect(visit.reply.get_by_role("heading", name="Am nächsten liegen diese Stellen")).to_be_visible()
    place = visit.reply.get_by_role("listitem").first
    expect(place).to_be_visible()

    with visit.page.context.expect_page() as opened:
        place.get_by_role("link").click()
    expect(opened.value.get_by_role("main")).to_contain_text(place.inner_text().split(" › ")[0])
    expect(opened.value.locator("mark").first).to_be_visible()


def test_what_is_no_question_is_told_in_place(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    visit.send(" ? ")

    expect(visit.widget.get_by_role("alert")).to_have_text("Bitte geben Sie eine Frage ein.")
    expect(visit.box).to_have_value(" ? ")
    expect(visit.box).to_be_focused()
    visit.ask(QUESTION)
    expect(visit.widget.get_by_role("alert")).to_have_count(0)
    expect(visit.widget.locator(".exchange")).to_have_count(1)


def test_a_question_that_is_too_long_is_told_and_can_be_changed(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    question = "Was? " * 700
    visit.ask_for_trouble(question)

    expect(visit.reply).to_contain_text("erlaubt sind höchstens 2000")
    visit.button("Frage ändern").click()
    expect(visit.box).to_have_value(question.strip())


def test_a_conversation_goes_on_and_can_be_begun_anew(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    asked = []
    visit.page.on("request", lambda request: asked.append(request.post_data_json) if request.post_data else None)
    visit.ask(QUESTION)
    visit.ask("Und wo sitzt sie?")
    history = asked[1]["history"]
    assert [turn["question"] for turn in history] == [QUESTION]
    assert "für Gemeinden kostenlos" in history[0]["answer"]
    expect(visit.reply).to_contain_text(f"Verstanden als: „{QUESTION} Und wo sitzt sie?“")

    visit.button("Neues Gespräch").click()
    expect(visit.widget.locator(".exchange")).to_have_count(0)
    expect(visit.box).to_be_focused()
    expect(visit.button("Neues Gespräch")).to_be_hidden()

    visit.ask(QUESTION)
    assert asked[2]["history"] == []


def test_only_the_named_documents_are_asked(open_widget: OpenWidget, embedding: Embedding) -> None:
    for attributes in ("documents='leitfaden.md, haushalt'", """documents='["leitfaden.md","haushalt"]'"""):
        embedding.site.embed(embedding.server.url, attributes=attributes)
        visit = open_widget(embedding.site.url)
        visit.ask(QUESTION)

        expect(visit.widget).not_to_contain_text("für Gemeinden kostenlos")

    embedding.site.embed(embedding.server.url, attributes='documents="fehlt"')
    visit = open_widget(embedding.site.url)
    visit.send(QUESTION)
    expect(visit.reply).to_contain_text("Ein Dokument, aus dem hier geantwortet werden soll, gibt es nicht (mehr).")


def test_questions_sent_while_an_answer_comes_are_asked_one_after_the_other(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    visit = open_widget(embedding.site.url)
    for question in (QUESTION, "Wo sitzt die Musterstelle?", UNKNOWN):
        visit.send(question)
        expect(visit.box).to_have_value("")
    visit.wait_for_answer(3)

    expect(visit.widget.locator(".question")).to_have_count(3)
    expect(visit.reply).to_contain_text("Nicht beantwortet")


def test_a_blank_question_asks_nothing_and_a_line_can_be_broken(open_widget: OpenWidget, embedding: Embedding) -> None:
    visit = open_widget(embedding.site.url)
    visit.send("   ")
    expect(visit.widget.locator(".exchange")).to_have_count(0)

    visit.box.fill("Was kostet")
    visit.box.press("Shift+Enter")
    visit.box.press_sequentially("die Beratung?")
    expect(visit.box).to_have_value("Was kostet\ndie Beratung?")


def test_the_page_may_say_it_in_its_own_words(open_widget: OpenWidget, embedding: Embedding) -> None:
    words = '<script type="application/json">{"ask": "Los", "notice": " ", "label": 7, "heading": "Unsere KI"}</script>'
    embedding.site.embed(embedding.server.url, inside=words, attributes='heading-level="4"')
    visit = open_widget(embedding.site.url)

    expect(visit.button("Los")).to_be_visible()
    expect(visit.widget.get_by_role("heading", name="Unsere KI", level=4)).to_be_visible()
    expect(visit.widget.get_by_role("note")).to_contain_text("Hier antwortet ein KI-System")
    expect(visit.widget.get_by_label("Ihre Frage")).to_be_visible()

    visit.page.evaluate("document.querySelector('fundstelle-chat').texts = {placeholder: 'Nur zu!'}")
    expect(visit.widget.get_by_placeholder("Nur zu!")).to_be_visible()
    expect(visit.button("Fragen")).to_be_visible()
    assert visit.complaints == []


def test_words_set_before_the_widget_has_loaded_count(open_widget: OpenWidget, embedding: Embedding) -> None:
    site = embedding.site
    site.headers.clear()
    site.embed(embedding.server.url)
    early = "<script>document.querySelector('fundstelle-chat').texts = {ask: 'Los'}</script>"
    site.pages["/"] = site.pages["/"].replace("</main>", f"</main>{early}")

    expect(open_widget(site.url).button("Los")).to_be_visible()


def test_a_page_without_scripts_has_a_link(chromium: Browser, embedding: Embedding) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(embedding.site.url)

    expect(page.get_by_role("link", name="Zum Assistenten")).to_be_visible()
    context.close()


def test_the_widget_survives_being_moved_and_named_twice(open_widget: OpenWidget, embedding: Embedding) -> None:
    site = embedding.site
    site.pages["/"] = site.pages["/"].replace(
        "</body>", f'<script src="{embedding.server.url}/widget.js" defer></script></body>'
    )
    visit = open_widget(site.url)
    visit.ask(QUESTION)
    visit.page.evaluate("document.body.append(document.querySelector('fundstelle-chat'))")

    expect(visit.reply).to_contain_text("für Gemeinden kostenlos")
    visit.ask("Wo sitzt die Musterstelle?")
    assert visit.complaints == []


def test_only_the_page_and_the_server_are_asked_and_nothing_is_kept(
    open_widget: OpenWidget, embedding: Embedding
) -> None:
    visit = open_widget(embedding.site.url)
    cookies: list[str] = []
    visit.page.on("request", lambda request: cookies.append(request.headers.get("cookie", "")))
    visit.ask(QUESTION)
    visit.ask(UNKNOWN)

    assert {urlsplit(url).netloc for url in visit.requests} == {
        urlsplit(url).netloc for url in (embedding.site.url, embedding.server.url)
    }
    paths = {urlsplit(url).path for url in visit.requests if url.startswith(embedding.server.url)}
    assert paths == {"/widget.js", "/api/ask/stream"}
    assert set(cookies) == {""}
    assert visit.page.context.cookies() == []
    assert visit.page.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
    assert visit.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_site_that_is_not_allowed_is_told_in_german(
    open_widget: OpenWidget, embedding: Embedding, site: Site
) -> None:
    site.embed(embedding.server.url)
    site.be_strict(embedding.server.url)
    visit = open_widget(site.url)
    visit.send(QUESTION)

    expect(visit.reply).to_contain_text("Diese Website ist für den Assistenten nicht freigegeben.")
    expect(visit.announced).to_contain_text("nicht freigegeben")
    expect(visit.button("Noch einmal versuchen")).to_be_visible()  # a proxy that fails looks the same
    assert "kostenlos" not in visit.widget.inner_text()


def test_a_policy_that_forbids_the_connection_is_named(open_widget: OpenWidget, embedding: Embedding) -> None:
    policy = embedding.site.headers["Content-Security-Policy"]
    embedding.site.headers["Content-Security-Policy"] = policy.replace("connect-src", "img-src")
    visit = open_widget(embedding.site.url)
    visit.send(QUESTION)

    expect(visit.reply).to_contain_text("Die Sicherheitsregeln dieser Website lassen keine Verbindung")
    expect(visit.button("Noch einmal versuchen")).to_have_count(0)


def test_the_frame_shows_the_same_and_only_on_allowed_sites(open_widget: OpenWidget, embedding: Embedding) -> None:
    site, server = embedding.site, embedding.server.url
    site.headers["Content-Security-Policy"] = f"default-src 'none'; frame-src {server}"
    site.pages["/frame"] = (
        f'<!doctype html><title>F</title><iframe src="{server}/embed?heading=KI" title="KI"></iframe>'
    )
    visit = open_widget(f"{server}/embed?heading=KI&theme=dark")
    visit.ask(QUESTION)
    expect(visit.reply).to_contain_text("für Gemeinden kostenlos")
    assert visit.complaints == []

    visit.page.goto(f"{site.url}/frame")
    frame = visit.page.frame_locator("iframe")
    frame.get_by_label("Ihre Frage").fill(QUESTION)
    frame.get_by_role("button", name="Fragen", exact=True).click()
    expect(frame.locator(".reply")).to_contain_text("für Gemeinden kostenlos")

    visit.page.goto(f"{site.url.replace('localhost', '127.0.0.1')}/frame")
    expect(visit.page.frame_locator("iframe").get_by_label("Ihre Frage")).to_have_count(0)


def test_the_page_for_embedders_gives_the_lines_to_copy(open_widget: OpenWidget, embedding: Embedding) -> None:
    server = embedding.server.url
    visit = open_widget(f"{server}/einbetten", permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    page.get_by_label("Überschrift").fill('Bau & "Amt"')
    page.get_by_label("Musterleitfaden").check()
    page.get_by_label("Haushaltssatzung").check()
    page.get_by_label("Darstellung").select_option("dunkel")

    expect(visit.widget.get_by_role("heading", name='Bau & "Amt"')).to_be_visible()
    lines = page.locator("#fs-element")
    expect(lines).to_contain_text(f'<script src="{server}/widget.js" defer></script>')
    expect(lines).to_contain_text(
        '<fundstelle-chat heading="Bau &amp; &quot;Amt&quot;" documents="haushalt,leitfaden.md" theme="dark">'
    )
    expect(page.locator("#fs-element-policy")).to_have_text(f"script-src {server}; connect-src {server}")
    expect(page.frame_locator("iframe").get_by_role("heading", name='Bau & "Amt"', level=1)).to_be_visible()

    page.get_by_role("button", name="Kopieren").first.click()
    expect(page.locator("#fs-told")).to_have_text("Kopiert.")
    embedding.site.pages["/"] = str(page.evaluate("navigator.clipboard.readText()"))
    assert visit.complaints == []

    copied = open_widget(embedding.site.url)
    with copied.page.expect_request("**/api/ask/stream") as asked:
        copied.ask("Wer beschließt das Entwicklungskonzept?")
    assert asked.value.post_data_json["documents"] == ["haushalt", "leitfaden.md"]
    expect(copied.reply).to_contain_text("Musterleitfaden")
