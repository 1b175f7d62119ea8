"""Passages: runs of whole sentences under one heading, of a size that search and readers can handle."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.domain import Document, Page, Passage, Section, Sentence, SentenceKind, Span

LONGEST = 200
"""Words of a passage at most (but for a single sentence that is longer)."""

BEST = 160
"""Words of a passage when a section has to be split."""


def cut(document: Document) -> tuple[Passage, ...]:
    """The passages of ``document``, in reading order.

    A passage never crosses a heading and starts with it; headings without text of their own open the passage of the
    first subsection. A section that is split shares one sentence between neighbours. Ids depend on the document's id,
    the headings and the text alone, so that they survive changes elsewhere in the document.
    """
    seen: Counter[str] = Counter()
    passages = []
    for path, sentences in _groups(document):
        for part in parts(document.text, sentences):
            span = Span(start=part[0].span.start, end=part[-1].span.end)
            content = "\x1f".join((document.id, *path, span.of(document.text)))
            seen[content] += 1
            passages.append(
                Passage(
                    id=_digest(f"{content}\x1f{seen[content]}"),
                    document=document.id,
                    span=span,
                    headings=path,
                    pages=pages_of(document.pages, span),
                )
            )
    return tuple(passages)


def parts(text: str, sentences: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    """``sentences`` in runs of about ``BEST`` words; neighbours share a sentence, unless that alone is long."""
    sizes = [len(sentence.span.of(text).split()) for sentence in sentences]
    if sum(sizes) <= LONGEST:
        yield sentences
        return
    best = sum(sizes) / -(-sum(sizes) // BEST)
    start = 0
    while start < len(sentences):
        end = _end(sizes, start, best)
        yield sentences[start:end]
        if end == len(sentences):
            return
        start = end - 1 if _shared(sizes, start, end) else end


def pages_of(pages: Sequence[Page], span: Span) -> tuple[int, ...]:
    """The physical numbers of the pages that ``span`` touches."""
    return tuple(page.number for page in pages if page.span.overlaps(span))


def _shared(sizes: Sequence[int], start: int, end: int) -> bool:
    """Whether the last sentence of the run ``start``..``end`` also opens the next one."""
    short = sizes[end - 1] <= LONGEST // 4
    return short and end - 1 > start and sizes[end - 1] + sizes[end] <= LONGEST


def _end(sizes: Sequence[int], start: int, best: float) -> int:
    """Where the run from ``start`` ends: as near to ``best`` words as whole sentences allow, at most ``LONGEST``."""
    words = sizes[start]
    for index in range(start + 1, len(sizes)):
        grown = words + sizes[index]
        if grown > LONGEST or grown - best > best - words:
            return index
        words = grown
    return len(sizes)


def _groups(document: Document) -> Iterator[tuple[tuple[str, ...], Sequence[Sentence]]]:
    """The sentences of each section without its subsections, with the heading path."""
    waiting: list[Sentence] = []
    above: tuple[str, ...] = ()
    last_run = 0
    for (index, run), members in groupby(_placed(document), key=lambda entry: entry[:2]):
        path = document.sections[index].path if index >= 0 else ()
        if waiting and (path[: len(above)] != above or run != last_run):
            yield above, waiting
            waiting = []
        sentences, above, last_run = [*waiting, *(item for _, _, item in members)], path, run
        waiting = sentences if all(item.kind is SentenceKind.HEADING for item in sentences) else []
        if not waiting:
            yield path, sentences
    if waiting:
        yield above, waiting


def _placed(document: Document) -> Iterator[tuple[int, int, Sentence]]:
    """Each sentence with its innermost section and the run it belongs to.

    The lines of a table of contents are headings that open nothing: they are left out, and end a run.
    """
    starts = [section.span.start for section in document.sections]
    opening = frozenset(starts)
    run = 0
    for item in document.sentences:
        if item.kind is SentenceKind.HEADING and item.span.start not in opening:
            run += 1
        else:
            yield _innermost(document.sections, starts, item), run, item


def _innermost(sections: Sequence[Section], starts: Sequence[int], sentence: Sentence) -> int:
    """The index of the innermost section around ``sentence``, -1 for none. Sections are in reading order."""
    index = bisect_right(starts, sentence.span.start) - 1
    while index >= 0 and not sections[index].span.covers(sentence.span):
        index -= 1
    return index


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:24]
