"""Errors of the API: always ``{"error": {"code", "message"}}`` in German, never with anything of what was sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from assistant.errors import (
    AssistantError,
    EmbeddingError,
    FeedbackError,
    GenerationError,
    InputError,
    StoredIndexError,
    UnknownDocumentError,
)
from assistant.requests import input_error
from assistant.texts import message, texts

logger = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    422: "field_invalid",
    429: "busy",
    500: "internal",
    503: "unavailable",
}


class ErrorDetail(BaseModel):
    """What went wrong: ``code`` for programs, ``message`` for people."""

    code: str
    message: str


class ErrorBody(BaseModel):
    """The body of every error."""

    error: ErrorDetail


class BusyServer(Exception):
    """More questions are being worked on than the server takes."""


def error_body(error: AssistantError) -> dict[str, dict[str, str]]:
    """The JSON form of an error of ours, without input and without paths of the server."""
    public = texts()["http"].get(error.code)
    return _body(error.code, str(error) if public is None else public)


def status_body(status: int, path: str = "") -> dict[str, dict[str, Any]]:
    """The JSON form of an error that is known by its HTTP status alone, as the route ``path`` speaks."""
    return in_protocol(path, status, _status_body(status))


def in_protocol(path: str, status: int, body: dict[str, dict[str, str]]) -> dict[str, dict[str, Any]]:
    """``body``; below ``/v1`` with the further fields that OpenAI's protocol has."""
    if not path.startswith("/v1/"):
        return body
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {**body["error"], "type": kind, "param": None}}


def _status_body(status: int) -> dict[str, dict[str, str]]:
    code = CODES.get(status, CODES[500] if status >= 500 else CODES[400])
    return _body(code, message("http", code))


def failure_body(error: Exception) -> dict[str, dict[str, str]]:
    """What a stream tells when it fails after it began. A bug goes to the log, never to the client."""
    if isinstance(error, AssistantError):
        return error_body(error)
    logger.error("streamed answer failed", exc_info=error)
    return _status_body(500)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that may answer with these errors."""
    return {status: {"model": ErrorBody, "description": CODES[status]} for status in statuses}


def add_error_handlers(app: FastAPI) -> None:
    """Let every error leave ``app`` in the same form."""
    app.add_exception_handler(AssistantError, _on_assistant_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(BusyServer, _on_busy)


def _status(error: AssistantError) -> int:
    if isinstance(error, UnknownDocumentError):
        return 404
    if isinstance(error, InputError):
        return 400 if error.code == "json_invalid" else 422
    if isinstance(error, StoredIndexError | EmbeddingError | GenerationError | FeedbackError):
        return 503
    return 500


def _body(code: str, text: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": code, "message": text}}


async def _on_assistant_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)
    status = _status(error)
    return _response(request, error_body(error), status, _retry(status))


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _on_assistant_error(request, input_error(error.errors()))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _response(request, _status_body(error.status_code), error.status_code, error.headers)


async def _on_busy(request: Request, error: Exception) -> Response:
    return _response(request, _body("busy", message("http", "busy")), 503, _retry(503))


def _response(
    request: Request, body: dict[str, dict[str, str]], status: int, headers: Mapping[str, str] | None
) -> Response:
    return JSONResponse(in_protocol(request.url.path, status, body), status, headers)


def _retry(status: int) -> Mapping[str, str]:
    return {"Retry-After": "2"} if status == 503 else {}
