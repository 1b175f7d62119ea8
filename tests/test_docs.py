"""What the documentation names must exist, and what exists must be named."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.settings import setting_names, variable_name
from ui.cli import COMMANDS, GROUPS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    for name in setting_names():
        assert f"`{name}`" in text
        assert f"`{variable_name(name)}`" in text


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    documented = re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)

    assert set(documented) == set(setting_names())


def test_every_command_is_in_the_contract() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")

    for name in [*COMMANDS, *GROUPS, "eval"]:
        assert f"fundstelle {name}" in text


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^fundstelle [a-z].*$", README, re.MULTILINE))))
def test_every_command_of_the_readme_is_understood(line: str) -> None:
    words = shlex.split(line.split("  #")[0])[1:]
    helped = subprocess.run(
        [sys.executable, "-m", "ui.cli", words[0], "--help"], capture_output=True, text=True, check=False
    )

    assert helped.returncode == 0
    for option in (word for word in words if word.startswith("--")):
        assert option in helped.stdout


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= 150
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    ("package", "error"), [("assistant", "(?!PydanticCustom)[A-Z][A-Za-z]*Error"), ("ingest", "CorpusRefusal")]
)
def test_every_message_that_is_raised_has_a_text(package: str, error: str) -> None:
    texts = files(package).joinpath("texts.toml").read_text(encoding="utf-8")
    raised = re.compile(rf"\b{error}\(\s*\"([a-z_]+)\"")
    for source in (ROOT / package).rglob("*.py"):
        for code in raised.findall(source.read_text(encoding="utf-8")):
            assert f"\n{code} = " in texts, f"{source.name}: {code}"
