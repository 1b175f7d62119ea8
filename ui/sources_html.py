"""The sources of an answer as cards. Pure: values in, text out, everything escaped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from urllib.parse import urlsplit

from assistant.citations import below
from assistant.domain import AnswerSentence, Citation
from ui.german_typer import say
from ui.html import one_line, said, text, unseen
from ui.places import by_place, date_in_words, pages_in_words
from ui.sentences_html import words_html
from ui.viewer_html import citation_address


def sources_html(key: str, citations: Sequence[Citation], sentences: Sequence[AnswerSentence]) -> str:
    """One card for each place; empty without citations.

    ``key`` is that of the exchange, ``sentences`` are the answer's: what they quote is folded away on the card.
    """
    if not citations:
        return ""
    notices = {citation.notice for citation in citations}
    shared = notices.pop() if len(notices) == 1 else ""
    told = {one_line(sentence.text) for sentence in sentences}
    cards = "".join(_card(key, place, shared, told) for place in by_place(citations))
    below_all = f'<p class="fs-small">{said("place", "notice_for_all", notice=one_line(shared))}</p>' if shared else ""
    return f'<h3 class="fs-heading">{said("chat", "sources")}</h3><ol class="fs-sources">{cards}</ol>{below_all}'


def web_address(url: str) -> str:
    """``url`` if it leads into the web, else nothing."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _card(key: str, citations: Sequence[Citation], shared: str, told: Collection[str]) -> str:
    """One place with all its quotes; its notice too, unless that is ``shared`` by all cards and told below them."""
    first = citations[0]
    stand = say("place", "stand", stand=date_in_words(first.stand)) if first.stand else ""
    heading = "".join(below(first.title, first.section)[-1:])  # all headings would fill the card; the viewer shows them
    place = [text(heading), *(f"<span>{text(part)}</span>" for part in (pages_in_words(first.pages), stand) if part)]
    marks = " ".join(f"[{citation.marker}]" for citation in citations)
    notice = say("place", "notice", notice=first.notice) if first.notice != shared else ""
    small = f'<p class="fs-small">{text(notice)}</p>' if notice else ""
    return (
        f'<li class="fs-card"><p class="fs-source"><span class="fs-number">{marks}</span> '
        f"<strong>{text(first.title)}</strong> "
        f'<span class="fs-place">{" · ".join(part for part in place if part)}</span></p>{small}'
        f'<div class="fs-links">{_quotes(key, citations, marks, told)}{_links(citations, marks)}</div></li>'
    )


def _quotes(key: str, citations: Sequence[Citation], marks: str, told: Collection[str]) -> str:
    """The quotes, folded away if the answer consists of them."""
    known = all(one_line(citation.quote) in told for citation in citations)
    several = len(citations) > 1
    name = said("chat", "quotes" if several else "quote") + unseen(say("chat", "quote_of", marks=marks))
    quotes = "".join(_quote(key, citation, numbered=several) for citation in citations)
    return f"<details{'' if known else ' open'}><summary>{name}</summary>{quotes}</details>"


def _links(citations: Sequence[Citation], marks: str) -> str:
    """The links of a card; their marks tell screen readers which card's they are."""
    whose = unseen(say("chat", "link_of", marks=marks))
    links = [
        f'<a href="{escape(citation_address(citations))}" target="fundstelle-seite">{said("chat", "view")}{whose}</a>'
    ]
    if url := web_address(citations[0].url):
        links.append(
            f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{said("chat", "open")}{whose}</a>'
        )
    return "".join(links)


def _quote(key: str, citation: Citation, *, numbered: bool) -> str:
    mark = f'<span class="fs-number">[{citation.marker}]</span> ' if numbered else ""
    place = escape(citation_address([citation]))
    return (
        f'<blockquote id="fs-{escape(key)}-{citation.marker}" tabindex="-1" data-place="{place}">'
        f"{mark}{words_html(citation.quote, opening='„', closing='“')}</blockquote>"
    )
