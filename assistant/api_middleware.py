"""What surrounds every request: security headers, one form of errors, an access log without questions."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api_errors import status_body
from assistant.api_patience import Patience, PatientServer
from assistant.api_watch import Watched, log_access

BODY_LIMIT = 64 * 1024
"""Most bytes of a request body; the longest question with its history needs far less."""

WIDGET_ROUTE = "/api/ask/stream"
"""All that the widget calls."""


def add_middleware(app: FastAPI, *, origins: Sequence[str], embed: Sequence[str], hosts: Sequence[str]) -> None:
    """Surround ``app`` and everything mounted in it. What is added last is met first.

    Args:
        app: what to surround.
        origins: sites that may call everything and frame every page.
        embed: sites that may show the widget, and so ask questions.
        hosts: names that the server answers to.
    """
    app.add_middleware(AnsweredBugs)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=BODY_LIMIT)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    # Always, even with no origin allowed: without it a mounted Gradio app would admit every origin with credentials.
    app.add_middleware(
        CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"], allow_headers=["Content-Type"]
    )
    app.add_middleware(WidgetSites, sites=(*origins, *embed))
    app.add_middleware(GermanErrors)
    app.add_middleware(PatientServer, patience=Patience())
    app.add_middleware(SecurityHeaders, origins=origins)
    app.add_middleware(Watched, told=log_access)


def content_security_policy(origins: Sequence[str]) -> str:
    """Only this server may be loaded from or talked to; only ``origins`` may frame its pages.

    Gradio needs inline scripts and styles, but no ``eval``.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self'",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-src 'self'",  # the page viewer beside the chat
            "object-src 'none'",
            "base-uri 'self'",
            " ".join(("frame-ancestors 'self'", *origins)),
        )
    )


class SecurityHeaders:
    """Adds the headers that keep browsers from sniffing, framing, leaking and loading from elsewhere.

    A page that brings a policy of its own keeps it.
    """

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self.app = app
        self._policy = content_security_policy(origins)
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Content-Security-Policy", self._policy)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class WidgetSites:
    """Lets the widget on other sites ask its questions: one route, no credentials."""

    def __init__(self, app: ASGIApp, *, sites: Sequence[str]) -> None:
        self.app = app
        # Retry-After is hidden from scripts of other sites unless it is named here.
        self._for_sites = CORSMiddleware(
            app, allow_origins=sites, allow_methods=["POST"], allow_private_network=True, expose_headers=["Retry-After"]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        asks = scope["type"] == "http" and scope["path"] == WIDGET_ROUTE
        await (self._for_sites if asks else self.app)(scope, receive, send)


class AnsweredBugs:
    """Answers what nobody caught inside of all other middleware.

    The framework's own answer would leave outside of it: without security headers, and without what lets a page of
    an allowed site read it. The error goes on, so the server's log shows it in full.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noting_start)
        except Exception:
            if scope["type"] == "http" and not started:
                await JSONResponse(status_body(500, scope["path"]), status_code=500)(scope, receive, send)
            raise


class GermanErrors:
    """Gives the plain-text errors of the framework's middleware the same form as all other errors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        replaced = False

        async def send_german(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_plain_error(message):
                replaced = True
                body = json.dumps(status_body(message["status"], scope["path"])).encode()
                headers = MutableHeaders(scope=message)
                headers["Content-Type"] = "application/json"
                headers["Content-Length"] = str(len(body))
                await send(message)
                await send({"type": "http.response.body", "body": body})
            elif not replaced:
                await send(message)

        await self.app(scope, receive, send_german)


def _is_plain_error(message: Message) -> bool:
    content_type = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] >= 400 and content_type.startswith("text/plain")
