"""Find the gold places of the questions in the corpus and write them into the case files.

python -m scripts.anchor_cases           every file of eval/cases and corpus/known-questions
python -m scripts.anchor_cases FILE...   only these

A gold entry names its document and quotes the text. Start and end are found here, by reading the corpus the way the
product does. Where the text stands more than once, ``section`` (part of a heading) says which is meant. Without it, a
place that still fits stays; else the first one is taken that the case does not name yet, whole sentences before parts
of sentences, and headings last. Exits 1 with one line for each text that is not found; the rest is written all the
same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.domain import Document, SentenceKind, Span
from assistant.solid_text import SolidText
from eval.jsonl import to_line
from ingest.known_questions import FOLDER
from ingest.pipeline import read_documents

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
FOLDERS = (ROOT / "eval" / "cases", CORPUS / FOLDER)

Report = Callable[[int, str], None]


def anchor_file(file: Path, documents: Mapping[str, Document]) -> list[str]:
    """Anchor all gold places of ``file``, in place; one message for each that is not found."""
    problems: list[str] = []
    before = file.read_text(encoding="utf-8")
    lines = [
        _anchored(line, number, documents, lambda number, what: problems.append(f"{file}:{number}: {what}"))
        for number, line in enumerate(before.split("\n"), start=1)
    ]
    after = "\n".join(lines)
    if after != before:
        file.write_text(after, encoding="utf-8", newline="\n")
    return problems


def find_place(
    document: Document,
    text: str,
    section: str = "",
    *,
    former: Span | None = None,
    taken: Collection[Span | None] = (),
) -> Span | None:
    """Where ``text`` stands in ``document``; None if nowhere. White space of any kind does not count.

    ``former`` is kept if it still fits; places in ``taken`` are only used when there is no other.
    """
    found = list(_solid(document.text).find(text))
    if section:
        found = [span for span in found if section.casefold() in _headings(document, span)]
    elif former in found:
        return former
    headings = [sentence.span for sentence in document.sentences if sentence.kind is SentenceKind.HEADING]
    whole = {sentence.span for sentence in document.sentences}.difference(headings)
    found.sort(key=lambda it: (it in taken, it not in whole, any(heading.overlaps(it) for heading in headings)))
    return found[0] if found else None


def _anchored(line: str, number: int, documents: Mapping[str, Document], report: Report) -> str:
    """``line`` with its gold places anchored; the very same where nothing changes."""
    if not line.strip():
        return line
    try:
        case = json.loads(line)
        gold: list[dict[str, Any]] = []
        for place in case.get("gold", ()):
            gold.append(_place(place, documents, gold, lambda what: report(number, what)))
    except (ValueError, AttributeError, TypeError) as error:
        report(number, f"not a case: {error}")
        return line
    if gold == case.get("gold", []):
        return line
    return to_line({**case, "gold": gold}).rstrip("\n")


def _place(
    place: Mapping[str, Any],
    documents: Mapping[str, Document],
    before: Sequence[Mapping[str, Any]],
    report: Callable[[str], None],
) -> dict[str, Any]:
    name, text = place.get("document", ""), place.get("text", "")
    if name not in documents:
        report(f"no document {name!r}")
        return dict(place)
    document = documents[name]
    taken = [_span(other) for other in before if other.get("document") == name]
    section = place.get("section", "")
    span = find_place(document, text, section, former=_span(place), taken=taken) if text.strip() else None
    if span is None:
        report(f"not in {name}: {text!r}")
        return dict(place)
    rest = {key: value for key, value in place.items() if key not in {"document", "start", "end", "text"}}
    return {"document": name, "start": span.start, "end": span.end, "text": span.of(document.text), **rest}


def _span(place: Mapping[str, Any]) -> Span | None:
    return Span(start=place["start"], end=place["end"]) if "start" in place and "end" in place else None


@cache
def _solid(text: str) -> SolidText:
    return SolidText(text)


def _headings(document: Document, span: Span) -> str:
    """All headings above ``span``, for comparison."""
    return "\n".join(
        heading for section in document.sections if section.span.covers(span) for heading in section.path
    ).casefold()


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Anchor the gold places of case files in the corpus.")
    parser.add_argument("files", nargs="*", type=Path, help="default: all of eval/cases and corpus/known-questions")
    files = parser.parse_args().files or [file for folder in FOLDERS for file in sorted(folder.glob("*.jsonl"))]
    result = read_documents(CORPUS)
    problems = [f"{failure.file}: {failure.reason}" for failure in result.failures]
    documents = {document.id: document for document in result.documents}
    for file in files:
        problems += anchor_file(file, documents)
    print("\n".join(problems) if problems else f"{len(files)} files: every gold place stands in the corpus")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
