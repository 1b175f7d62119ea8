"""Reads the sources of the corpus: sections of the guideline and entries of the FAQ."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^(#{1,3})\s+(.*?)(?:\s*\{([^{}]*)\})?\s*$")
IDENTIFIER = re.compile(r"(?:^|\s)#([\w-]+)")
FACTS = re.compile(r'facts="([^"]*)"')
FIGURE = re.compile(r"!\[[^\]]*\]\((figures/[^)\s]+\.svg)\)\{[^{}]*\}")
DRAWN_LABEL = re.compile(r"<text\b[^>]*>([^<]*)</text>")
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
NOTE = re.compile(r"^\[\^([^\]]+)\]:\s*(.*(?:\n[ \t]+.*)*)\n?", re.MULTILINE)
# Markup whose digits are no statements: comments, image paths, ids and classes, list and row numbering.
MARKUP = (
    (re.compile(r"<!--.*?-->", re.DOTALL), " "),
    (re.compile(r"\]\((?!https?:)[^)]*\)"), "] "),
    (re.compile(r'\{[^{}\n]*?(?:(?:alt|title)="([^"]*)")?[^{}"\n]*\}'), r" \1 "),
    (re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE), ""),
    (re.compile(r"^\|\s*\d{1,2}\.?\s*(?=\|)", re.MULTILINE), "|"),
    (re.compile(r"^:::+", re.MULTILINE), ""),
    (re.compile(r"[*`]|(?<=\s)_(?=\w)"), ""),
    (re.compile(r"[\[\]<>|]"), " "),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of the guideline with the text up to the next one. ``inherited`` are facts of its parents."""

    file: str
    id: str
    level: int
    title: str
    facts: tuple[str, ...]
    inherited: tuple[str, ...]
    text: str

    @property
    def place(self) -> str:
        """Where this entry stands, for messages."""
        return f"{self.file}:{self.id or self.title}"

    @property
    def words(self) -> str:
        """Heading and text without markup."""
        return plain(f"{self.title}\n{self.text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faq:
    """One question with its other wordings, answer, sources and date, as written."""

    file: str
    id: str
    question: str
    facts: tuple[str, ...]
    wordings: tuple[str, ...]
    answer: str
    sources: str
    stand: str

    @property
    def place(self) -> str:
        """Where this entry stands, for messages."""
        return f"{self.file}:{self.id or self.question}"

    @property
    def words(self) -> str:
        """Everything the entry states, without markup."""
        return plain("\n".join((self.question, *self.wordings, self.answer, self.sources, self.stand)))


def read_sections(folder: Path) -> list[Section]:
    """Read all sections of the guideline's chapters, in reading order. What a figure says counts as text."""
    return [
        section
        for path in sorted(folder.glob("[0-9][0-9]-*.md"))
        for section in sections(path.name, with_figure_texts(_read(path), folder))
    ]


def read_faqs(folder: Path) -> list[Faq]:
    """Read all FAQ entries, file by file."""
    return [faq for path in sorted(folder.glob("*.md")) for faq in faqs(path.name, _read(path))]


def sections(file: str, text: str) -> Iterator[Section]:
    """Split one chapter into sections. Notes belong to the section that refers to them."""
    body, notes = _take_notes(_without_front_matter(text))
    parents: dict[int, tuple[str, ...]] = {}
    for level, title, attributes, content in _blocks(body):
        facts = _facts(attributes)
        yield Section(
            file=file,
            id=_identifier(attributes),
            level=level,
            title=title,
            facts=facts,
            inherited=tuple(fact for above, named in parents.items() if above < level for fact in named),
            text=_with_notes(content, notes),
        )
        parents = {above: named for above, named in parents.items() if above < level} | {level: facts}


def faqs(file: str, text: str) -> Iterator[Faq]:
    """Split one FAQ file into entries: its second-level headings that end in a question mark."""
    for level, title, attributes, content in _blocks(_without_front_matter(text)):
        if level == 2 and title.endswith("?"):
            yield _faq(file, title, attributes, content)


def front_matter(text: str) -> dict[str, str]:
    """Read the ``key: value`` lines above a FAQ file."""
    match = FRONT_MATTER.match(text)
    lines = match[1].splitlines() if match else []
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}


def with_figure_texts(text: str, folder: Path) -> str:
    """Put the words of every drawing behind the image that shows it."""
    return FIGURE.sub(lambda match: f"{match[0]} {drawn_text(_read(folder / match[1]))} ", text)


def drawn_text(svg: str) -> str:
    """Read the labels of a drawing; those that are only a number count its steps and are left out."""
    labels = (html.unescape(label) for label in DRAWN_LABEL.findall(svg))
    return " ".join(label for label in labels if not label.isdigit() or len(label) > 2)


def plain(text: str) -> str:
    """Strip Markdown's markup; alternative texts, addresses and box titles stay."""
    for pattern, replacement in MARKUP:
        text = pattern.sub(replacement, text)
    return text


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _without_front_matter(text: str) -> str:
    return FRONT_MATTER.sub("", text)


def _take_notes(text: str) -> tuple[str, dict[str, str]]:
    return NOTE.sub("", text), {match[1]: match[2] for match in NOTE.finditer(text)}


def _with_notes(text: str, notes: dict[str, str]) -> str:
    return re.sub(r"\[\^([^\]]+)\]", lambda match: f" {notes.get(match[1], '')} ", text)


def _blocks(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield level, title, attributes and content of each heading."""
    head: tuple[int, str, str] | None = None
    lines: list[str] = []
    for line in text.splitlines():
        if match := HEADING.match(line):
            if head:
                yield (*head, "\n".join(lines))
            head, lines = (len(match[1]), match[2], match[3] or ""), []
        else:
            lines.append(line)
    if head:
        yield (*head, "\n".join(lines))


def _identifier(attributes: str) -> str:
    match = IDENTIFIER.search(attributes)
    return match[1] if match else ""


def _facts(attributes: str) -> tuple[str, ...]:
    match = FACTS.search(attributes)
    return tuple(match[1].split()) if match else ()


def _faq(file: str, question: str, attributes: str, content: str) -> Faq:
    wordings, answer, sources, stand = [], [], "", ""
    in_wordings = False
    for line in filter(None, map(str.strip, content.splitlines())):
        if line.startswith("Andere Formulierungen:"):
            in_wordings = True
        elif in_wordings and re.match(r"[-*]\s", line):
            wordings.append(line[2:].strip())
        elif line.startswith("Quellen:"):
            sources = line
        elif line.startswith("Stand:"):
            stand = line
        else:
            in_wordings = False
            answer.append(line)
    return Faq(
        file=file,
        id=_identifier(attributes),
        question=question,
        facts=_facts(attributes),
        wordings=tuple(wordings),
        answer="\n".join(answer),
        sources=sources,
        stand=stand,
    )
