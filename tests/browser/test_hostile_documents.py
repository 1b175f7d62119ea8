"""Documents and questions that attack the page stay text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from browser_support import Open
from playwright.sync_api import expect
from ui_support import running_server

ATTACKS = [
    "<img src=http://evil.test/1.png onerror=alert(1)>",
    "![Bild](http://evil.test/2.png)",
    "<script>fetch('http://evil.test/3')</script>",
    '<form action="http://evil.test/4"><input></form>',
    "[Verweis](javascript:alert(5))",
    '<div style="position:fixed;inset:0">Maske</div>',
    "$$\\href{http://evil.test/6}{x}$$",
]


def test_hostile_texts_stay_texts(open_page: Open, build_index: Callable[[Path], Path], tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    attack = " ".join(ATTACKS)
    hostile = f"Der Hebesatz der Grundsteuer B beträgt 420 vom Hundert {attack}."
    line = {"id": attack, "title": attack, "text": hostile, "url": "javascript:alert(7)", "stand": attack}
    (corpus / "documents.jsonl").write_text(json.dumps(line), encoding="utf-8")

    with running_server(build_index(corpus), tmp_path) as server:
        visit = open_page(server.url)
        dialogs: list[str] = []
        visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        visit.ask("Wie hoch ist der Hebesatz der Grundsteuer B?")
        visit.ask(attack)

        expect(visit.page.locator("#fs-conversation")).to_contain_text("onerror=alert(1)")
        assert visit.page.locator("#fs-conversation :is(img, script, form, iframe, math, .katex)").count() == 0
        assert visit.page.locator('a[href^="javascript:"]').count() == 0
        assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(server.url).netloc}
        assert dialogs == []
