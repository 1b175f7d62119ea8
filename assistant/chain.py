"""The LangChain side: evidence to prompt, prompt to chat model, text to lines, as one runnable.

LangChain's types stay in this module; what comes out are plain strings and our own nouns. Tracing is switched off,
whatever the environment says: questions are personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from langchain.chat_models import init_chat_model
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough
from langsmith import tracing_context

from assistant.domain import Query, Turn
from assistant.errors import GenerationError

if TYPE_CHECKING:
    from assistant.service import Assistant


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


def open_model(name: str, *, base_url: str = "", api_key: str = "", timeout: float = 60.0) -> BaseChatModel:
    """The chat model ``name`` (``provider:model``); with ``base_url`` a bare name is an OpenAI-compatible one.

    Raises:
        GenerationError: if the provider is unknown or its package is missing.
    """
    options: dict[str, Any] = {"timeout": timeout, "max_retries": 1, "temperature": 0}
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
    """``{"question", "evidence": list[str], "history": tuple[Turn, ...]}`` to the model's text."""
    prompt = ChatPromptTemplate.from_messages([("system", _prompt("answer.md")), ("human", _prompt("question.md"))])
    return RunnableLambda(_prompt_values) | prompt | model | StrOutputParser()


def answering_chain(retriever: BaseRetriever, model: BaseChatModel) -> Runnable[dict[str, Any], str]:
    """The whole way as one runnable: ``{"question"}`` to retriever, prompt, chat model and text."""
    found = RunnableLambda(lambda values: values["question"]) | retriever | _page_contents
    return RunnablePassthrough.assign(evidence=found) | writing_chain(model)


class Writer:
    """Lets a chat model write an answer from numbered evidence sentences."""

    def __init__(self, model: BaseChatModel, name: str) -> None:
        self.name = name
        self._chain = writing_chain(model)

    def write(self, question: str, evidence: Sequence[str], history: Sequence[Turn] = ()) -> str:
        """The model's text, unchecked.

        Raises:
            GenerationError: if the model cannot be reached, fails, or returns nothing.
        """
        try:
            with tracing_context(enabled=False):
                text = self._chain.invoke({"question": question, "evidence": list(evidence), "history": history})
        except Exception as error:  # a provider may raise anything
            raise GenerationError("model_unavailable", model=self.name, reason=_first_line(error)) from error
        if not text.strip():
            raise GenerationError("model_empty", model=self.name)
        return text


def _prompt_values(values: dict[str, Any]) -> dict[str, str]:
    numbered = (f"[{number}] {escaped(text)}" for number, text in enumerate(values["evidence"], start=1))
    turns = values.get("history", ())
    history = "".join(f"Frühere Frage: {escaped(turn.question)}\n" for turn in turns)
    return {"question": escaped(values["question"]), "evidence": "\n".join(numbered), "history": history}


def escaped(text: str) -> str:
    """``text`` on one line, with our own marks and delimiters made harmless."""
    line = " ".join(text.split())
    return line.replace("<", "‹").replace(">", "›").replace("[", "(").replace("]", ")")


def _page_contents(documents: Sequence[LangChainDocument]) -> list[str]:
    return [document.page_content for document in documents]


def _prompt(name: str) -> str:
    return files("assistant").joinpath("prompts", name).read_text(encoding="utf-8")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
