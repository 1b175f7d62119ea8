"""The nouns of Fundstelle. Everything else is written in these words.

All types are frozen, keyword-only and use the standard library alone, so that this module can be read in one
sitting and imported from anywhere. A place in a text is always a :class:`Span` of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Characters ``start`` (inclusive) to ``end`` (exclusive) of a document's text.

    Raises:
        ValueError: if ``0 <= start <= end`` does not hold.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span {self.start}..{self.end}: expected 0 <= start <= end")

    def of(self, text: str) -> str:
        """The characters of ``text`` that this span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page, in PDF points (1/72 inch), origin at the bottom left of the page."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a paginated document.

    ``number`` is physical and 1-based (what a viewer wants); ``label`` is what is printed on the page ("iv", "12").
    ``note`` is empty or names what to know about the page: it ``needs_ocr``, its font is ``unreadable``, it holds
    ``no_text`` although its picture was searched, OCR was ``postponed`` for lack of time, its text was recognised by
    ``ocr``, letters of it are lost as ``gaps``, ``hidden`` words were left out, or it is ``damaged`` and does not open.
    """

    number: int
    label: str
    span: Span
    width: float = 0.0
    height: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a document under one heading. ``path`` holds the headings from the outermost to its own."""

    path: tuple[str, ...]
    span: Span


class SentenceKind(StrEnum):
    """What a sentence is in its document's layout; only prose, list items and table rows can answer a question."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The unit of evidence. ``boxes`` maps the physical page number to the sentence's rectangles on that page."""

    span: Span
    kind: SentenceKind = SentenceKind.PROSE
    boxes: Mapping[int, tuple[Box, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faq:
    """A curated question with its answer. ``wordings`` are other ways to ask it; they are searched, never shown."""

    id: str
    question: str
    wordings: tuple[str, ...]
    answer: Span
    stand: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One source as a single text, with pages, sections and sentences as spans in it, each list in reading order.

    ``stand`` is the date of validity as printed (ISO date, year-month or year; empty when unknown). ``sha256`` is the
    hex digest of the file it came from (of the JSON line for ``documents.jsonl``). ``notice`` is shown with each of
    its citations. ``file`` is the path it was read from, empty for documents without a file of their own; ``dated`` the
    ISO date at which that file says it was last changed, which proves nothing about its validity.
    """

    id: str
    title: str
    text: str
    kind: str = "document"
    url: str = ""
    stand: str = ""
    notice: str = ""
    sha256: str = ""
    file: str = ""
    dated: str = ""
    pages: tuple[Page, ...] = ()
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    faqs: tuple[Faq, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """What a list of documents shows. ``pages`` and ``characters`` are counts; ``pages`` is 0 without pagination."""

    id: str
    title: str
    kind: str
    url: str
    stand: str
    sha256: str
    pages: int
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of whole sentences under one heading: the unit of search.

    ``id`` is derived from content and place, so an unchanged passage keeps its id. ``pages`` are physical numbers.
    """

    id: str
    document: str
    span: Span
    headings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownQuestion:
    """A question that people ask, and what answers it: document ids with words that stand there.

    ``question`` stands alone, or else is led by what it leans on (``alone`` false). Without ``answers`` it is known
    that the documents do not answer it.
    """

    question: str
    answers: tuple[tuple[str, str], ...] = ()
    alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One earlier turn of a conversation: the user's question and the answer that was given."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked. ``documents`` is the scope: document ids, empty for all.

    ``kinds`` narrows it to documents of these kinds, ``stand_from`` and ``stand_to`` to those valid at a date in that
    range, both ends included (ISO date, year-month or year; empty for no limit).

    ``rewritten`` is the question as a language model wrote it to be understood alone, empty if none did, None if none
    was asked yet.
    """

    question: str
    documents: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    kinds: tuple[str, ...] = ()
    stand_from: str = ""
    stand_to: str = ""
    rewritten: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its score in one ranked list. Never compare scores across lists."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence with its score for one question. ``similarity`` is the cosine to the question, -1..1."""

    document: str
    sentence: Sentence
    score: float
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPage:
    """A page a citation touches, and where on it."""

    number: int
    label: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A proof: ``quote`` is exactly ``Document.text[span.start:span.end]`` of ``document``."""

    marker: int
    document: str
    title: str
    span: Span
    quote: str
    section: tuple[str, ...] = ()
    pages: tuple[CitedPage, ...] = ()
    url: str = ""
    stand: str = ""
    notice: str = ""


class Status(StrEnum):
    """Whether the scope answers the question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    DECLINED = "declined"


class Mode(StrEnum):
    """How the answer was made: quoted from the sources, or written by a language model and checked."""

    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"


class Support(StrEnum):
    """How far the cited places carry a sentence."""

    VERBATIM = "verbatim"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentence:
    """One shown sentence, the markers of its citations and the verdict on it.

    ``kind`` is what a quoted one is in its document's layout; what a language model wrote is prose.
    """

    text: str
    citations: tuple[int, ...]
    support: Support
    kind: SentenceKind = SentenceKind.PROSE


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDocument:
    """A document as an answer found it; the fields are those of :class:`Document`."""

    id: str
    sha256: str
    stand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedQuote:
    """The place of a quote and the hex SHA-256 of its UTF-8 bytes; offsets are characters, as in :class:`Span`."""

    marker: int
    document: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """From what and with what an answer was made, without a word of the question, the answer or the quotes.

    All digests are hex SHA-256, empty where there is nothing to digest. ``time`` is UTC, ISO 8601 to the second.
    ``question_sha256`` covers the question, ``turns`` counts the earlier turns it was understood with,
    ``scope`` are the ids of the documents it was limited to. ``corpus_digest`` to ``embedding_sha256`` are those of
    the build of the index. ``model`` wrote the sentences under the prompts of ``prompt_sha256``; both are empty for
    quoted answers. ``selector_sha256`` and ``settings_sha256`` say how sentences were chosen. ``sha256`` seals
    all other fields.
    """

    version: int
    time: str
    product: str
    status: str
    mode: str
    confidence: float
    question_sha256: str
    answer_sha256: str
    turns: int
    scope: tuple[str, ...]
    built_at: str
    corpus_digest: str
    chunker: str
    embedding: str
    embedding_sha256: str
    model: str
    prompt_sha256: str
    selector_sha256: str
    settings_sha256: str
    documents: tuple[CitedDocument, ...]
    citations: tuple[CitedQuote, ...]
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the user sees. ``confidence`` (0..1) estimates that the scope answers the question rightly.

    ``suggestions`` are the nearest places, offered when the question is declined. ``note`` tells the reader, in German,
    what happened on the way (the language model failed, sentences were replaced). ``read_as`` is the question with what
    it was understood with, empty where it stands alone. ``timings`` are milliseconds.
    ``receipt`` is given to every answer of the assistant.
    """

    question: str
    status: Status
    mode: Mode
    text: str
    confidence: float
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    note: str = ""
    read_as: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    receipt: Receipt | None = None
