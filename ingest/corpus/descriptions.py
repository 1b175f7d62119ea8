"""What an operator may say of a document."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from ingest.corpus.errors import CorpusRefusal
from ingest.manifest import Entry

LONGEST_ID = 200
LONGEST_TITLE = 300
_STAND = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def checked(said: Entry) -> Entry:
    """``said`` with a clean title, if it can be written down and shown as it is.

    Raises:
        CorpusRefusal: ``id_invalid``, ``kind_invalid``, ``stand_invalid``, or as for addresses.
    """
    if said.id and (not said.id.isprintable() or said.id != said.id.strip() or len(said.id) > LONGEST_ID):
        raise CorpusRefusal("id_invalid", limit=LONGEST_ID)
    if said.kind and not _KIND.fullmatch(said.kind):
        raise CorpusRefusal("kind_invalid")
    if said.stand and not _is_date(said.stand):
        raise CorpusRefusal("stand_invalid")
    if said.url:
        from ingest.corpus.download import checked_url  # brings httpx

        checked_url(said.url)  # it becomes a link that readers follow
    return replace(said, title=cleaned(said.title))


def cleaned(text: str) -> str:
    """``text`` on one line, without anything that cannot be shown, and not endless."""
    plain = " ".join(text.split())
    return "".join(character for character in plain if character.isprintable())[:LONGEST_TITLE].strip()


def _is_date(text: str) -> bool:
    if not _STAND.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True
