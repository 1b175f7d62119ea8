"""A page with the widget in a real browser, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from browser_support import Visit
from playwright.sync_api import Locator


@dataclass(kw_only=True)
class WidgetVisit(Visit):
    """A page with the widget, open in a browser."""

    @property
    def widget(self) -> Locator:
        """The element."""
        return self.page.locator("fundstelle-chat")

    @property
    def box(self) -> Locator:
        """Where one asks."""
        return self.widget.get_by_role("textbox")

    @property
    def reply(self) -> Locator:
        """The latest reply."""
        return self.widget.locator(".exchange").last.locator(".reply")

    @property
    def announced(self) -> Locator:
        """What a screen reader was told last."""
        return self.widget.get_by_role("status")

    def button(self, name: str) -> Locator:
        """A button of the widget."""
        return self.widget.get_by_role("button", name=name, exact=True)

    def send(self, question: str) -> None:
        """Type a question and send it with Enter."""
        self.box.fill(question)
        self.box.press("Enter")

    def ask(self, question: str) -> None:
        """Send a question and wait for what comes of it."""
        shown = self.widget.locator(".exchange").count()
        self.send(question)
        self.wait_for_answer(shown + 1)

    def ask_for_trouble(self, question: str) -> None:
        """Send a question and wait for its failure."""
        shown = self.widget.locator(".exchange").count()
        self.send(question)
        self.wait_for_answer(shown + 1, state="failed")

    def wait_for_answer(self, number: int = 1, state: str = "done") -> None:
        """Wait until this many questions came to their end."""
        self.widget.locator(".exchange").nth(number - 1).and_(
            self.page.locator(f'.exchange[data-state="{state}"]')
        ).wait_for()

    def focused(self) -> str:
        """What has the focus: class or part, inside of the widget if it is there."""
        found = self.page.evaluate(
            "(element => { while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;"
            " return element.className || element.getAttribute('part') || element.tagName; })(document.activeElement)"
        )
        return str(found)


OpenWidget = Callable[..., WidgetVisit]
