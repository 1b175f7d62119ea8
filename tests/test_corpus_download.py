"""Documents from the web: what is fetched, and that nobody is led into the own network. The servers are real."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from corpus_support import LIMITS, PAGE, TEXT, Reply, Web, added, everything, running_web
from loops import completed

from ingest.corpus.addresses import Address, PrivateAddress, all_addresses, is_public, public_addresses
from ingest.corpus.download import Downloaded, download
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.limits import Limits
from ingest.manifest import read_manifest

LITERALS = ("127.0.0.1", "127.1", "0x7f000001", "2130706433", "017700000001", "[::1]", "0", "[::ffff:127.0.0.1]")
HTML = {"Content-Type": "text/html; charset=utf-8"}
REPLIES = {
    "/satzung.md": Reply(body=TEXT.encode()),
    "/vorschrift/19871": Reply(body=PAGE.encode(), headers=HTML),
    "/download?id=7": Reply(
        body=TEXT.encode(), headers={"Content-Disposition": "attachment; filename*=UTF-8''Geb%C3%BChren.txt"}
    ),
    "/leitfaden.pdf": Reply(body=PAGE.encode(), headers={"Content-Type": "application/pdf"}),
    "/anmeldung": Reply(body=b"x", headers={"Content-Type": "application/x-unbekannt\x9b"}),
    "/gross.txt": Reply(body=b"x" * 1_000_001),
    "/gross-ohne-laenge.txt": Reply(body=b"x" * 1_000_001, announce=False),
    "/gepackt.txt": Reply(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
    "/langsam.txt": Reply(drip=True),
    "/kekse.txt": Reply(body=b"", status=302, headers={"Location": "/satzung.md", "Set-Cookie": "a=b"}),
    "/kreis.txt": Reply(status=301, headers={"Location": "/kreis.txt"}),
    "/datei.txt": Reply(status=307, headers={"Location": "file:///etc/passwd"}),
    "/geheim.txt": Reply(status=308, headers={"Location": "http://ich:geheim@example.org/"}),
    "/kaputt.txt": Reply(status=302, headers={"Location": "http://[kaputt"}),
}


@pytest.fixture
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere, but other ways to write this machine's address may be looked up too: none leaves it."""
    real = socket.getaddrinfo

    def local_only(host: Any, *arguments: Any, **named: Any) -> Any:
        known = {"localhost", "::1", "::ffff:127.0.0.1", "unbekannt.invalid", "a..b", *LITERALS}
        assert host in known, f"looked up {host!r}: nothing may leave this machine"
        if host == "unbekannt.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with running_web(REPLIES) as web:
        yield web


def fetched(url: str, **lookups: Callable[[str, int], tuple[Address, ...]]) -> tuple[Downloaded, bytes]:
    """What is downloaded from ``url`` and what is said of it; this machine counts as any other unless told."""
    target = BytesIO()
    said = download(url, target, LIMITS, **{"first": all_addresses, "onward": all_addresses, **lookups})
    return said, target.getvalue()


def test_a_page_is_downloaded_described_and_dated(web: Web, tmp_path: Path) -> None:
    url = web.url("/vorschrift/19871")

    entry = added(url, tmp_path, allow_private=True, stand="2023-01")

    assert (entry.id, entry.file) == ("richtlinie-staedtebau", "richtlinie-staedtebau.html")
    assert (entry.title, entry.url, entry.retrieved) == ("Richtlinie Städtebau", url, "2026-03-01")
    assert (tmp_path / entry.file).read_bytes() == PAGE.encode()
    assert read_manifest(tmp_path).listed == (entry,)


def test_a_caller_may_have_a_loop_at_work(web: Web, tmp_path: Path) -> None:
    async def working() -> str:
        return added(web.url("/vorschrift/19871"), tmp_path, allow_private=True).file

    assert completed(working()) == "richtlinie-staedtebau.html"


def test_another_address_may_be_shown_to_readers(web: Web, tmp_path: Path) -> None:
    entry = added(web.url("/satzung.md"), tmp_path, allow_private=True, url="https://www.example.org/recht")

    assert entry.url == "https://www.example.org/recht"


def test_the_servers_name_tells_the_format(web: Web, tmp_path: Path) -> None:
    assert added(web.url("/download?id=7"), tmp_path, allow_private=True).file.endswith(".txt")


def test_nothing_but_the_address_is_sent(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    said, content = fetched(web.url("/kekse.txt#teil"))

    assert content == TEXT.encode()
    assert said.url == web.url("/satzung.md")
    headers = web.requests[-1][1]
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert headers["Host"] == f"127.0.0.1:{web.port}"


@pytest.mark.parametrize("host", ["localhost", *LITERALS])
def test_this_machine_is_refused_however_it_is_written(host: str, web: Web, tmp_path: Path) -> None:
    asked = len(web.requests)

    with pytest.raises(CorpusRefusal, match=r"liegt im eigenen Netz .*--allow-private"):
        added(web.url("/satzung.md", host=host), tmp_path)

    assert len(web.requests) == asked
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_no_redirect_to_the_own_network_is_followed_even_where_it_was_allowed(
    host: str, web: Web, tmp_path: Path
) -> None:
    web.replies["/weiter.md"] = Reply(status=302, headers={"Location": web.url("/satzung.md", host=host)})
    asked = len(web.requests)

    with pytest.raises(CorpusRefusal, match="Einer solchen Weiterleitung wird nie gefolgt"):
        added(web.url("/weiter.md"), tmp_path, allow_private=True)

    assert [path for path, _ in web.requests[asked:]] == ["/weiter.md"]
    assert everything(tmp_path) == {}


def test_five_redirects_are_followed_but_not_six(web: Web) -> None:
    for number in range(6):
        web.replies[f"/{number}"] = Reply(status=301, headers={"Location": f"/{number + 1}"})
    web.replies["/6"] = Reply(body=b"da")

    assert fetched(web.url("/1"))[1] == b"da"
    with pytest.raises(CorpusRefusal, match="mehr als 5-mal"):
        fetched(web.url("/0"))


def test_a_name_is_looked_up_once_and_its_checked_address_is_used(web: Web) -> None:
    """Who answers with another address a moment later (DNS rebinding) is not asked again."""
    asked: list[str] = []

    def checked(host: str, port: int) -> tuple[Address, ...]:
        asked.append(host)
        return (ip_address("127.0.0.1"),)

    said, content = fetched(web.url("/satzung.md", host="rathaus.example"), first=checked)

    assert content == TEXT.encode()
    assert asked == ["rathaus.example"]
    assert web.requests[-1][1]["Host"] == f"rathaus.example:{web.port}"
    assert said.url == web.url("/satzung.md", host="rathaus.example")


def test_the_next_address_is_tried_when_one_cannot_be_reached(web: Web) -> None:
    def both(host: str, port: int) -> tuple[Address, ...]:
        return (ip_address("::1"), ip_address("127.0.0.1"))  # nobody listens at the first one

    assert fetched(web.url("/satzung.md"), first=both)[1] == TEXT.encode()


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def system(host: str, port: int, **named: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", system)
    with pytest.raises(PrivateAddress) as refused:
        public_addresses("halb.example", 80)

    assert str(refused.value.address) == "10.0.0.1"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.200.3.4", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd12::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "2001::7f00:1", "2002:7f00:1::1", "2002:a00:1::1",
        "3fff::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "4000::1",
    ],
)  # fmt: skip
def test_addresses_of_the_own_network_are_known(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "172.32.0.1",
        "100.128.0.1",
        "2001:4860:4860::8888",
        "2a00:1450::1",
        "64:ff9b::808:808",
    ],
)
def test_addresses_of_the_internet_are_known(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/leitfaden.pdf", "leitfaden.pdf endet auf „.pdf“, ist aber eine HTML-Seite"),
        ("/anmeldung", "Typ laut Server: application/x-unbekannt)"),
        ("/gross.txt", "größer als 1 MB"),
        ("/gross-ohne-laenge.txt", "größer als 1 MB"),
        ("/gepackt.txt", "kommt nur gepackt"),
        ("/fehlt.txt", "HTTP 404"),
        ("/kreis.txt", "liegt im eigenen Netz"),
        ("/datei.txt", "Adressen mit „file:“ werden nicht geladen"),
        ("/geheim.txt", "enthält Zugangsdaten"),
        ("/kaputt.txt", "keine gültige Adresse"),
    ],
)
def test_what_is_no_document_is_refused_and_leaves_no_trace(path: str, message: str, web: Web, tmp_path: Path) -> None:
    with pytest.raises(CorpusRefusal) as refused:
        added(web.url(path), tmp_path, allow_private=True)

    assert message in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert everything(tmp_path) == {}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///etc/passwd", "Adressen mit „file:“"),
        ("ftp://example.org/a.pdf", "Adressen mit „ftp:“"),
        ("gopher://127.0.0.1/", "Adressen mit „gopher:“"),
        ("http://ich:geheim@example.org/a.pdf", "enthält Zugangsdaten"),
        ("http://example.org\\@127.0.0.1/", "enthält Zugangsdaten"),
        ("http:///a.pdf", "keine gültige Adresse"),
        ("http://①②⑦.0.0.1/", "keine gültige Adresse"),
        ("http://[kaputt/", "keine gültige Adresse"),
        ("http://a..b/x.pdf", "nicht zu finden"),
        ("http://localhost:99999/x.pdf", ""),
        ("https://unbekannt.invalid/x.pdf", "Der Rechner unbekannt.invalid ist nicht zu finden"),
    ],
)
def test_addresses_that_cannot_be_used_are_refused(url: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusRefusal) as refused:
        added(url, tmp_path)

    assert message in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert everything(tmp_path) == {}


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.pdf"

        with pytest.raises(CorpusRefusal, match="konnte nicht geladen werden"):
            added(url, tmp_path, allow_private=True)


def test_a_download_without_end_is_stopped(web: Web, tmp_path: Path) -> None:
    with pytest.raises(CorpusRefusal, match=r"nicht innerhalb von 0\.4 Sekunden"):
        added(web.url("/langsam.txt"), tmp_path, allow_private=True, limits=Limits(megabytes=1, seconds=0.4))

    assert everything(tmp_path) == {}


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalb"]
)
def test_a_server_that_stops_talking_is_left(sent: bytes, tmp_path: Path) -> None:
    limits = Limits(megabytes=1, seconds=0.4)
    with talking(sent) as port, pytest.raises(CorpusRefusal, match=r"nicht innerhalb von 0\.4 Sekunden"):
        added(f"http://127.0.0.1:{port}/a.txt", tmp_path, allow_private=True, limits=limits)


@pytest.mark.parametrize("sent", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalb"])
def test_a_server_that_breaks_off_gives_no_document(sent: bytes, tmp_path: Path) -> None:
    with talking(sent, hang=False) as port, pytest.raises(CorpusRefusal, match="konnte nicht geladen werden"):
        added(f"http://127.0.0.1:{port}/a.txt", tmp_path, allow_private=True)

    assert everything(tmp_path) == {}


@contextlib.contextmanager
def talking(sent: bytes, *, hang: bool = True) -> Iterator[int]:
    """A server that says ``sent`` to whoever comes, and then waits or closes. Its port."""
    left = threading.Event()

    def serve(listening: socket.socket) -> None:
        caller, _ = listening.accept()
        with caller:
            caller.recv(4096)
            caller.sendall(sent)
            if hang:
                left.wait()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            left.set()
            thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that names ``rathaus.example`` and no address, with its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=rathaus.example",
            "-addext", "subjectAltName=DNS:rathaus.example", "-keyout", "key.pem", "-out", "certificate.pem",
        ],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize(("host", "trusted"), [("rathaus.example", True), ("anderswo.example", False)])
def test_certificates_are_held_against_the_name_though_the_address_is_pinned(
    host: str, trusted: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")

    with running_web({"/a.txt": Reply(body=b"sicher")}, context) as web:
        address = f"https://{host}:{web.port}/a.txt"
        if trusted:
            assert fetched(address, first=lambda host, port: (ip_address("127.0.0.1"),))[1] == b"sicher"
        else:
            with pytest.raises(CorpusRefusal, match="konnte nicht geladen werden"):
                fetched(address, first=lambda host, port: (ip_address("127.0.0.1"),))
