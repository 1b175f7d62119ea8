"""Mends the HTML that Gradio serves as the chat page, before any script runs.

Gradio hard-codes an English page with its own preview pictures and adds head elements only by script, after a moment
of unstyled page.
"""

from __future__ import annotations

import re
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.german_typer import say

HEAD = """
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/fundstelle/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/fundstelle/palette.css">
<link rel="stylesheet" href="/fundstelle/chat.css">
<script src="/fundstelle/chat.js" type="module"></script>
</head>"""

PREVIEW = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class GermanPage:
    """Lets the page at ``/`` be German, in our style, and honest where scripts are off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def mend(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    mended = german(body.decode()).encode()
                    MutableHeaders(scope=start)["Content-Length"] = str(len(mended))
                    await send(start)
                    await send({"type": "http.response.body", "body": mended})

        await self.app(scope, receive, mend)


def german(page: str) -> str:
    """Gradio's page with our language and head, without its previews, and with a word to those without scripts."""
    page = PREVIEW.sub("", page).replace('lang="en"', 'lang="de"', 1)
    page = page.replace("</head>", HEAD, 1)
    no_script = f'<noscript><p class="fs-noscript">{escape(say("chat", "no_script"))}</p></noscript>'
    return page.replace("<gradio-app", f"{no_script}<gradio-app", 1)


def _is_html(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
