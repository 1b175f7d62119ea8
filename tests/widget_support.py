"""Other sites that embed the widget, and a server that behaves badly on purpose, for tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ui_support import Server, environment, running_server

from assistant.settings import Settings
from assistant.sse import frame
from ui.exchange import Contact
from ui.widget import widget_script

CONTACT = Contact(**Settings().contact.model_dump())
"""Whom the shipped settings name."""

# What a page's style may do to everything in sight.
HOSTILE_STYLE = """
* {
  all: unset !important; color: red !important; font: 3px/1 fantasy !important; letter-spacing: 2em !important;
  text-transform: uppercase !important; visibility: hidden !important; opacity: .1 !important;
  filter: blur(9px) !important; transform: rotate(9deg) !important; clip-path: inset(40%) !important;
  direction: rtl !important; cursor: none !important; white-space: pre !important; pointer-events: none !important;
}
style, script, head, title, button, textarea, p, section, form, a { display: none !important; }
html, body, main, h1, fundstelle-chat { display: block !important; }
html, body, main, h1 { opacity: 1 !important; filter: none !important; transform: none !important; }
html, body, main, h1 { clip-path: none !important; direction: ltr !important; }
"""


class Answering(BaseHTTPRequestHandler):
    """One request; what a test puts into :attr:`Site.posts` answers it."""

    def head(self, status: int, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def tell(self, *events: tuple[str, Any]) -> None:
        """Send events of an answer."""
        for name, data in events:
            self.wfile.write(frame(name, data).encode())
        self.wfile.flush()


Reply = Callable[[Answering], None]


@dataclass
class Site:
    """A web site of somebody else.

    ``pages`` are bodies by path; ``headers`` go with each. ``posts`` are the replies to the next questions, one each,
    the last for all further ones; ``asked`` are the bodies of those questions. ``requests`` are the paths asked for.
    """

    url: str
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[Reply] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def embed(self, server: str, *, inside: str = "", attributes: str = 'heading="Fragen an das Bauamt"') -> None:
        """Show the widget of ``server`` on the first page."""
        self.pages["/"] = (
            '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Intranet</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/site.css"></head>'
            f"<body><main><h1>Intranet</h1><fundstelle-chat {attributes}>{inside}"
            f'<a href="{server}/">Zum Assistenten</a></fundstelle-chat></main>'
            f'<script src="{server}/widget.js" defer></script></body></html>'
        )

    def be_strict(self, server: str) -> None:
        """Forbid everything that the widget does not need."""
        self.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; script-src {server}; connect-src {server}; base-uri 'none'; "
            "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )


@contextmanager
def serving_site() -> Iterator[Site]:
    """Run a site on a free port."""

    class Handler(Answering):
        def do_GET(self) -> None:
            site.requests.append(self.path)
            known = self.path in site.pages
            kind = {"css": "text/css", ".js": "text/javascript"}.get(self.path[-3:], "text/html")
            self.head(200 if known else 404, f"{kind}; charset=utf-8", site.headers)
            if self.command == "GET":
                self.wfile.write(site.pages.get(self.path, "").encode())

        do_HEAD = do_GET

        def do_POST(self) -> None:
            site.requests.append(self.path)
            site.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            reply = site.posts.pop(0) if len(site.posts) > 1 else site.posts[0]
            reply(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        site = Site(url=f"http://localhost:{http.server_address[1]}", pages={"/site.css": "", "/favicon.ico": ""})
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.stopped.set()
            http.shutdown()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that may not show the widget."""
    with serving_site() as running:
        yield running


@pytest.fixture
def faulty() -> Iterator[Site]:
    """A server with the real widget whose answers a test writes; its first page shows the widget."""
    with serving_site() as running:
        running.pages["/widget.js"] = widget_script(CONTACT)
        running.embed(running.url)
        yield running


@dataclass(frozen=True, kw_only=True)
class Embedding:
    """A server, and a site that it allows to show its widget."""

    server: Server
    site: Site


@pytest.fixture(scope="session")
def embedding_server(small_index: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedding]:
    """One such pair for all tests; ask for ``embedding`` instead, which tidies the site's pages up."""
    with serving_site() as running:
        folder = tmp_path_factory.mktemp("embedding")
        variables = environment(SERVER_EMBED=f"https://intranet.example.de, {running.url}")
        with running_server(small_index, folder, variables=variables) as server:
            yield Embedding(server=server, site=running)


@pytest.fixture
def embedding(embedding_server: Embedding) -> Embedding:
    """A server, and a site that shows its widget under the strictest policy."""
    site = embedding_server.site
    site.headers.clear()
    site.requests.clear()
    site.pages["/site.css"] = ""
    site.embed(embedding_server.server.url)
    site.be_strict(embedding_server.server.url)
    return embedding_server
