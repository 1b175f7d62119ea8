"""A conversation as HTML for the chat page. Pure: values in, text out.

Everything that comes from people, documents or models goes through :func:`html.escape`, and no blank line is ever
written: the page shows this as one HTML block in which nothing is read as Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlsplit

from assistant.citations import below
from assistant.domain import Answer, AnswerSentence, Citation, DocumentSummary, Status, Support
from ui.german_typer import say
from ui.places import by_place, date_in_words, pages_in_words, place_in_words, section_in_words, verdict_in_words
from ui.viewer_html import citation_address

SIGNS = {Status.ANSWERED: "✓", Status.PARTIAL: "◐", Status.DECLINED: "–"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what came of it: an answer, an error message, or the sentences there are so far."""

    question: str
    sentences: tuple[AnswerSentence, ...] = ()
    answer: Answer | None = None
    error: str = ""


def conversation_html(exchanges: Sequence[Exchange]) -> str:
    """The whole conversation, oldest first; empty before the first question."""
    return "".join(_exchange(number, exchange) for number, exchange in enumerate(exchanges, start=1))


def intro_html() -> str:
    """What the page is, and that an AI system answers: to be read before the first question."""
    return (
        f'<header class="fs-header"><h1>{_say("title")}</h1><p>{_say("subtitle")}</p></header>'
        f'<aside class="fs-notice" aria-label="{_say("notice_label")}"><p>{_say("notice")}</p>'
        f"<p>{_say('edition')}</p></aside>{_words()}"
    )


def examples_title_html() -> str:
    """The heading above the example questions."""
    return f'<h2 class="fs-heading">{_say("examples")}</h2>'


def documents_html(documents: Sequence[DocumentSummary]) -> str:
    """The documents that answers are taken from."""
    items = "".join(f"<li>{_document(document)}</li>" for document in documents)
    head = _say("documents", count=len(documents))
    return f'<details class="fs-documents"><summary>{head}</summary><ul>{items}</ul></details>'


def plain_text(answer: Answer) -> str:
    """An answer with its sources as text to copy, marked as made by an AI system."""
    sources = [f"[{c.marker}] {_one_line(place_in_words(c))}: „{_one_line(c.quote)}“" for c in answer.citations]
    parts = [answer.text]
    if sources:
        parts.append("\n".join((say("terminal", "sources"), *sources)))
    parts.append(say("chat", "made_by_ai"))
    return "\n\n".join(parts)


def mail_link(question: str) -> str:
    """A link that opens a prefilled e-mail to the Fachstelle; nothing is sent before the user sends it."""
    subject, body = say("chat", "mail_subject"), say("chat", "mail_body", question=question)
    return f"mailto:{say('contact', 'mail')}?subject={quote(subject)}&body={quote(body)}"


def _exchange(number: int, exchange: Exchange) -> str:
    state = "done" if exchange.answer or exchange.error else "pending"
    asked = f'<h2 class="fs-question"><span class="fs-who">{_say("you")}</span> {_text(exchange.question)}</h2>'
    if exchange.answer:
        reply = _answer(number, exchange.answer, exchange.question)
    elif exchange.error:
        reply = f'<p class="fs-error" data-speak>{_text(exchange.error)}</p>'
    else:
        reply = f'<p class="fs-pending" data-speak>{_say("pending")}</p>{_sentences(number, exchange.sentences)}'
    head = f'<p class="fs-who">{_say("system")}</p>'
    return (
        f'<section class="fs-exchange" data-number="{number}" data-state="{state}">{asked}'
        f'<div class="fs-reply">{head}{reply}</div></section>'
    )


def _answer(number: int, answer: Answer, question: str) -> str:
    parts = [
        f'<p class="fs-verdict fs-{answer.status}"><span aria-hidden="true">{SIGNS[answer.status]}</span> '
        f"{_text(verdict_in_words(answer))}</p>",
        _sentences(number, answer.sentences) or f'<p class="fs-text" data-speak>{_text(answer.text)}</p>',
    ]
    if answer.note:
        parts.append(f'<p class="fs-small">{_text(answer.note)}</p>')
    if answer.status is Status.DECLINED:
        parts.append(_way_out(answer, question))
    if answer.citations:
        cards = "".join(_card(number, citations) for citations in by_place(answer.citations))
        parts.append(f'<h3 class="fs-heading">{_say("sources")}</h3><ol class="fs-sources">{cards}</ol>')
        copied = f'<textarea class="fs-copied" hidden readonly>{_lines(plain_text(answer))}</textarea>'
        parts.append(f'<p class="fs-actions"><button type="button" class="fs-copy">{_say("copy")}</button></p>{copied}')
    return "".join(parts)


def _sentences(number: int, sentences: Sequence[AnswerSentence]) -> str:
    shown = " ".join(_sentence(number, sentence) for sentence in sentences)
    return f'<p class="fs-text" data-speak>{shown}</p>' if shown else ""


def _sentence(number: int, sentence: AnswerSentence) -> str:
    marks = "".join(
        f'<a class="fs-mark" href="#fs-{number}-{marker}" aria-label="{_say("mark", marker=marker)}">[{marker}]</a>'
        for marker in sentence.citations
    )
    doubt = f' <em class="fs-doubt">{_say("unsupported")}</em>' if sentence.support is Support.UNSUPPORTED else ""
    return f"<span>{_text(sentence.text)}{doubt}&nbsp;{marks}</span>"


def _card(number: int, citations: Sequence[Citation]) -> str:
    """One place with all its quotes."""
    first = citations[0]
    place = [section_in_words(below(first.title, first.section)), pages_in_words(first.pages)]
    marks = " ".join(f"[{citation.marker}]" for citation in citations)
    quotes = "".join(_quote(number, citation, numbered=len(citations) > 1) for citation in citations)
    details = [
        say("place", "stand", stand=date_in_words(first.stand)) if first.stand else "",
        say("place", "notice", notice=first.notice) if first.notice else "",
    ]
    remarks = " · ".join(_text(detail) for detail in details if detail)
    link = f' <a href="{escape(first.url)}" rel="noopener noreferrer" target="_blank">{_say("open")}</a>'
    view = f' <a href="{escape(citation_address(citations))}" target="fundstelle-seite">{_say("view")}</a>'
    small = remarks + view + (link if urlsplit(first.url).scheme in ("http", "https") else "")
    return (
        f'<li><details open><summary><span class="fs-number">{marks}</span> <strong>{_text(first.title)}</strong> '
        f'<span class="fs-place">{_text(" · ".join(part for part in place if part))}</span></summary>'
        f'{quotes}<p class="fs-small">{small}</p></details></li>'
    )


def _quote(number: int, citation: Citation, *, numbered: bool) -> str:
    mark = f'<span class="fs-number">[{citation.marker}]</span> ' if numbered else ""
    return f'<blockquote id="fs-{number}-{citation.marker}" tabindex="-1">{mark}„{_text(citation.quote)}“</blockquote>'


def _way_out(answer: Answer, question: str) -> str:
    """What helps when the sources do not: the nearest places and the people to ask."""
    places = "".join(f"<li>{_text(place)}</li>" for place in answer.suggestions)
    nearest = f'<h3 class="fs-heading">{_say("nearest")}</h3><ul class="fs-nearest">{places}</ul>' if places else ""
    contact = (
        f'<p class="fs-contact">{_say("contact")} <a href="{escape(mail_link(question))}">{_say("write_mail")}</a> '
        f"({escape(say('contact', 'mail'))}, {escape(say('contact', 'phone'))})</p>"
    )
    return nearest + contact


def _document(document: DocumentSummary) -> str:
    stand = say("place", "stand", stand=date_in_words(document.stand)) if document.stand else ""
    return " · ".join(_text(part) for part in (document.title, stand) if part)


def _words() -> str:
    """What the page's script may have to say."""
    words = " ".join(f'data-{key}="{_say(key)}"' for key in ("copied", "lost", "busy"))
    return f'<span id="fs-words" hidden {words}></span>'


def _say(key: str, **details: object) -> str:
    return escape(say("chat", key, **details))


def _text(text: str) -> str:
    return escape(_one_line(text))


def _lines(text: str) -> str:
    """Escaped text of several lines. Line ends as references: a blank line would end the HTML block."""
    return escape(text).replace("\n", "&#10;")


def _one_line(text: str) -> str:
    return " ".join(text.split())
