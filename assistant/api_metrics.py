"""How the server is doing, for Prometheus: requests by route and status, and their times. No word of a question."""

from __future__ import annotations

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import Scope

from assistant.api_watch import Watched

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the classes that times are counted in."""

OTHER = "other"
"""The route of requests that met none, so that nobody can fill the memory with paths of his own."""


_ENDS = ("endpoint", "app")
"""Where routes and mounts keep what answers for them."""


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


def add_metrics(app: FastAPI) -> None:
    """Measure ``app``, and add the route that tells."""
    metrics = Metrics()

    def told(scope: Scope, status: int, seconds: float) -> None:
        metrics.ended(_route(app, scope), status, seconds)

    app.add_middleware(Watched, told=told, began=metrics.began)

    @app.get("/metrics", response_class=Response)
    async def tell() -> Response:
        """Counts and times since the start, in Prometheus' text format."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _route(app: FastAPI, scope: Scope) -> str:
    """The pattern of the route that a request met."""
    met = scope.get("route")
    if met is None:  # routes that are not FastAPI's leave only what they end at
        end = scope.get("endpoint")
        met = next((route for route in app.routes if end and end in (vars(route).get(n) for n in _ENDS)), None)
    return getattr(met, "path", None) or OTHER
