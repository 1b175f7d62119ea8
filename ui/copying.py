"""An answer to copy, as text and as HTML: into an e-mail, a note, a decision paper. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape

from assistant.domain import Answer, AnswerSentence, Citation
from ui.german_typer import say
from ui.html import one_line, said, text
from ui.places import by_place, place_in_words
from ui.sentences_html import MARKED, sentences_html
from ui.sources_html import web_address
from ui.viewer_html import citation_address


def plain_text(answer: Answer, scope: Sequence[str] = ()) -> str:
    """Question, answer and numbered sources, marked as made by an AI system.

    Addresses of the viewer stand on lines of their own, without the server's name: only the browser knows by which
    name it reached the server, and puts it before them.
    """
    parts = ["\n".join(_asked(answer)), answer.text]
    if answer.citations:
        parts.append("\n".join((say("terminal", "sources"), *(line for c in answer.citations for line in _source(c)))))
    return "\n\n".join((*parts, "\n".join(_remarks(answer, scope))))


def rich_text(answer: Answer, scope: Sequence[str] = ()) -> str:
    """The same as HTML for word processors, which know nothing of our style; the viewer's addresses as above.

    Each place is named once, and of its quotes only those that the answer does not show.
    """
    shown = sentences_html(_marks, answer.sentences, answer.citations) or f"<p>{text(answer.text)}</p>"
    table = '<table border="1" cellspacing="0" cellpadding="4">'
    parts = [
        f"<p><strong>{'<br>'.join(map(text, _asked(answer)))}</strong></p>",
        shown.replace("<table>", table).replace(MARKED, ' style="list-style-type: none"'),
    ]
    if answer.citations:
        parts.append(f"<p><strong>{said('terminal', 'sources')}</strong></p>")
    told = {one_line(sentence.text) for sentence in answer.sentences}
    parts += [_rich_source(citations, told) for citations in by_place(answer.citations)]
    return "".join((*parts, *(f"<p>{text(remark)}</p>" for remark in _remarks(answer, scope))))


def _asked(answer: Answer) -> Iterator[str]:
    """The question, and a follow-up with what it was understood with: its reader did not follow the conversation."""
    yield one_line(answer.question)
    if answer.read_as:
        yield say("chat", "read_as", question=one_line(answer.read_as))


def _rich_source(citations: Sequence[Citation], told: Collection[str]) -> str:
    first = citations[0]
    marks = " ".join(f"[{citation.marker}]" for citation in citations)
    quotes = [f"„{one_line(one.quote)}“" for one in citations if one_line(one.quote) not in told]
    source = f"{marks} {one_line(place_in_words(first))}{': ' if quotes else ''}{' '.join(quotes)}"
    links = [f'<a href="{escape(citation_address(citations))}">{said("chat", "view")}</a>']
    if url := web_address(first.url):
        links.append(f'<a href="{escape(url)}">{said("chat", "open")}</a>')
    return f"<p>{text(source)}<br>{' · '.join(links)}</p>"


def _marks(sentence: AnswerSentence) -> str:
    return " ".join(f"[{marker}]" for marker in sentence.citations)


def _remarks(answer: Answer, scope: Sequence[str]) -> Iterator[str]:
    """What is left open, where it was looked for, what the sources want said, and that an AI system made it."""
    if answer.note:
        yield one_line(answer.note)
    if scope:
        yield say("scope", "asked", named=", ".join(one_line(title) for title in scope))
    for notice in dict.fromkeys(one_line(citation.notice) for citation in answer.citations if citation.notice):
        yield say("place", "notice", notice=notice)
    yield say("chat", "made_by_ai")


def _source(citation: Citation) -> Iterator[str]:
    yield f"[{citation.marker}] {one_line(place_in_words(citation))}: „{one_line(citation.quote)}“"
    yield citation_address([citation])
    if url := web_address(citation.url):
        yield one_line(url)
