"""An answer as text to copy: into an e-mail, a note, a decision paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.domain import Answer, Citation
from ui.german_typer import say
from ui.html import one_line
from ui.places import place_in_words
from ui.sources_html import web_address
from ui.viewer_html import citation_address


def plain_text(answer: Answer, scope: Sequence[str] = ()) -> str:
    """Question, answer and numbered sources, marked as made by an AI system.

    Addresses of the viewer stand on lines of their own, without the server's name: only the browser knows by which
    name it reached the server, and puts it before them.
    """
    parts = [one_line(answer.question), answer.text]
    if answer.citations:
        parts.append("\n".join((say("terminal", "sources"), *(line for c in answer.citations for line in _source(c)))))
    if scope:
        parts.append(say("scope", "asked", named=", ".join(one_line(title) for title in scope)))
    notices = dict.fromkeys(one_line(citation.notice) for citation in answer.citations if citation.notice)
    parts.append("\n".join((*(say("place", "notice", notice=notice) for notice in notices), say("chat", "made_by_ai"))))
    return "\n\n".join(parts)


def _source(citation: Citation) -> Iterator[str]:
    yield f"[{citation.marker}] {one_line(place_in_words(citation))}: „{one_line(citation.quote)}“"
    yield citation_address([citation])
    if url := web_address(citation.url):
        yield one_line(url)
