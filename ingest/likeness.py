"""Which files say nearly the same: an older edition, a corrected copy, the same text in another format."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from assistant.domain import Document

MOSTLY = 0.7
"""Share of a document's sentences that stand in the other one too."""

_FEWEST = 5
"""Sentences of a document from which on it can be told."""

_SHORTEST = 30
"""Letters of a sentence that does not stand in many documents anyway."""

_MARKS = re.compile(r"\W+")


class Likeness:
    """Remembers the sentences of all files so far, eight bytes each."""

    def __init__(self) -> None:
        self._owners: dict[bytes, str] = {}

    def of(self, document: Document, file: str) -> str:
        """The earlier file that holds most sentences of ``document``, '' if none does; ``file`` is then known too."""
        sentences = {found for sentence in document.sentences if (found := _key(sentence.span.of(document.text)))}
        shared = Counter(self._owners[sentence] for sentence in sentences if sentence in self._owners)
        for sentence in sentences:
            self._owners.setdefault(sentence, file)
        other, count = shared.most_common(1)[0] if shared else ("", 0)
        return other if len(sentences) >= _FEWEST and count >= MOSTLY * len(sentences) else ""


def _key(sentence: str) -> bytes:
    letters = _MARKS.sub("", sentence).casefold()
    return hashlib.blake2b(letters.encode(), digest_size=8).digest() if len(letters) >= _SHORTEST else b""
