"""The choice among many documents: groups and filter."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from browser_support import Open
from playwright.sync_api import expect
from ui_support import running_server


def test_many_documents_are_picked_by_group_and_found_by_a_filter(
    open_page: Open, build_index: Callable[[Path], Path], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines = [
        {"id": f"d{number}", "title": f"Satzung {number}", "kind": "faq" if number % 2 else "document", "text": text}
        for number in range(14)
        for text in (f"Die Gebühr Nummer {number} beträgt {number} Euro.",)
    ]
    (corpus / "documents.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    with running_server(build_index(corpus), tmp_path) as server:
        page = open_page(server.url).page
        page.locator(".fs-scope summary").click()
        group = page.get_by_role("group", name="FAQ nach Themen")
        group.get_by_role("checkbox", name="Alle 7 auswählen").check()
        expect(page.locator(".fs-scope-told")).to_have_text("7 ausgewählte Dokumente")

        group.get_by_role("checkbox", name="Satzung 13").uncheck()
        whole = group.get_by_role("checkbox", name="Alle 7 auswählen")
        assert whole.evaluate("(box) => box.indeterminate")

        page.get_by_label("Dokumente filtern").fill("satz 12")
        expect(page.locator('.fs-scope input[name="document"]:visible')).to_have_count(1)
        expect(group).to_be_hidden()
        page.get_by_label("Dokumente filtern").fill("gibt es nicht")
        expect(page.locator(".fs-scope-none")).to_have_text("Kein Dokument passt zu diesem Filter.")
