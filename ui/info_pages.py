"""Help, privacy and accessibility statement: Markdown of ours or of the operator's, with what the settings know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from assistant.errors import SettingsError
from ingest.markdown import as_html
from ui.german_typer import say
from ui.viewer_html import BESIDE_HEAD, INFO_PAGES, frame_html

if TYPE_CHECKING:
    from assistant.settings import Settings

SHIPPED = Path(__file__).with_name("info")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def info_routes(settings: Settings) -> list[Route]:
    """The routes of the pages, each read and filled in once.

    Raises:
        SettingsError: if a page of the operator's cannot be read.
    """
    values = facts(settings)
    return [_route(name, page_html(name, page_text(name, settings.operator.pages), values)) for name in INFO_PAGES]


def page_text(name: str, own: Path | None) -> str:
    """The Markdown of the page ``name``: the operator's where there is one in ``own``, else ours.

    Raises:
        SettingsError: if it cannot be read.
    """
    file = own / f"{name}.md" if own else SHIPPED / f"{name}.md"
    try:
        if own and own.is_dir() and not file.exists():
            file = SHIPPED / f"{name}.md"
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SettingsError("page_unreadable", file=file, reason=error) from error


def page_html(name: str, markdown: str, values: Mapping[str, str]) -> str:
    """The page as HTML. ``{placeholders}`` that we know are filled in, escaped; any others stay as they are."""
    body = PLACEHOLDER.sub(lambda found: escape(values.get(found[1], found[0])), as_html(markdown))
    return frame_html(say("info", name), f'<article class="fs-info">{body}</article>', head=BESIDE_HEAD)


def facts(settings: Settings) -> Mapping[str, str]:
    """What the pages say about this installation, by placeholder."""
    operator = settings.operator
    reach = ", ".join(part for part in (operator.address, operator.phone) if part)
    return {
        "operator": operator.name or say("info", "missing_name"),
        "operator_reach": reach,
        "operator_mail": operator.mail or say("info", "missing_mail"),
        "data_protection": operator.data_protection or say("info", "missing_data_protection"),
        "enforcement": operator.enforcement or say("info", "missing_enforcement"),
        "contact": ", ".join(part for part in (settings.contact.name, settings.contact.mail) if part),
        "model": _model(settings),
        "embedding": _embedding(settings),
        "feedback": _feedback(settings),
        "log": say("info", "access_log" if settings.log_level in ("DEBUG", "INFO") else "quiet_log"),
    }


def _model(settings: Settings) -> str:
    model = settings.model
    if not model.name:
        return say("info", "no_writer" if _asks_elsewhere(settings) else "no_model")
    where = say("info", "where", host=_host(model.base_url)) if model.base_url else ""
    return say("info", "with_model", model=model.name, where=where)


def _asks_elsewhere(settings: Settings) -> bool:
    return settings.embedding.backend == "openai" or settings.reranker.backend == "http"


def _embedding(settings: Settings) -> str:
    embedding = settings.embedding
    told = [say("info", "with_embedding", where=_host(embedding.base_url))] if embedding.backend == "openai" else []
    if settings.reranker.backend == "http":
        told.append(say("info", "with_reranker", where=_host(settings.reranker.base_url)))
    return " ".join(told)


def _feedback(settings: Settings) -> str:
    if settings.feedback.file is None:
        return say("info", "no_feedback")
    return say("info", "with_feedback", megabytes=2 * settings.feedback.megabytes)


def _host(address: str) -> str:
    """The host of an address, without any password in it."""
    return urlsplit(address).hostname or address


def _route(name: str, html: str) -> Route:
    def show(request: Request) -> HTMLResponse:
        return HTMLResponse(html)

    return Route(f"/{name}", show)
