"""Questions for the fit from the FAQs themselves: some wordings are taken out of a corpus and asked of what is left.

    python -m scripts.held_out CORPUS FOLDER

Writes ``FOLDER/documents``, the corpus without every third wording, and ``FOLDER/cases.jsonl``, which asks each of
those. The gold place is the first sentence of the FAQ's answer, which answers directly: with all of its sentences for
gold, a selector learns to quote whole FAQs where one sentence would do.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant import domain
from assistant.domain import Document, Span
from eval.jsonl import to_line
from ingest.pipeline import read_documents
from scripts.corpus.markdown import Faq, read_faqs

EVERY = 3


def main(corpus: Path, folder: Path) -> None:
    """Write both."""
    documents = folder / "documents"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(corpus, documents)
    faqs = read_faqs(documents / "faq")
    for faq in faqs:
        _take_out(documents / "faq" / faq.file, _held_out(faq))
    cases = _cases(faqs, read_documents(documents).documents)
    (folder / "cases.jsonl").write_text("".join(map(to_line, cases)), encoding="utf-8")


def _held_out(faq: Faq) -> Sequence[str]:
    return faq.wordings[1::EVERY]


def _take_out(file: Path, wordings: Sequence[str]) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = {f"- {wording}\n" for wording in wordings}
    file.write_text("".join(line for line in lines if line not in gone), encoding="utf-8")


def _cases(faqs: Sequence[Faq], documents: Sequence[Document]) -> Iterator[dict[str, object]]:
    answers = {faq.question: (document, _first_sentence(document, faq.answer)) for document, faq in _entries(documents)}
    for faq in faqs:
        document, span = answers[faq.question]
        gold = {"document": document.id, "start": span.start, "end": span.end, "text": span.of(document.text)}
        for at, wording in enumerate(_held_out(faq)):
            yield {"id": f"{faq.id}-{at}", "question": wording, "answerable": True, "gold": [gold]}


def _entries(documents: Sequence[Document]) -> Iterator[tuple[Document, domain.Faq]]:
    return ((document, faq) for document in documents for faq in document.faqs)


def _first_sentence(document: Document, answer: Span) -> Span:
    return next(sentence.span for sentence in document.sentences if answer.covers(sentence.span))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
