"""The chat page: a Gradio app mounted beside the API.

Gradio's own chat component is not used: its messages have no speaker, its buttons no German names, and one of them
posts to a foreign host. The conversation is HTML of ours in a Markdown component (an HTML component would need
``eval``, which our content security policy forbids); ``static/chat.js`` adds what Gradio lacks: the language of the
page, focus, one announcement per answer.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from assistant.domain import AnswerSentence, Query, Turn
from assistant.errors import AssistantError
from assistant.events import Done, SentenceReady, Withdrawn
from assistant.service import Assistant
from assistant.turns import Turns
from ui.conversation import Exchange, conversation_html, documents_html, examples_title_html, intro_html
from ui.german_typer import say
from ui.page import GermanPage

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported; without it foreign hosts are looked up

import gradio as gr
from starlette.routing import Mount

if TYPE_CHECKING:
    from fastapi import FastAPI

logger = logging.getLogger(__name__)

REMEMBERED = 30
"""Exchanges of a conversation that are kept and shown."""

GetAssistant = Callable[[], Assistant]
Update = tuple[str | dict[str, Any], list[Exchange], str]
"""What an event sets: the text box, the conversation as state and as HTML."""

KEEP: dict[str, Any] = gr.skip()
"""Leaves the text box alone: somebody may be typing the next question."""


def mount_chat(
    app: FastAPI, assistant: GetAssistant, turns: Turns, *, concurrency: int, question_limit: int
) -> Callable[[], None]:
    """Serve the chat page at ``/`` of ``app``, behind every route that ``app`` has already.

    Returns:
        What to call when the server is told to stop: open pages hold a connection that would otherwise keep it waiting.
    """
    page = build_page(assistant, turns, concurrency=concurrency, question_limit=question_limit)
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


def build_page(assistant: GetAssistant, turns: Turns, *, concurrency: int, question_limit: int) -> gr.Blocks:
    """The page with all its events."""
    respond = Responder(assistant, turns).respond
    page: gr.Blocks
    with gr.Blocks(title=say("chat", "title"), analytics_enabled=False, fill_width=True) as page:
        html(intro_html(), elem_id="fs-intro")
        conversation = html("", elem_id="fs-conversation")
        state = gr.State([], time_to_live=3600)
        with gr.Column(elem_id="fs-examples"):
            html(examples_title_html(), elem_id="fs-examples-title")
            examples = [gr.Button(question, elem_classes="fs-example") for question in example_questions(assistant)]
        with gr.Row(elem_id="fs-form"):
            box = gr.Textbox(
                label=say("chat", "label"),
                placeholder=say("chat", "placeholder"),
                lines=1,
                max_lines=6,
                max_length=question_limit,
                elem_id="fs-box",
            )
            ask = gr.Button(say("chat", "ask"), variant="primary", elem_id="fs-ask")
            stop = gr.Button(say("chat", "stop"), elem_id="fs-stop")
            new = gr.Button(say("chat", "new"), elem_id="fs-new")
        html(lambda: documents_html(_documents(assistant)), elem_id="fs-documents")

        shown: list[Any] = [box, state, conversation]
        asking: dict[str, Any] = {
            "outputs": shown,
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": concurrency,
            "trigger_mode": "always_last",  # a question sent while an answer comes is asked next, not dropped
        }
        asked = [gr.on([box.submit, ask.click], respond, [box, state], **asking)]
        asked += [example.click(respond, [example, state], **asking) for example in examples]
        plain: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        stop.click(stopped, [state], shown, cancels=asked, **plain)
        new.click(lambda: ("", [], ""), None, shown, cancels=asked, **plain)
    page.queue(max_size=4 * concurrency)
    return page


def html(value: str | Callable[[], str], *, elem_id: str) -> gr.Markdown:
    """A component that shows ``value`` as it is.

    Gradio's sanitizer is off because it removes the names that screen readers need. What it would protect from cannot
    come in: every text that is not ours is escaped where the HTML is made.
    """
    return gr.Markdown(value, elem_id=elem_id, sanitize_html=False, latex_delimiters=[])


class Responder:
    """Answers one question after the other in a conversation."""

    def __init__(self, assistant: GetAssistant, turns: Turns) -> None:
        self._assistant = assistant
        self._turns = turns

    def respond(self, question: str, exchanges: Sequence[Exchange]) -> Iterator[Update]:
        """Show the question at once, then each sentence as it comes, then the whole answer or what went wrong."""
        earlier = list(exchanges)[-REMEMBERED:]
        if not question.strip():
            yield KEEP, earlier, conversation_html(earlier)
            return
        emptied: str | dict[str, Any] = ""
        for exchange in self._answering(question, earlier):
            yield emptied, [*earlier, exchange], conversation_html([*earlier, exchange])
            emptied = KEEP

    def _answering(self, question: str, earlier: Sequence[Exchange]) -> Iterator[Exchange]:
        history = tuple(Turn(question=one.question, answer=one.answer.text) for one in earlier if one.answer)
        sentences: tuple[AnswerSentence, ...] = ()
        yield Exchange(question=question)
        try:
            with closing(self._turns.stream(self._assistant(), Query(question=question, history=history))) as events:
                for event in events:
                    match event:
                        case SentenceReady(sentence=sentence):
                            sentences = (*sentences, sentence)
                            yield Exchange(question=question, sentences=sentences)
                        case Withdrawn():
                            sentences = ()
                        case Done(answer=answer):
                            yield Exchange(question=question, answer=answer)
        except AssistantError as error:
            yield Exchange(question=question, error=str(error))
        except Exception:
            # Gradio would show an English toast; whoever asked gets a German sentence, the log gets everything.
            logger.exception("the chat page could not answer")
            yield Exchange(question=question, error=say("chat", "failed"))


def stopped(exchanges: Sequence[Exchange]) -> Update:
    """Give up the question that is being worked on."""
    settled = [
        one if one.answer or one.error else Exchange(question=one.question, error=say("chat", "stopped"))
        for one in exchanges
    ]
    return KEEP, settled, conversation_html(settled)


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


def _documents(assistant: GetAssistant) -> Sequence[Any]:
    try:
        return assistant().documents()
    except AssistantError:
        return ()
