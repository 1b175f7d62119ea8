"""The widget over HTTP: its file, its frame, and which sites may ask."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient
from ui_support import Server
from widget_support import CONTACT, Embedding

from assistant.api import create_app
from assistant.errors import SettingsError
from assistant.service import Assistant
from assistant.settings import ServerSettings, load_settings
from ui.exchange import Contact
from ui.widget import widget_script, widget_texts
from ui.widget_html import embed_html

ROOT = Path(__file__).resolve().parents[1]
ASKING = "/api/ask/stream"
QUESTION = {"question": "Wo sitzt die Musterstelle?"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


def test_the_widget_stays_small() -> None:
    assert len(gzip.compress(widget_script(CONTACT).encode())) <= 15_000


def test_the_widget_brings_no_comments_and_loses_nothing_else() -> None:
    source = (ROOT / "ui" / "element" / "chat.js").read_text(encoding="utf-8")
    kept = [
        line for line in source.splitlines() if "}" in line and "/*" not in line and not line.strip().startswith("//")
    ]

    script = widget_script(CONTACT)
    assert kept
    assert [line for line in kept if line not in script and not line.startswith("  const TEXTS")] == []
    assert not re.search(r"^ *(//|/\*)", script, re.MULTILINE)


def test_the_widget_names_nobody_where_nobody_helps() -> None:
    assert "info@inge-sachsen.de" in widget_script(CONTACT)
    assert "info@inge-sachsen.de" not in widget_script(Contact())


def test_the_widget_makes_nothing_from_markup_and_keeps_nothing() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|\.style\b"
    assert re.findall(forbidden, widget_script(CONTACT)) == []
    assert re.findall(r"localStorage|sessionStorage|indexedDB|\.cookie|https?://[a-z]", widget_script(CONTACT)) == []


def test_the_widget_is_served_for_other_sites(client: httpx.Client) -> None:
    response = client.get("/widget.js")

    assert response.text == widget_script(CONTACT)
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"] == "public, max-age=3600"
    assert response.headers["content-encoding"] == "gzip"
    assert response.cookies == httpx.Cookies()


def test_an_unchanged_widget_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get("/widget.js").headers["etag"]
    again = client.get("/widget.js", headers={"If-None-Match": tag})
    other = client.get("/widget.js", headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert other.status_code == 200


def test_an_allowed_site_may_ask_without_credentials(embedding: Embedding) -> None:
    origin = {"Origin": embedding.site.url}
    asked = httpx.post(embedding.server.url + ASKING, json=QUESTION, headers=origin, timeout=60)
    before = httpx.options(embedding.server.url + ASKING, headers={**origin, **PREFLIGHT})

    for response in (asked, before):
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == embedding.site.url
        assert "Origin" in response.headers["vary"]
        assert "access-control-allow-credentials" not in response.headers
    assert before.headers["access-control-allow-methods"] == "POST"
    assert asked.headers["access-control-expose-headers"] == "Retry-After"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"question": ""}, 422), ({"question": "Was?", "documents": ["fehlt"]}, 404), ("x" * 70_000, 413)],
)
def test_an_allowed_site_may_read_why_it_was_refused(body: object, status: int, embedding: Embedding) -> None:
    headers = {"Origin": embedding.site.url}
    refused = httpx.post(embedding.server.url + ASKING, json=body, headers=headers, timeout=60)

    assert refused.status_code == status
    assert refused.headers["access-control-allow-origin"] == embedding.site.url


def test_an_allowed_site_may_read_that_there_is_a_bug(embedding: Embedding) -> None:
    def broken() -> Assistant:
        raise RuntimeError("a bug")

    app = create_app(broken, ServerSettings(embed=(embedding.site.url,)))
    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.post(ASKING, json=QUESTION, headers={"Origin": embedding.site.url})

    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal"
    assert response.headers["access-control-allow-origin"] == embedding.site.url
    assert response.headers["x-content-type-options"] == "nosniff"


def test_an_allowed_site_gets_nothing_but_answers(embedding: Embedding) -> None:
    origin = {"Origin": embedding.site.url}
    with httpx.Client(base_url=embedding.server.url, headers=origin, timeout=60) as client:
        for response in (
            client.get("/api/documents"),
            client.get("/api/documents/leitfaden.md"),
            client.get("/api/search", params={"q": "Beschluss"}),
            client.post("/api/ask", json=QUESTION),
            client.get("/config"),
            client.options("/api/ask", headers=PREFLIGHT),
            client.options("/gradio_api/queue/join", headers=PREFLIGHT),
        ):
            assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "origin",
    ["http://evil.test", "null", "https://intranet.example.de.evil.test", "https://evil.intranet.example.de",
     "http://intranet.example.de", "https://intranet.example.de:444"],
)  # fmt: skip
def test_other_sites_may_not_ask(origin: str, embedding: Embedding) -> None:
    asked = httpx.post(embedding.server.url + ASKING, json=QUESTION, headers={"Origin": origin}, timeout=60)
    before = httpx.options(embedding.server.url + ASKING, headers={"Origin": origin, **PREFLIGHT})

    assert "access-control-allow-origin" not in asked.headers
    assert before.status_code == 400
    assert "access-control-allow-origin" not in before.headers


def test_without_the_setting_no_other_site_may_ask_or_frame(client: httpx.Client) -> None:
    asked = client.post(ASKING, json=QUESTION, headers={"Origin": "http://localhost:1"})

    assert "access-control-allow-origin" not in asked.headers
    assert "frame-ancestors 'self'" in client.get("/embed").headers["content-security-policy"].split("; ")


def test_only_allowed_sites_may_frame_only_the_widget(embedding: Embedding) -> None:
    def ancestors(path: str) -> str:
        policy = httpx.get(embedding.server.url + path, timeout=60).headers["content-security-policy"]
        return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))

    assert ancestors("/embed") == f"frame-ancestors 'self' https://intranet.example.de {embedding.site.url}"
    for path in ("/", "/einbetten", "/dokumente/leitfaden.md", "/api/documents"):
        assert ancestors(path) == "frame-ancestors 'self'"


@pytest.mark.parametrize("path", ["/embed", "/einbetten"])
def test_its_pages_are_under_a_strict_policy(path: str, client: httpx.Client) -> None:
    response = client.get(path)

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_frame_passes_its_parameters_on_as_text(client: httpx.Client) -> None:
    attack = '"><script>alert(1)</script>'
    asked = {"heading": attack, "documents": "a&b,c", "theme": "dark", "onclick": "alert(1)"}
    page = client.get("/embed", params=asked).text

    assert attack not in page
    assert "onclick" not in page
    assert 'heading="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" documents="a&amp;b,c" theme="dark"' in page
    assert "<title>KI</title>" in embed_html({"heading": "KI"})


def test_the_page_for_embedders_names_the_sites(embedding: Embedding, server: Server) -> None:
    allowed = httpx.get(f"{embedding.server.url}/einbetten", timeout=60).text
    own = httpx.get(f"{server.url}/einbetten", timeout=60).text

    assert "<code>https://intranet.example.de</code>" in allowed
    assert "Bisher darf nur dieser Server selbst" in own


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.de", "https://example.de/", "https://example.de/pfad", "example.de", "null", "https://",
     "HTTPS://example.de", "https://user@example.de", "ftp://example.de", "https://example.de; script-src *",
     "https://a b", "https://example.de:443", "http://example.de:80", "https://rathaus-köln.de"],
)  # fmt: skip
def test_a_site_that_no_browser_would_name_like_that_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match=r"server\.embed.*wie https://intranet\.example\.de"):
        load_settings(environment={}, overrides={"server.embed": [origin]})


def test_sites_are_separated_by_commas() -> None:
    sites = {
        "": (),
        "https://a.de": ("https://a.de",),
        "https://a.de, http://[::1]:8000": ("https://a.de", "http://[::1]:8000"),
    }
    for value, expected in sites.items():
        assert load_settings(environment={"FUNDSTELLE_SERVER_EMBED": value}).server.embed == expected


def test_every_word_of_the_widget_and_every_variable_of_its_look_is_documented() -> None:
    guide = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    style = (ROOT / "ui" / "element" / "chat.css").read_text(encoding="utf-8")
    source = (ROOT / "ui" / "element" / "chat.js").read_text(encoding="utf-8")

    documented = set(re.findall(r"`([a-z_:-]+)`", guide))
    assert set(widget_texts(CONTACT)) <= documented
    assert set(re.findall(r"--fundstelle-[a-z-]+", style)) <= documented
    assert {part for parts in re.findall(r'\bpart: "([a-z ]+)"', source) for part in parts.split()} <= documented
