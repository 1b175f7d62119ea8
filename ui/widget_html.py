"""The pages around the widget as HTML. Pure: values in, text out, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ui.german_typer import say
from ui.viewer_html import frame_html

THEMES = ("", "light", "dark", "auto")


def embed_html(attributes: Mapping[str, str]) -> str:
    """A page with nothing but the widget, for frames on other sites. ``attributes`` are those of the element."""
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        f"<title>{escape(attributes.get('heading') or say('widget', 'heading'))}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="/fundstelle/favicon.svg">'
        '<link rel="stylesheet" href="/fundstelle/embed.css"><script src="/widget.js" defer></script></head>'
        f"<body><main>{_element({**attributes, 'heading-level': '1'})}</main></body></html>"
    )


def embedding_html(sites: Sequence[str]) -> str:
    """The page that shows the widget, lets one set it up and gives the lines to copy.

    Args:
        sites: other sites that may show it.
    """
    parts = [
        f"<h1>{_say('title')}</h1><p>{_say('intro')}</p>",
        f'<div class="fs-try"><div>{_form()}</div><div><h2>{_say("preview")}</h2>{_element({})}</div></div>',
        _variant("element", f"<p>{_say('element_how')}</p>"),
        _variant("frame", f'<p>{_say("frame_how")}</p><iframe src="/embed" title="{_say("frame_title")}"></iframe>'),
        f"<section><h2>{_say('sites')}</h2>{_sites(sites)}</section>",
        f'<p class="fs-unseen" role="status" id="fs-told" data-copied="{_say("copied")}"></p>',
    ]
    head = (
        '<link rel="stylesheet" href="/fundstelle/embedding.css">'
        '<script src="/widget.js" defer></script><script src="/fundstelle/embedding.js" defer></script>'
    )
    return frame_html(say("embedding", "title"), "".join(parts), head=head)


def _element(attributes: Mapping[str, str]) -> str:
    """The element, with a link for readers without scripts."""
    shown = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<fundstelle-chat{shown}><a href="/">{_say("fallback")}</a></fundstelle-chat>'


def _form() -> str:
    themes = "".join(f'<option value="{theme}">{_say("theme_" + (theme or "page"))}</option>' for theme in THEMES)
    return (
        f'<h2>{_say("settings")}</h2><form id="fs-settings" class="fs-settings">'
        f'<label for="fs-heading">{_say("heading")}</label>'
        f'<input id="fs-heading" name="heading" autocomplete="off" placeholder="{escape(say("widget", "heading"))}">'
        f'<label for="fs-theme">{_say("theme")}</label><select id="fs-theme" name="theme">{themes}</select>'
        f'<fieldset id="fs-documents" hidden><legend>{_say("documents")}</legend></fieldset></form>'
    )


def _variant(name: str, before: str) -> str:
    """One way to embed: what it is, the lines to copy, and what the page's policy has to allow."""
    code = f'<pre class="fs-code" tabindex="0" role="group" aria-label="{_say("code")}"><code id="fs-{name}">'
    copy = f'<button type="button" data-copies="fs-{name}">{_say("copy")}</button>'
    return (
        f"<section><h2>{_say(name)}</h2>{before}{code}{_say('no_script')}</code></pre><p>{copy}</p>"
        f'<p>{_say("policy")}</p><pre class="fs-code" tabindex="0" role="group" aria-label="{_say("policy_code")}">'
        f'<code id="fs-{name}-policy"></code></pre></section>'
    )


def _sites(sites: Sequence[str]) -> str:
    if not sites:
        return f"<p>{_say('no_sites')}</p>"
    listed = "".join(f"<li><code>{escape(site)}</code></li>" for site in sites)
    return f"<p>{_say('some_sites')}</p><ul>{listed}</ul>"


def _say(key: str) -> str:
    return escape(say("embedding", key))
