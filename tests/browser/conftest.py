"""A real browser. Its pages record every request, console message and error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_support import FLAGS, Open, Visit
from playwright.sync_api import Browser, sync_playwright
from ui_support import Server, environment, running_server
from widget_visit import OpenWidget, WidgetVisit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def feedback_server(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes feedback, into ``feedback.jsonl`` beside its log."""
    folder = tmp_path_factory.mktemp("feedback-server")
    variables = environment(
        FEEDBACK_FILE=str(folder / "feedback.jsonl"),
        OPERATOR_NAME="Stadt Musterstadt",
        OPERATOR_MAIL="amt@stadt.example",
    )
    with running_server(small_index, folder, variables=variables) as running:
        yield running


@pytest.fixture
def open_page(chromium: Browser, server: Server) -> Iterator[Open]:
    """Open the chat page: ``open_page(color_scheme="dark", viewport=…)``, in an English browser."""
    contexts = []

    def open_one(url: str = server.url, **options: Any) -> Visit:
        context = chromium.new_context(locale="en-US", **options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        visit = Visit(page=context.new_page())
        record(visit)
        visit.page.goto(url)
        visit.page.locator("#fs-box textarea").wait_for()
        return visit

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_widget(chromium: Browser) -> Iterator[OpenWidget]:
    """Open a page that shows the widget: ``open_widget(url, color_scheme="dark", …)``, in an English browser.

    With ``clock=True`` its time stands under the test's control.
    """
    contexts = []

    def open_one(url: str, *, clock: bool = False, **options: Any) -> WidgetVisit:
        context = chromium.new_context(locale="en-US", **options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        visit = WidgetVisit(page=context.new_page())
        record(visit)
        if clock:
            visit.page.clock.install()
        visit.page.goto(url)
        visit.box.wait_for()
        return visit

    yield open_one
    for context in contexts:
        context.close()


def record(visit: Visit) -> None:
    """Write down every request of a page and everything it complains about."""
    page = visit.page
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
