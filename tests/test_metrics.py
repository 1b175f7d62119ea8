"""What the server tells Prometheus: counts and times, and nothing of what was asked."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def counted(client: httpx.Client, route: str, status: str) -> float:
    """How many requests were answered."""
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            if sample.name == "fundstelle_requests_total" and sample.labels == {"route": route, "status": status}:
                return float(sample.value)
    return 0.0


def test_requests_are_counted_by_route_and_status(client: httpx.Client) -> None:
    before = counted(client, "/api/ask", "200"), counted(client, "/api/ask", "422")
    client.post("/api/ask", json={"question": QUESTION})
    client.post("/api/ask", json={"question": ""})

    assert counted(client, "/api/ask", "200") == before[0] + 1
    assert counted(client, "/api/ask", "422") == before[1] + 1


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/hilfe", "/hilfe"),
        ("/dokumente/leitfaden.md", "/dokumente/{id:path}"),
        ("/widget.js", "/widget.js"),
        ("/fundstelle/favicon.svg", "/fundstelle"),
        ("/v1/models", "/v1/models"),
        ("/nirgends", "other"),
    ],
)
def test_pages_and_files_are_counted_by_their_pattern(path: str, route: str, client: httpx.Client) -> None:
    status = str(client.get(path).status_code)
    before = counted(client, route, status)
    client.get(path)

    assert counted(client, route, status) == before + 1


def test_nothing_of_what_was_asked_is_told(client: httpx.Client) -> None:
    client.get("/api/search", params={"question": QUESTION})
    client.get("/api/documents/geheimnis")
    client.get("/geheimnis")

    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    assert "fundstelle_request_seconds_bucket" in told.text
    assert "geheimnis" not in told.text
    assert "Musterstelle" not in told.text
