"""Whether cited sentences carry a statement. Pure, strict, and explained: a doubt is a reason to quote instead.

Nothing here understands German. It compares what can be compared: values and their bounds, names and other nouns,
denial and duty, and the rest of the words. A statement passes if all of it is found again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from assistant.german_bindings import misplaced
from assistant.german_bounds import agree, bound, contrary, labels, orders
from assistant.german_logic import clauses, compatible, excepted, logical, nearest
from assistant.german_values import blanked, same, values
from assistant.german_words import Pool, empty, opposites, proper, root, soft, strict, words

LEAST_SHARE = 0.5
"""Share of a statement's content words that the cited sentences must hold, where the missing ones are no nouns."""

FEWEST = 2
"""Content words that a clause among others needs to be told from them, unless it denies or binds."""

LEAST_TOGETHER = 0.6
"""Share of a clause's words that one of several cited sentences must hold alone."""

ASKED_SHARE = 0.34
"""Share of a statement's content words that may stand in the question alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``reasons`` say what was not found, each as ``kind: detail``; a supported statement has none."""

    supported: bool
    reasons: tuple[str, ...] = ()


def verify(statement: str, cited_texts: Sequence[str], question: str = "", *, context: Sequence[str] = ()) -> Verdict:
    """Hold ``statement`` against the sentences it cites.

    Args:
        statement: one sentence.
        cited_texts: the cited sentences; values, denial and duty must stand in them.
        question: what was asked; its common words may be repeated, its names and values prove nothing.
        context: headings and the like around the cited sentences; their words and names may be repeated.
    """
    cited = " ".join(cited_texts)
    reasons = chain(
        _values(statement, cited),
        _orders(statement, cited),
        _sources(statement, cited_texts, context),
        _words(statement, cited_texts, question, context),
        _logic(statement, cited),
    )
    found = tuple(dict.fromkeys(reasons))
    return Verdict(supported=not found, reasons=found)


def agreement(statement: str, text: str) -> float:
    """Share of the statement's content words and values that ``text`` holds, 0..1."""
    pool, there = _pool([text], statement), values(text)
    found = [pool.holds(word) for word in content(statement)]
    found += [any(same(value, other) for other in there) for value in values(statement)]
    return sum(found) / len(found) if found else 0.0


def missing(statement: str, texts: Sequence[str]) -> list[str]:
    """The content words of ``statement`` that ``texts`` do not hold."""
    pool = _pool(texts, statement)
    return [word for word in content(statement) if not pool.holds(word)]


def content(text: str) -> list[str]:
    """The words of ``text`` that say something, its values left out."""
    return [word for word in words(blanked(text)) if not empty(word) and not logical(word)]


def _pool(texts: Sequence[str], statement: str) -> Pool:
    # Both ways: a value may hide a word, and its dots the end of a clause.
    return Pool([*texts, *(blanked(text) for text in texts)], beside=statement)


def _values(statement: str, cited: str) -> Iterator[str]:
    there = values(cited)
    for value in values(statement):
        equal = [other for other in there if same(value, other)]
        shown = statement[value.start : value.end]
        if not equal:
            yield f"value: {shown}"
        elif not any(agree(bound(statement, value), bound(cited, other)) for other in equal):
            yield f"bound: {shown}"
        elif label := labels(statement, value):
            named = {other.key for other in there if labels(cited, other) == label}
            if named and value.key not in named:
                yield f"value: {label} {shown}"
    yield from (f"value: {shown} of something else" for shown in misplaced(statement, cited))


def _sources(statement: str, cited: Sequence[str], context: Sequence[str]) -> Iterator[str]:
    """What is put together from pieces of several sentences that say it nowhere."""
    pools = [_pool([text, *context], statement) for text in cited]
    for clause in clauses(statement) if len(pools) > 1 else ():
        held = max(sum(pool.holds(word) for word in clause.words) for pool in pools)
        if held < LEAST_TOGETHER * len(clause.words):
            yield f"scattered: {', '.join(sorted(clause.words))}"


def _orders(statement: str, cited: str) -> Iterator[str]:
    there = orders(cited)
    for event, told in orders(statement).items():
        if event in there and contrary(told, there[event]):
            yield f"order: {event}"


def _words(statement: str, cited: Sequence[str], question: str, context: Sequence[str]) -> Iterator[str]:
    pool, asked = _pool([*cited, *context], statement), _pool([question], statement)
    said = content(statement)
    lacking = [word for word in said if not pool.holds(word)]
    repeated = [word for word in lacking if asked.holds(word) and _introduced(word, statement)]
    excused = repeated if len(repeated) <= ASKED_SHARE * len(said) else []
    for word in lacking:
        if opposites().get(root(word), frozenset()) & pool.roots:
            continue
        if pool.abbreviates(word):
            continue
        if proper(word) or strict(word) or (noun(word, statement) and not soft(word) and word not in excused):
            yield f"name: {word}"
    if len(lacking) - len(excused) > (1 - LEAST_SHARE) * len(said):
        yield f"words: {', '.join(lacking)}"


def _logic(statement: str, cited: str) -> Iterator[str]:
    there, exceptions = clauses(cited), excepted(cited)
    said, names = clauses(statement), frozenset(name for other in there for name in other.names)
    for clause in said:
        if len(said) > 1 and len(clause.words) < FEWEST and not clause.marked:
            continue  # „Eltern, denen …“
        if clause.words & exceptions:
            if not clause.negative:
                yield f"negation: exception {', '.join(sorted(clause.words & exceptions))}"
            continue
        other = nearest(clause, there)
        if other and clause.names - other.names and other.names - clause.names and clause.names <= names:
            yield f"name: {', '.join(sorted(clause.names))} ≠ {', '.join(sorted(other.names))}"
        if other and not compatible(clause, other):
            kind = "negation" if clause.negative != other.negative else "modality"
            yield f"{kind}: {clause.modality} ≠ {other.modality}"


def _introduced(word: str, statement: str) -> bool:
    """Whether an article stands before ``word``, as it does not before most names: „der Amtszeit“, but „in Dresden“."""
    return not word[:1].isupper() or bool(
        re.search(rf"{_patterns()['article']}\s+{re.escape(word)}\b", statement, re.I)
    )


def noun(word: str, statement: str) -> bool:
    """Whether ``word`` is written like a noun; the first word of a sentence is one unless its ending speaks against."""
    if not word[:1].isupper():
        return False
    opens = statement.lstrip('„"»( ').startswith(word)
    return not (opens and re.search(_patterns()["no_noun"], word, re.IGNORECASE))


@cache
def _patterns() -> Mapping[str, str]:
    """How words look and what stands before them (``verification.toml``)."""
    return tomllib.loads(files("assistant").joinpath("verification.toml").read_text(encoding="utf-8"))
