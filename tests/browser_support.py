"""The chat page in a real browser, for tests."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import FrameLocator, Page

# The flags after the first two keep Chromium itself from looking for hosts of its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "small phone": {"viewport": {"width": 320, "height": 640}},
    "zoom 200 %": {"viewport": {"width": 640, "height": 400}},
    "zoom 400 %": {"viewport": {"width": 320, "height": 256}, "color_scheme": "dark"},
}
"""Ways to look at a page, as options of a browser."""

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


@dataclass(kw_only=True)
class Visit:
    """The chat page, open in a browser."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question, send it with Enter and wait for the whole answer."""
        shown = self.page.locator(".fs-exchange").count()
        self.page.locator("#fs-box textarea").fill(question)
        self.page.keyboard.press("Enter")
        self.wait_for_answer(shown + 1)

    def wait_for_answer(self, number: int = 1) -> None:
        """Wait until this many questions were answered."""
        self.page.locator(f'.fs-exchange[data-number="{number}"][data-state="done"]').wait_for()

    @property
    def beside(self) -> FrameLocator:
        """The page viewer beside the chat."""
        return self.page.frame_locator("#fs-beside iframe")

    def violations(self) -> list[str]:
        """What axe finds wrong, over all its rules."""
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run(document)")
        return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found["violations"]]

    def faults(self, state: str, look: str = "light") -> list[str]:
        """What axe finds wrong, over all its rules, and whether the page scrolls sideways."""
        self.photograph(state, look)
        found = self.violations()
        if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append("scrolls sideways")
        return found

    def photograph(self, state: str, look: str = "light") -> None:
        """With the environment variable ``SCREENSHOTS``, write a picture of ``state`` into the folder it names."""
        if folder := os.environ.get("SCREENSHOTS"):
            name = re.sub(r"[^a-z0-9]+", "-", f"{state} {look}".lower()).strip("-")
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page="phone" not in look)


Open = Callable[..., Visit]
