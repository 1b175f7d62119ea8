"""The documents a question is asked of: those it names, narrowed by kind and by date of validity."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.domain import DocumentSummary, Query
from assistant.errors import InputError

_STAND = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12][0-9]|3[01]))?)?")


def scoped(query: Query, summaries: Callable[[], Iterable[DocumentSummary]]) -> Query:
    """``query`` with its filters turned into the ids of the documents that pass them; unchanged without filters.

    ``summaries`` gives all documents; it is only called where there are filters.

    A date as in „2024“ or „2024-05“ is a whole year or month: a document passes if part of it lies in the range. One
    without a date passes no filter by date.

    Raises:
        InputError: for an unknown kind or an impossible date, or if no document passes.
    """
    if not (query.kinds or query.stand_from or query.stand_to):
        return query
    documents = list(summaries())
    _refuse_unknown_kinds(query.kinds, documents)
    earliest = _days(query.stand_from)[0] if query.stand_from else ""
    latest = _days(query.stand_to)[1] if query.stand_to else ""
    passing = [
        document.id
        for document in documents
        if (not query.documents or document.id in query.documents)
        and (not query.kinds or document.kind in query.kinds)
        and (not (earliest or latest) or _lies_within(document.stand, earliest, latest))
    ]
    if not passing:
        raise InputError("scope_empty")
    return replace(query, documents=tuple(passing), kinds=(), stand_from="", stand_to="")


def _refuse_unknown_kinds(kinds: Sequence[str], documents: Iterable[DocumentSummary]) -> None:
    known = sorted({document.kind for document in documents})
    unknown = [kind for kind in kinds if kind not in known]
    if unknown:
        raise InputError("kind_unknown", kind=unknown[0], known=", ".join(known))


def _lies_within(stand: str, earliest: str, latest: str) -> bool:
    if not _STAND.fullmatch(stand):
        return False
    first, last = _days(stand)
    return (not earliest or last >= earliest) and (not latest or first <= latest)


def _days(date: str) -> tuple[str, str]:
    """The first and last day that ``date`` may mean, as ISO dates."""
    found = _STAND.fullmatch(date)
    year, month, day = found.group("year", "month", "day") if found else ("", "", "")
    if not int(year or 0):
        raise InputError("date_invalid", value=date)
    if day:
        if int(day) > calendar.monthrange(int(year), int(month))[1]:
            raise InputError("date_invalid", value=date)
        return date, date
    if month:
        return f"{date}-01", f"{date}-{calendar.monthrange(int(year), int(month))[1]}"
    return f"{year}-01-01", f"{year}-12-31"
