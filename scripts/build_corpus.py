"""Builds the guideline PDF from its chapters: Pandoc Markdown → Typst → PDF.

python -m scripts.build_corpus              write corpus/leitfaden.pdf
python -m scripts.build_corpus --check      exit 1 if corpus/leitfaden.pdf differs from a fresh build
"""

import argparse
import datetime
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typst

from scripts.corpus.document import chapter, quote
from scripts.corpus.facts import read_facts
from scripts.corpus.values import MONTHS

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
PDF_STANDARD: Literal["ua-1"] = "ua-1"
FRONT, BACK = "00", "90"  # chapters up to and from these numbers frame the body


def source(corpus: Path = CORPUS) -> str:
    """Compose the whole guideline as Typst source."""
    guideline = corpus / "guideline"
    facts = {fact.id: fact for fact in read_facts(corpus / "facts.csv")}
    files = sorted(guideline.glob("[0-9][0-9]-*.md"))
    chapters = {path.name: chapter(path.read_text(encoding="utf-8"), facts) for path in files}
    front = [text for name, text in chapters.items() if name[:2] <= FRONT]
    body = [text for name, text in chapters.items() if FRONT < name[:2] < BACK]
    back = [text for name, text in chapters.items() if name[:2] >= BACK]
    parts = [
        '#import "template.typ": *',
        f"#show: ausgabe.with({settings(_read_settings(guideline))})",
        "#titelseite()",
        "#show: vorspann",
        "#vorwort[",
        *front,
        "]",
        "#verzeichnisse()",
        "#show: hauptteil",
        *body,
        "#show: anhang",
        *back,
        "#rechtsstellenverzeichnis()",
    ]
    return "\n\n".join(parts)


def settings(values: Mapping[str, Any]) -> str:
    """Write the settings as arguments for the template."""
    stand: datetime.date = values["stand"]
    texts = {key: text for key, text in values.items() if isinstance(text, str)}
    texts["stand"] = f"{MONTHS[stand.month - 1]} {stand.year}"
    return ", ".join(f"{key}: {quote(text)}" for key, text in texts.items())


def build(corpus: Path = CORPUS) -> bytes:
    """Compile the PDF. The same sources give the same bytes: no clock, no fonts of this machine."""
    stand: datetime.date = _read_settings(corpus / "guideline")["stand"]
    midnight = datetime.datetime.combine(stand, datetime.time(), tzinfo=datetime.UTC)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(corpus / "guideline" / "template.typ", root)
        shutil.copytree(corpus / "guideline" / "figures", root / "figures")
        main_file = root / "main.typ"
        main_file.write_text(source(corpus), encoding="utf-8")
        compiler = typst.Compiler(str(main_file), root=str(root), ignore_system_fonts=True)
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=PDF_STANDARD, timestamp=int(midnight.timestamp())
        )
    for warning in warnings:
        sys.stderr.write(f"{warning}\n")
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave no PDF")
    return pdf


def _read_settings(guideline: Path) -> dict[str, Any]:
    return tomllib.loads((guideline / "guideline.toml").read_text(encoding="utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or compare, and return the exit code."""
    parser = argparse.ArgumentParser(description="Build the guideline PDF of the corpus.")
    parser.add_argument("--check", action="store_true", help="only compare the PDF with a fresh build")
    options = parser.parse_args(arguments)
    target = CORPUS / "leitfaden.pdf"
    pdf = build()
    if not options.check:
        target.write_bytes(pdf)
        sys.stdout.write(f"{target.name}: {len(pdf):,} bytes\n")
        return 0
    if target.exists() and target.read_bytes() == pdf:
        return 0
    sys.stderr.write(f"{target} is not what its sources give: run python -m scripts.build_corpus\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
