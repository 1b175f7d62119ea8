"""The chat page: a Gradio app mounted beside the API.

Gradio's own chat component is not used: its messages have no speaker, its buttons no German names, and one of them
posts to a foreign host. The conversation is HTML of ours in a Markdown component (an HTML component would need
``eval``, which our content security policy forbids); ``static/chat.js`` adds what Gradio lacks: the language of the
page, focus, one announcement per answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.domain import DocumentSummary
from assistant.errors import AssistantError
from assistant.service import Assistant
from ui.conversation import carrier_html
from ui.exchange import Exchange, Offers
from ui.german_typer import say
from ui.page import GermanPage
from ui.page_parts import end_html, examples_title_html, intro_html, log_html
from ui.responder import Asked, Responder, read_scope, stopped
from ui.scope import scope_html

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported; without it foreign hosts are looked up

import gradio as gr
from starlette.routing import Mount

if TYPE_CHECKING:
    from fastapi import FastAPI

GetAssistant = Callable[[], Assistant]
Update = tuple[str | dict[str, Any], list[Exchange], str]
"""What an event sets: the text box, the conversation as state and as HTML."""

KEEP: dict[str, Any] = gr.skip()
"""Leaves the text box alone: somebody may be typing the next question."""


def mount_chat(
    app: FastAPI, responder: Responder, offers: Offers, *, concurrency: int, question_limit: int
) -> Callable[[], None]:
    """Serve the chat page at ``/`` of ``app``, behind every route that ``app`` has already.

    Returns:
        What to call when the server is told to stop: open pages hold a connection that would otherwise keep it waiting.
    """
    page = build_page(responder, offers, concurrency=concurrency, question_limit=question_limit)
    app.add_middleware(GermanPage)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=0,
    )
    mounted = app.routes[-1]
    assert isinstance(mounted, Mount)
    end_connections: Callable[[], None] = mounted.app.stop_event.set  # type: ignore[attr-defined]
    return end_connections


def build_page(responder: Responder, offers: Offers, *, concurrency: int, question_limit: int) -> gr.Blocks:
    """The page with all its events."""
    events, assistant = Events(responder, offers), responder.assistant
    page: gr.Blocks
    with gr.Blocks(title=say("chat", "title"), analytics_enabled=False, fill_width=True) as page:
        html(intro_html(question_limit), elem_id="fs-intro")
        html(log_html(), elem_id="fs-conversation")
        conversation = html("", elem_id="fs-carrier")
        state = gr.State([], time_to_live=3600)
        with gr.Column(elem_id="fs-examples"):
            html(examples_title_html(), elem_id="fs-examples-title")
            examples = [gr.Button(question, elem_classes="fs-example") for question in example_questions(assistant)]
        with gr.Row(elem_id="fs-form"):
            html(lambda: scope_html(documents(assistant)), elem_id="fs-scope")
            box = gr.Textbox(
                label=say("chat", "label"),
                placeholder=say("chat", "placeholder"),
                lines=1,
                max_lines=6,
                elem_id="fs-box",
            )
            ask = gr.Button(say("chat", "ask"), variant="primary", elem_id="fs-ask")
            stop = gr.Button(say("chat", "stop"), elem_id="fs-stop")
            new = gr.Button(say("chat", "new"), elem_id="fs-new")
        html(lambda: end_html(documents(assistant)), elem_id="fs-end")
        # Never seen: here the page's script writes down the picked documents, and what buttons in the conversation ask.
        with gr.Column(elem_id="fs-unseen"):
            scope = gr.Textbox("", elem_id="fs-picked", show_label=False)
            command = gr.Textbox("", elem_id="fs-command", show_label=False)

        shown: list[Any] = [box, state, conversation]
        asking: dict[str, Any] = {
            "outputs": shown,
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": concurrency,
            "trigger_mode": "always_last",  # a question sent while an answer comes is asked next, not dropped
        }
        asked = [gr.on([box.submit, ask.click], events.ask, [box, state, scope], **asking)]
        asked += [example.click(events.ask, [example, state, scope], **asking) for example in examples]
        asked += [command.submit(events.obey, [command, state], **asking)]
        plain: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        stop.click(events.stop, [state], shown, cancels=asked, **plain)
        new.click(lambda: ("", [], ""), None, shown, cancels=asked, **plain)
    page.queue(max_size=4 * concurrency)
    return page


def html(value: str | Callable[[], str], *, elem_id: str) -> gr.Markdown:
    """A component that shows ``value`` as it is.

    Gradio's sanitizer is off because it removes the names that screen readers need. What it would protect from cannot
    come in: every text that is not ours is escaped where the HTML is made.
    """
    return gr.Markdown(value, elem_id=elem_id, sanitize_html=False, latex_delimiters=[])


class Events:
    """What happens on the page, as Gradio wants it told."""

    def __init__(self, responder: Responder, offers: Offers) -> None:
        self._responder = responder
        self._offers = offers

    def ask(self, question: str, exchanges: Sequence[Exchange], scope: str) -> Iterator[Update]:
        """Answer what was typed. The box is emptied once: then the next question may be in it."""
        if not question.strip():
            yield self._shown(exchanges)
            return
        emptied: str | dict[str, Any] = ""
        for conversation in self._responder.respond(Asked(question=question, documents=read_scope(scope)), exchanges):
            yield emptied, *self._shown(conversation)[1:]
            emptied = KEEP

    def obey(self, command: str, exchanges: Sequence[Exchange]) -> Iterator[Update]:
        """Answer what a button in the conversation asks."""
        asked = Asked.read(command)
        if asked is None:
            yield self._shown(exchanges)
            return
        for conversation in self._responder.respond(asked, exchanges):
            yield self._shown(conversation)

    def stop(self, exchanges: Sequence[Exchange]) -> Update:
        """Give up the question that is being worked on."""
        return self._shown(stopped(exchanges))

    def _shown(self, exchanges: Sequence[Exchange]) -> Update:
        return KEEP, list(exchanges), carrier_html(exchanges, self._offers)


def example_questions(assistant: GetAssistant, most: int = 4) -> list[str]:
    """The first curated question of each FAQ document: questions that the documents really answer."""
    questions = []
    try:
        for summary in assistant().documents():
            faqs = assistant().document(summary.id).faqs if summary.kind == "faq" else ()
            questions += [faq.question for faq in faqs[:1]]
    except AssistantError:
        return []  # the server says why when it starts, and the page with the first question
    return questions[:most]


def documents(assistant: GetAssistant) -> Sequence[DocumentSummary]:
    """All documents, or none while there is no index."""
    try:
        return assistant().documents()
    except AssistantError:
        return ()
