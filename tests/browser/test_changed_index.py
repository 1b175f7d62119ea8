"""The chat page while its index changes or fails: said in German, in place, and nothing on screen is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from browser_support import Open
from playwright.sync_api import expect
from ui_support import running_server

QUESTION = "Wer beschließt das Konzept?"
GUIDE = "# Konzept\n\nDas Konzept wird vom Gemeinderat beschlossen. Es gilt fünf Jahre.\n"
RULES = "# Ordnung\n\nDie Sitzungen des Gemeinderats sind öffentlich. Der Bürgermeister leitet sie.\n"


def test_a_document_that_is_gone_is_said_to_be_gone(
    open_page: Open, build_index: Callable[[Path], Path], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "konzept.md").write_text(GUIDE, encoding="utf-8")
    (corpus / "ordnung.md").write_text(RULES, encoding="utf-8")
    with running_server(build_index(corpus), tmp_path) as server:
        visit = open_page(server.url)
        visit.page.locator(".fs-scope summary").click()
        visit.page.get_by_role("checkbox", name="Konzept").check()
        visit.ask(QUESTION)
        (corpus / "konzept.md").unlink()
        build_index(corpus)

        visit.page.get_by_role("link", name="Stelle im Dokument zeigen").first.click()
        expect(visit.beside.get_by_role("main")).to_contain_text("gibt es nicht (mehr)")

        visit.ask("Wie lange gilt das Konzept?")
        expect(visit.page.locator(".fs-error")).to_contain_text("Dokument des Suchbereichs gibt es nicht mehr")
        assert visit.faults("chat document gone") == []
        expect(visit.page.get_by_role("button", name="Noch einmal fragen")).to_be_visible()
        expect(visit.page.locator(".fs-exchange").first).to_contain_text("vom Gemeinderat beschlossen")

        visit.page.get_by_role("button", name="In allen Dokumenten fragen").click()
        expect(visit.page.locator(".fs-error")).to_have_count(0)
        expect(visit.page.locator(".fs-exchange")).to_have_count(2)


def test_an_index_that_fails_is_told_without_the_servers_folders(
    open_page: Open, build_index: Callable[[Path], Path], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "konzept.md").write_text(GUIDE, encoding="utf-8")
    index = build_index(corpus)
    with running_server(index, tmp_path) as server:
        visit = open_page(server.url)
        visit.ask(QUESTION)
        aside = index.rename(tmp_path / "aside")
        visit.ask("Wie lange gilt das Konzept?")
        error = visit.page.locator(".fs-error")
        expect(error).to_contain_text("Bitte wenden Sie sich an den Betrieb.")
        expect(error).not_to_contain_text(str(tmp_path))
        assert visit.faults("chat index fails") == []

        aside.rename(index)
        visit.page.get_by_role("button", name="Noch einmal fragen").click()
        expect(visit.page.locator(".fs-verdict")).to_have_count(2)
        expect(visit.page.locator(".fs-exchange")).to_have_count(2)
