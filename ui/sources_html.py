"""The sources of an answer as cards. Pure: values in, text out, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from assistant.citations import below
from assistant.domain import Citation
from ui.german_typer import say
from ui.html import one_line, said, text
from ui.places import by_place, date_in_words, pages_in_words, section_in_words
from ui.sentences_html import words_html
from ui.viewer_html import citation_address


def sources_html(key: str, citations: Sequence[Citation]) -> str:
    """One card for each place; empty without citations. ``key`` is that of the exchange."""
    if not citations:
        return ""
    notices = {citation.notice for citation in citations}
    shared = notices.pop() if len(notices) == 1 else ""
    cards = "".join(_card(key, place, shared) for place in by_place(citations))
    below_all = f'<p class="fs-small">{said("place", "notice_for_all", notice=one_line(shared))}</p>' if shared else ""
    return f'<h3 class="fs-heading">{said("chat", "sources")}</h3><ol class="fs-sources">{cards}</ol>{below_all}'


def web_address(url: str) -> str:
    """``url`` if it leads into the web, else nothing."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _card(key: str, citations: Sequence[Citation], shared: str) -> str:
    """One place with all its quotes; its notice too, unless that is ``shared`` by all cards and told below them."""
    first = citations[0]
    place = [section_in_words(below(first.title, first.section)), pages_in_words(first.pages)]
    marks = " ".join(f"[{citation.marker}]" for citation in citations)
    quotes = "".join(_quote(key, citation, numbered=len(citations) > 1) for citation in citations)
    details = [
        say("place", "stand", stand=date_in_words(first.stand)) if first.stand else "",
        say("place", "notice", notice=first.notice) if first.notice != shared else "",
    ]
    remarks = " · ".join(text(detail) for detail in details if detail)
    small = f'<span class="fs-small">{remarks}</span>' if remarks else ""
    return (
        f'<li><details open><summary><span class="fs-number">{marks}</span> <strong>{text(first.title)}</strong> '
        f'<span class="fs-place">{text(" · ".join(part for part in place if part))}</span></summary>'
        f'{quotes}<p class="fs-links">{_links(citations, marks)}{small}</p></details></li>'
    )


def _links(citations: Sequence[Citation], marks: str) -> str:
    """The links of a card; their marks tell screen readers which card's they are."""
    unseen = f'<span class="fs-unseen"> {said("chat", "link_of", marks=marks)}</span>'
    links = [
        f'<a href="{escape(citation_address(citations))}" target="fundstelle-seite">{said("chat", "view")}{unseen}</a>'
    ]
    if url := web_address(citations[0].url):
        links.append(
            f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{said("chat", "open")}{unseen}</a>'
        )
    return "".join(links)


def _quote(key: str, citation: Citation, *, numbered: bool) -> str:
    mark = f'<span class="fs-number">[{citation.marker}]</span> ' if numbered else ""
    place = escape(citation_address([citation]))
    return (
        f'<blockquote id="fs-{escape(key)}-{citation.marker}" tabindex="-1" data-place="{place}">'
        f"{mark}{words_html(citation.quote, opening='„', closing='“')}</blockquote>"
    )
