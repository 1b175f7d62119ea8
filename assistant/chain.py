"""The LangChain side: evidence to prompt, prompt to chat model, chat model to text, as one runnable.

LangChain's types stay in this module; what comes out are plain strings. Tracing is off, whatever the environment says:
questions are personal data.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Generator, Sequence
from typing import TYPE_CHECKING, Any

import langsmith
from langchain.chat_models import init_chat_model
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough
from langchain_core.tools import BaseTool, create_retriever_tool

from assistant.domain import Query, Turn
from assistant.drafts import FORGET, without_thoughts
from assistant.errors import GenerationError
from assistant.prompting import follow_up_values, prompt, prompt_values
from assistant.streaming import Limits, bounded

if TYPE_CHECKING:
    from assistant.service import Assistant

langsmith.configure(enabled=False)

ATTEMPTS = 3
FIRST_PAUSE = 0.25
"""Seconds before the second attempt, give or take half; doubled before each further one."""


class FundstelleRetriever(BaseRetriever):
    """Our search as a LangChain retriever: passages with document, offsets, pages and score as metadata."""

    assistant: Any
    k: int = 8
    documents: tuple[str, ...] = ()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        assistant: Assistant = self.assistant
        found = assistant.search(Query(question=query, documents=self.documents), self.k)
        return [
            LangChainDocument(
                page_content=text,
                metadata={
                    "document": hit.passage.document,
                    "start": hit.passage.span.start,
                    "end": hit.passage.span.end,
                    "pages": list(hit.passage.pages),
                    "section": list(hit.passage.headings),
                    "score": hit.score,
                },
            )
            for hit, text in zip(found.hits, found.texts, strict=True)
        ]


def search_tool(retriever: FundstelleRetriever) -> BaseTool:
    """``retriever`` as a tool for agents: a question in, the passages with document, pages and section as text out.

    The documents of the retriever come along as the artifact of the tool message.
    """
    return create_retriever_tool(
        retriever,
        "fundstelle",
        prompt("tool.md").strip(),
        document_prompt=PromptTemplate.from_template("[{document}; {pages}; {section}]\n{page_content}"),
        response_format="content_and_artifact",
    )


def open_model(name: str, *, base_url: str = "", api_key: str = "", timeout: float = 60.0) -> BaseChatModel:
    """The chat model ``name`` (``provider:model``); with ``base_url`` a bare name is an OpenAI-compatible one.

    Raises:
        GenerationError: if the provider is unknown or its package is missing.
    """
    # Retries are ours, so that every provider keeps to the same limits.
    options: dict[str, Any] = {"timeout": timeout, "max_retries": 0, "temperature": 0}
    if base_url:
        options["base_url"] = base_url
        # Local servers want no key, but the client library insists on one.
        options["api_key"] = api_key or "none"
        if ":" not in name:
            options["model_provider"] = "openai"
    elif api_key:
        options["api_key"] = api_key
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except Exception as error:  # every provider package fails in its own way
        raise GenerationError("model_unknown", model=name, reason=_first_line(error)) from error
    return model


def writing_chain(model: BaseChatModel) -> Runnable[dict[str, Any], str]:
    """``{"question", "evidence": list[str], "history": tuple[Turn, ...]}`` to the model's text.

    ``evidence`` holds the numbered sentences in order; ``history`` may be left out.
    """
    messages = ChatPromptTemplate.from_messages([("system", prompt("answer.md")), ("human", prompt("question.md"))])
    return RunnableLambda(_values) | messages | model | StrOutputParser()


def answering_chain(retriever: BaseRetriever, model: BaseChatModel) -> Runnable[dict[str, Any], str]:
    """The whole way as one runnable: ``{"question"}`` to retriever, prompt, chat model and text."""
    found = RunnableLambda(lambda values: values["question"]) | retriever | _page_contents
    return RunnablePassthrough.assign(evidence=found) | writing_chain(model)


class ChatWriter:
    """Lets a chat model write an answer from numbered evidence. Thread-safe.

    Implements ``assistant.generation.Writer``.
    """

    def __init__(self, model: BaseChatModel, *, name: str, limits: Limits) -> None:
        self.name = name
        self._chain = writing_chain(model)
        self._limits = limits
        self._streams = True

    def write(self, question: str, evidence: Sequence[str], history: Sequence[Turn] = ()) -> Generator[str]:
        """The model's text in pieces, unchecked. Closing the generator cancels the call.

        Raises:
            GenerationError: if the model cannot be reached, fails, is too slow, or writes nothing or without end.
        """
        values = {"question": question, "evidence": list(evidence), "history": tuple(history)}
        return bounded(lambda: self._pieces(values), self._limits, self.name)

    async def _pieces(self, values: dict[str, Any]) -> AsyncGenerator[str, None]:
        """Non-empty pieces. Failures are tried again only while nothing has been written yet."""
        written, streams = False, self._streams
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async for piece in self._chain.astream(values) if streams else self._whole(values):
                    if piece:
                        written = True
                        yield piece
                if written or not streams:
                    break
                streams = False
            except Exception as error:  # a provider may raise anything
                if streams and not written and isinstance(error, ValueError):
                    streams = False  # no event came, which LangChain finds wrong
                elif written or attempt == ATTEMPTS or not _passing(error):
                    code = "model_broken" if written else "model_unavailable"
                    raise GenerationError(code, model=self.name, reason=_first_line(error)) from error
            await asyncio.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
        if not written:
            raise GenerationError("model_empty", model=self.name)
        self._streams = streams

    async def _whole(self, values: dict[str, Any]) -> AsyncGenerator[str, None]:
        """The text at once, from a server that does not stream, whatever it is asked."""
        yield await self._chain.ainvoke(values)


class ChatCompleter:
    """Lets a chat model write follow-up questions so that they can be understood alone. Thread-safe.

    Implements ``assistant.completion.Completer``. The model is asked once and has ``seconds`` for all of it.
    """

    def __init__(self, model: BaseChatModel, *, name: str, seconds: float) -> None:
        self.name = name
        messages = ChatPromptTemplate.from_messages(
            [("system", prompt("complete.md")), ("human", prompt("follow_up.md"))]
        )
        self._chain = messages | model | StrOutputParser()
        self._limits = Limits(first=seconds, idle=seconds, total=seconds, characters=2000)

    def complete(self, question: str, history: Sequence[Turn]) -> str:
        """The completed question, unchecked, without the model's thoughts.

        Raises:
            GenerationError: if the model cannot be reached, fails, is too slow, or writes without end.
        """
        values = follow_up_values(question, history)
        pieces = without_thoughts(bounded(lambda: self._pieces(values), self._limits, self.name))
        return "".join(pieces).rpartition(FORGET)[2]

    async def _pieces(self, values: dict[str, str]) -> AsyncGenerator[str, None]:
        try:
            async for piece in self._chain.astream(values):
                yield piece
        except Exception as error:  # a provider may raise anything
            raise GenerationError("model_unavailable", model=self.name, reason=_first_line(error)) from error


def _passing(error: Exception) -> bool:
    """Whether trying again may help: not if the server says that the request itself is wrong."""
    status = getattr(error, "status_code", None)
    return not (isinstance(status, int) and 400 <= status < 500 and status not in (408, 409, 425, 429))


def _values(values: dict[str, Any]) -> dict[str, str]:
    return prompt_values(values["question"], values["evidence"], values.get("history", ()))


def _page_contents(documents: Sequence[LangChainDocument]) -> list[str]:
    return [document.page_content for document in documents]


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
