"""Which addresses a host has, and which of them lie in the open internet."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from ingest.corpus.errors import CorpusRefusal

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], tuple[Address, ...]]
"""Gives the addresses of a host that may be connected to, or raises."""

_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("3fff::/20"),
    IPv6Network("5f00::/16"),
)
"""Special purposes that not every version of Python knows: protocol assignments, relays, documentation, routing."""


class PrivateAddress(Exception):
    """A host that is reached, at least at one of its addresses, inside the own network."""

    def __init__(self, host: str, address: Address) -> None:
        super().__init__(host, address)
        self.host = host
        self.address = address


def all_addresses(host: str, port: int) -> tuple[Address, ...]:
    """Every address of ``host``, in the system's order of preference. Literals of all kinds are hosts too.

    Raises:
        CorpusRefusal: ``host_unknown``.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise CorpusRefusal("host_unknown", host=host) from error
    return tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


def public_addresses(host: str, port: int) -> tuple[Address, ...]:
    """Every address of ``host``, if all of them are public.

    Raises:
        CorpusRefusal: ``host_unknown``.
        PrivateAddress: if one is not.
    """
    found = all_addresses(host, port)
    for address in found:
        if not is_public(address):
            raise PrivateAddress(host, address)
    return found


def is_public(address: Address) -> bool:
    """Whether ``address`` is one of the open internet, and so is every IPv4 address that hides in it.

    Not public are private, loopback, link-local, shared (CGNAT), multicast and reserved addresses.
    """
    hidden = list(_embedded(address))
    if isinstance(address, IPv6Address) and address in _NAT64:
        return all(map(is_public, hidden))  # the prefix itself says nothing
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _SPECIAL)
        and not (isinstance(address, IPv6Address) and address.is_site_local)
        and all(map(is_public, hidden))
    )


def _embedded(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that a gateway would take out of an IPv6 address: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
