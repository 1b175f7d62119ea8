"""``docs/measures.md`` names every measure, and every measure has a German and an English title."""

from __future__ import annotations

import re
from pathlib import Path

from eval.measures.catalogue import all_measures
from eval.measures.citations import verbatim_quotes
from eval.summary import measure_title

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "measures.md"


def test_every_measure_is_defined() -> None:
    words = set(re.findall(r"`([^`]+)`", DOCUMENT.read_text("utf-8")))
    words |= {f"recall{word}" for word in words if word.startswith("@")}

    assert set(all_measures()) <= words


def test_every_measure_has_its_titles() -> None:
    assert verbatim_quotes.__name__ in all_measures()
    for name in all_measures():
        assert measure_title(name)
        assert measure_title(name, "en")


def test_the_protected_measures_are_named() -> None:
    text = DOCUMENT.read_text("utf-8")
    paragraph = " ".join(text[text.index("Protected are") :].split("\n\n")[0].split())

    assert set(re.findall(r"`([^`]+)`", paragraph)) == {m.name for m in all_measures().values() if m.protected}
