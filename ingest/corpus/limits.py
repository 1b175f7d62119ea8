"""How large a document may be and how long fetching it may take."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.corpus.errors import CorpusRefusal

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``megabytes`` of a file; ``seconds`` of a download from its first look-up to its last byte."""

    megabytes: int
    seconds: float


def refuse_larger(size: int, limits: Limits) -> None:
    """Refuse what has more bytes than the limits allow.

    Raises:
        CorpusRefusal: ``too_large``.
    """
    if size > limits.megabytes * MEGABYTE:
        raise CorpusRefusal("too_large", limit=limits.megabytes)
