"""Where an answer leads on: near places, wider scopes, other questions, people to ask. Pure, everything escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from assistant.domain import Answer, Status
from ui.exchange import Contact, Exchange, NearPlace
from ui.german_typer import say
from ui.html import button, lines, one_line, said, text


def way_out_html(exchange: Exchange, answer: Answer, contact: Contact) -> str:
    """What helps on after an answer, and above all without one."""
    match answer.status:
        case Status.ANSWERED:
            return _related(exchange.related)
        case Status.PARTIAL:
            return _wider(exchange) + _helper(exchange, answer, contact) + _related(exchange.related)
        case Status.DECLINED:
            return _wider(exchange) + _nearest(exchange, answer) + _helper(exchange, answer, contact)


def asking_button(words: str, exchange: Exchange, documents: Sequence[str], attributes: str = "") -> str:
    """A button that asks the question of ``exchange`` again, in ``documents`` and in place of it."""
    command = {"question": exchange.question, "documents": list(documents), "replaces": exchange.key}
    return _commanding(words, command, attributes)


def contact_html(exchange: Exchange, contact: Contact) -> str:
    """Whom to ask, with the e-mail that could be sent shown in full; nothing if there is nobody."""
    if not contact.name:
        return ""
    return f'<p class="fs-contact">{text(contact_texts(contact)["contact"])}</p>{_mail(exchange, contact)}'


def contact_texts(contact: Contact) -> dict[str, str]:
    """What is said of whom to ask: ``contact`` near to a question, ``far`` if nothing is; and ``contact_mail``."""
    far = say("mail", "far")
    if not contact.name:
        return {"contact": "", "far": far, "contact_mail": ""}
    ways = ", ".join(part for part in (contact.mail, contact.phone) if part)
    named = one_line(f"{contact.name} ({ways})" if ways else contact.name)
    near, also = say("mail", "contact", contact=named), say("mail", "far_contact", contact=named)
    return {"contact": near, "far": f"{far} {also}", "contact_mail": contact.mail}


def mail_link(address: str, subject: str, body: str) -> str:
    """A link that opens a prefilled e-mail; nothing is sent before the user sends it."""
    return f"mailto:{address}?subject={quote(subject)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"


def _wider(exchange: Exchange) -> str:
    """The way out of a scope that was too narrow."""
    if not exchange.documents:
        return ""
    return f'<p class="fs-actions">{asking_button(say("scope", "ask_all"), exchange, ())}</p>'


def _helper(exchange: Exchange, answer: Answer, contact: Contact) -> str:
    """Whom to ask what stays open, if any place is near to it."""
    return contact_html(exchange, contact) if answer.suggestions else _far(contact)


def _far(contact: Contact) -> str:
    """What a question gets to which nothing is near: probably it is none for those who would help."""
    return f'<p class="fs-small fs-far">{text(contact_texts(contact)["far"])}</p>'


def _nearest(exchange: Exchange, answer: Answer) -> str:
    places = "".join(_place(exchange, place) for place in exchange.nearest)
    places = places or "".join(f"<li>{text(words)}</li>" for words in answer.suggestions)
    return (
        f'<h3 class="fs-heading">{said("chat", "nearest")}</h3><ul class="fs-nearest">{places}</ul>' if places else ""
    )


def _place(exchange: Exchange, place: NearPlace) -> str:
    link = f'<a href="{escape(place.address)}" target="fundstelle-seite">{text(place.words)}</a>'
    return f"<li><p>{link}</p>{_on(exchange, place)}</li>"


def _on(exchange: Exchange, place: NearPlace) -> str:
    """The question to ask at a near place: the curated one it answers, or the same in that document alone."""
    if place.faq:
        words = say("chat", "ask_faq")
        return _commanding(words, {"question": place.faq}, _named(words, place))
    if exchange.documents == (place.document,):
        return ""
    words = say("scope", "ask_there")
    return asking_button(words, exchange, (place.document,), _named(words, place))


def _named(words: str, place: NearPlace) -> str:
    """A name for screen readers, for which buttons that read alike must differ."""
    return f' aria-label="{text(words)}: {text(place.words)}"'


def _related(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    items = "".join(f"<li>{_commanding(question, {'question': question})}</li>" for question in questions)
    return f'<h3 class="fs-heading">{said("chat", "related")}</h3><ul class="fs-related">{items}</ul>'


def _mail(exchange: Exchange, contact: Contact) -> str:
    if not contact.mail:
        return ""
    subject = say("mail", "subject")
    body = say("mail", "body", question=exchange.question.strip(), scope=_scope(exchange))
    link, field = escape(mail_link(contact.mail, subject, body)), f"fs-mail-{exchange.key}"
    return (
        f'<details class="fs-mail" data-mail="{escape(contact.mail)}" data-subject="{escape(subject)}">'
        f"<summary>{said('mail', 'prepare')}</summary>"
        f"<p>{said('mail', 'how')}</p>"
        f"<p><strong>{said('mail', 'to')}</strong> {text(contact.mail)}<br>"
        f"<strong>{said('mail', 'about')}</strong> {text(subject)}</p>"
        f'<label for="{field}">{said("mail", "text")}</label><textarea id="{field}" rows="13">{lines(body)}</textarea>'
        f'<p class="fs-actions"><a class="fs-button fs-open-mail" href="{link}">'
        f"{said('mail', 'open')}</a>{button('fs-copy-mail', say('mail', 'copy'))}</p></details>"
    )


def _scope(exchange: Exchange) -> str:
    return ", ".join(one_line(title) for title in exchange.scope) or say("mail", "everywhere")


def _commanding(words: str, command: Mapping[str, object], attributes: str = "") -> str:
    return button("fs-command", words, f' data-command="{escape(json.dumps(command))}"{attributes}')
