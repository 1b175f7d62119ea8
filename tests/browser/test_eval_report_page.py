"""The evaluation report in a real browser: light and dark, at 200 % zoom and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_support import AXE
from eval_support import synthetic
from playwright.sync_api import Browser, Page

from eval.report.write import write_report

SIZES = {"desktop": (1280, 900), "zoom 200 %": (640, 450), "phone": (320, 640)}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with every panel."""
    pytest.importorskip("matplotlib", reason="the extra eval brings matplotlib")
    runs = [
        synthetic(60, 0.85, "product"),
        synthetic(60, 0.6, "bm25"),
        synthetic(60, 0.7, "product", "typos"),
    ]
    return write_report(runs, tmp_path_factory.mktemp("report"))


def violations(page: Page, html: str) -> list[str]:
    """What axe finds over all its rules, with everything unfolded."""
    # axe is a script, and the page's policy rightly allows none.
    page.set_content(html.replace('http-equiv="Content-Security-Policy"', 'name="policy"'))
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']][:3]}" for rule in found["violations"]]


@pytest.mark.parametrize(("scheme", "size"), [("light", "desktop"), ("dark", "zoom 200 %"), ("light", "phone")])
def test_the_report_is_readable_everywhere(chromium: Browser, report: Path, scheme: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(report.as_uri())

    assert requests == [report.as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page, report.read_text("utf-8")) == []
    context.close()


def test_tables_unfold_by_keyboard(chromium: Browser, report: Path) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(report.as_uri())
    summary = page.locator("#recall summary")
    summary.focus()
    page.keyboard.press("Enter")

    assert page.locator("#recall table").is_visible()
    context.close()
