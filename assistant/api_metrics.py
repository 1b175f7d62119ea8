"""How the server is doing, for Prometheus: requests by route and status, and their times. No word of a question."""

from __future__ import annotations

import time

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the classes that times are counted in."""

OTHER = "other"
"""The route of requests that met none, so that nobody can fill the memory with paths of his own."""


class Metrics:
    """Counts what passes one app. Every app has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "fundstelle_requests", "Requests answered", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "fundstelle_request_seconds",
            "Seconds until the whole response was sent",
            ["route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._at_work = Gauge("fundstelle_requests_at_work", "Requests being answered", registry=self._registry)

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def began(self) -> None:
        """Count a request that came in."""
        self._at_work.inc()

    def ended(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered, or whose client left (status 0)."""
        self._at_work.dec()
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Measured:
    """Tells ``metrics`` of every request."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.began()
        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            route = getattr(scope.get("route"), "path", OTHER)
            self._metrics.ended(route, status, time.perf_counter() - started)


def add_metrics(app: FastAPI) -> None:
    """Measure ``app``, and add the route that tells."""
    metrics = Metrics()
    app.add_middleware(Measured, metrics=metrics)

    @app.get("/metrics", response_class=Response)
    async def tell() -> Response:
        """Counts and times since the start, in Prometheus' text format."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
