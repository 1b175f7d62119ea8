"""A conversation as HTML for the chat page. Pure: values in, text out, everything escaped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from assistant.domain import Answer, Status, Support
from ui.copying import plain_text, rich_text
from ui.exchange import Exchange, Offers
from ui.feedback_html import feedback_html
from ui.german_typer import say
from ui.html import button, lines, one_line, said, signed, text
from ui.places import verdict_in_words
from ui.sentences_html import marks_and_verdict, sentences_html, verdict_html
from ui.sources_html import sources_html
from ui.way_out import asking_button, way_out_html

SIGNS = {Status.ANSWERED: "✓", Status.PARTIAL: "◐", Status.DECLINED: "–"}
MOST_TITLES = 3
"""Titles of a scope that are named one by one."""


def carrier_html(exchanges: Sequence[Exchange], offers: Offers) -> str:
    """The conversation as the page's script takes it over.

    A template is inert: the script moves over only what changed, so that open cards, half-written feedback and the
    focus stay where they are while the next answer comes.
    """
    return f"<div><template>{conversation_html(exchanges, offers)}</template></div>"


def conversation_html(exchanges: Sequence[Exchange], offers: Offers) -> str:
    """The exchanges, oldest first; empty before the first question."""
    return "".join(_exchange(exchange, offers) for exchange in exchanges)


def _exchange(exchange: Exchange, offers: Offers) -> str:
    state = "done" if exchange.answer or exchange.error else "pending"
    scope = f'<p class="fs-scope-of">{text(scope_in_words(exchange.scope))}</p>' if exchange.scope else ""
    speaker = f"fs-{escape(exchange.key)}-speaker"
    return (
        f'<section class="fs-exchange" data-key="{escape(exchange.key)}" data-replaces="{lines(exchange.replaces)}"'
        f' data-state="{state}" data-question="{text(exchange.question)}"'
        f' data-documents="{escape(json.dumps(exchange.documents))}" data-spoken="{text(_spoken(exchange))}">'
        f'<h2 class="fs-question"><span class="fs-who">{said("chat", "you")}</span> {text(exchange.question)}</h2>'
        f'{scope}<div class="fs-reply" role="group" tabindex="-1" aria-labelledby="{speaker}">'
        f'<p class="fs-who" id="{speaker}">{said("chat", "system")}</p>{_reply(exchange, offers)}</div>'
        "</section>"
    )


def _reply(exchange: Exchange, offers: Offers) -> str:
    if exchange.answer:
        return _answer(exchange, exchange.answer, offers)
    shown = sentences_html(marks_and_verdict(exchange.key), exchange.sentences, exchange.citations)
    if exchange.error:
        again = asking_button(say("chat", "retry"), exchange, exchange.documents)
        everywhere = asking_button(say("scope", "ask_all"), exchange, ()) if exchange.documents else ""
        told = f'<p class="fs-error">{signed("!", exchange.error)}</p>'
        return f'{shown}{told}<p class="fs-actions">{again}{everywhere}</p>'
    return f'{shown}<p class="fs-pending">{said("chat", "pending")}</p>'


def _answer(exchange: Exchange, answer: Answer, offers: Offers) -> str:
    verdict = f'<p class="fs-verdict fs-{answer.status}">{signed(SIGNS[answer.status], verdict_in_words(answer))}</p>'
    parts = [
        _read_as(answer),
        verdict,
        sentences_html(marks_and_verdict(exchange.key), answer.sentences, answer.citations) or _told(exchange, answer),
        verdict_html(answer.sentences),
        _note(answer),
        sources_html(exchange.key, answer.citations, answer.sentences),
        _actions(exchange, answer),
        way_out_html(exchange, answer, offers.contact),
        feedback_html(exchange.key, answer) if offers.feedback else "",
    ]
    return "".join(parts)


def _actions(exchange: Exchange, answer: Answer) -> str:
    buttons = []
    if answer.citations:
        buttons.append(button("fs-copy", say("chat", "copy")))
    if answer.note and answer.status is not Status.PARTIAL:  # the language model failed: the next time it may not
        buttons.append(asking_button(say("chat", "retry"), exchange, exchange.documents))
    if not buttons:
        return ""
    copied = "".join(
        f'<textarea class="fs-copied" hidden readonly data-kind="{kind}">{lines(words)}</textarea>'
        for kind, words in (
            ("text/plain", plain_text(answer, exchange.scope)),
            ("text/html", rich_text(answer, exchange.scope)),
        )
    )
    return f'<p class="fs-actions">{"".join(buttons)}</p>{copied}'


def _told(exchange: Exchange, answer: Answer) -> str:
    """An answer without sentences: that there is none, where it was looked for, and what to try."""
    looked = "" if exchange.scope else f'<p class="fs-small">{said("scope", "asked_everywhere")}</p>'
    hint = f"{looked}<p>{said('chat', 'try')}</p>" if answer.status is Status.DECLINED else ""
    return f'<p class="fs-text">{text(answer.text)}</p>{hint}'


def _read_as(answer: Answer) -> str:
    """What a follow-up was taken for, so that a reader sees at once if it was meant otherwise."""
    told = text(say("chat", "read_as", question=answer.read_as))
    return f'<p class="fs-small">{told}</p>' if answer.read_as else ""


def _note(answer: Answer) -> str:
    """What is left open, so that nobody overlooks it; anything else that happened on the way in small print."""
    if not answer.note:
        return ""
    if answer.status is Status.PARTIAL:
        return f'<p class="fs-open">{signed(SIGNS[Status.PARTIAL], answer.note)}</p>'
    return f'<p class="fs-small">{text(answer.note)}</p>'


def _spoken(exchange: Exchange) -> str:
    """What a screen reader says once about the state of an exchange."""
    if exchange.error:
        return exchange.error
    if not exchange.answer:
        return say("chat", "pending")
    answer = exchange.answer
    told = [
        f"{one.text} ({say('support', one.support)})" if one.support is Support.UNSUPPORTED else one.text
        for one in answer.sentences
    ]
    count = len(answer.citations)
    key = "spoken" if count > 1 else "spoken_one" if count else "spoken_none"
    words = one_line(" ".join(told) or answer.text)
    return say("chat", key, status=say("status", answer.status), answer=words, count=count)


def scope_in_words(titles: Sequence[str]) -> str:
    """The documents that were asked; many of them only counted."""
    named = ", ".join(f"„{one_line(title)}“" for title in titles[:MOST_TITLES])
    rest = len(titles) - MOST_TITLES
    return say("scope", "asked_more", named=named, count=rest) if rest > 0 else say("scope", "asked", named=named)
