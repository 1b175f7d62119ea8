"""Fetching a document from the web without being led into one's own network.

A host's name is looked up once; the addresses that were checked are the ones connected to, so that a name cannot mean
another machine a moment later. The same happens again for every redirect. Asynchronous, because only a task on a loop
can be stopped while it waits for a server that sends its headers one letter at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.message import Message
from typing import Any, BinaryIO

import httpx

from ingest.corpus.addresses import Address, Lookup, PrivateAddress, public_addresses
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.limits import Limits, refuse_larger

REDIRECTS = 5
CONNECT_SECONDS = 10.0
"""Time for each of a host's addresses."""

# Unpacked by us, a small answer could become a huge file.
_HEADERS = {"User-Agent": "Fundstelle", "Accept": "*/*", "Accept-Encoding": "identity"}
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What a server said of a file: where it lay in the end, its type, and its name if the server gave one."""

    url: str
    content_type: str
    name: str


def download(
    url: str, target: BinaryIO, limits: Limits, *, first: Lookup = public_addresses, onward: Lookup = public_addresses
) -> Downloaded:
    """Write what lies at ``url`` to ``target``.

    Args:
        url: http or https, without credentials.
        target: takes the bytes; useless after an error.
        limits: most bytes and seconds, all redirects together.
        first: gives the addresses of the host in ``url``.
        onward: gives the addresses of every host it redirects to.

    Raises:
        CorpusRefusal: if the address may not be used, or no complete file within the limits lies there.
    """
    try:
        followed = _within(limits.seconds, _followed(checked_url(url), target, limits, first, onward))
        # In a thread of its own, as the caller's may have a loop at work already (a notebook has).
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(asyncio.run, followed).result()
    except TimeoutError as error:
        raise CorpusRefusal("download_slow", url=url, seconds=f"{limits.seconds:g}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise CorpusRefusal("download_failed", url=url, reason=reason) from error


def checked_url(url: str) -> httpx.URL:
    """``url``, if it is one that may be fetched.

    Raises:
        CorpusRefusal: ``url_invalid``, ``url_scheme`` or ``url_credentials``.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise CorpusRefusal("url_invalid") from error
    if parsed.scheme not in ("http", "https"):
        raise CorpusRefusal("url_scheme", scheme=parsed.scheme)
    if parsed.userinfo:
        raise CorpusRefusal("url_credentials")
    if not parsed.raw_host or b"%" in parsed.raw_host:  # an escape: no host has such a name
        raise CorpusRefusal("url_invalid")
    return parsed.copy_with(fragment=None)


class PinnedTransport(httpx.AsyncBaseTransport):
    """Connects to the given addresses and to nothing else.

    The host's name stays in the request, and in what its certificate is held against.
    """

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._addresses = addresses
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to the first address that can be reached."""
        failure = httpx.ConnectError("no address", request=request)
        for address in self._addresses:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = httpx.ConnectError(str(error) or type(error).__name__, request=request)
        raise failure

    async def aclose(self) -> None:
        """Close its connections."""
        await self._inner.aclose()


def _pinned(request: httpx.Request, address: Address) -> httpx.Request:
    host = request.url.raw_host.decode("ascii")
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        extensions={**request.extensions, "sni_hostname": host},
    )


async def _within(seconds: float, work: Coroutine[Any, Any, Downloaded]) -> Downloaded:
    async with asyncio.timeout(seconds):
        return await work


async def _followed(url: httpx.URL, target: BinaryIO, limits: Limits, first: Lookup, onward: Lookup) -> Downloaded:
    for hop in range(REDIRECTS + 1):
        addresses = await _addresses(url, onward if hop else first, is_redirect=hop > 0)
        async with AsyncExitStack() as stack:
            # A client for each hop: no cookie outlives it. Nothing is taken from the environment.
            client = httpx.AsyncClient(
                transport=PinnedTransport(addresses),
                headers=_HEADERS,
                timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
                follow_redirects=False,
                trust_env=False,
            )
            await stack.enter_async_context(client)
            response = await stack.enter_async_context(client.stream("GET", url))
            if response.status_code not in _MOVED:
                await _save(response, target, limits)
                return _said(response)
            url = checked_url(str(url.join(response.headers.get("Location", ""))))
    raise CorpusRefusal("too_many_redirects", limit=REDIRECTS)


async def _addresses(url: httpx.URL, lookup: Lookup, *, is_redirect: bool) -> Sequence[Address]:
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    try:
        return await asyncio.to_thread(lookup, url.raw_host.decode("ascii"), port)
    except PrivateAddress as error:
        code = "redirect_private" if is_redirect else "host_private"
        raise CorpusRefusal(code, host=error.host, address=error.address, url=url) from error


async def _save(response: httpx.Response, target: BinaryIO, limits: Limits) -> None:
    if response.status_code != httpx.codes.OK:
        raise CorpusRefusal("download_status", url=response.url, status=response.status_code)
    if response.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise CorpusRefusal("download_packed", url=response.url)
    announced = response.headers.get("Content-Length", "")
    refuse_larger(int(announced) if announced.isdecimal() else 0, limits)
    received = 0
    async for piece in response.aiter_raw():
        received += len(piece)
        refuse_larger(received, limits)
        target.write(piece)


def _said(response: httpx.Response) -> Downloaded:
    header = Message()
    header["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    return Downloaded(
        url=str(response.url),
        content_type=response.headers.get("Content-Type", ""),
        name=header.get_filename("") or "",
    )
