"""A question held against its evidence: every sentence that might answer, with what speaks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.candidates import Candidate, candidates_of
from assistant.domain import Query
from assistant.followups import read_as
from assistant.index import Index
from assistant.known_questions import Likenesses, dice
from assistant.lexical import LexicalIndex
from assistant.own_words import names, own_words, told_by_each
from assistant.question_kinds import ask_alike
from assistant.retrieval import Retrieved
from assistant.sentence_features import Matrix, sentence_features, share

LONG = 9
"""Letters from which a name may be a known one, misspelt: a short one is a slip away from too many others."""

ASKED_OTHERWISE = 0.5
"""What is left of a wording's overlap if it asks for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A question held against its evidence.

    ``candidates`` stand in reading order, documents by their best passage. *Shape* of ``features``:
    ``(len(candidates), len(FEATURES))``. ``asked`` are the question's terms with their weight, ``own_words`` its words
    that say something with theirs; ``own_terms`` the terms of each candidate, with those of the question that it says
    in another form; ``terms`` with those of its headings. ``unknown`` is the weighted share of asked terms that the
    index never uses, 0..1; ``names`` are the nouns of the question, ``strangers`` those that no document speaks of.
    ``best_wording`` is the highest cosine with a way to ask a FAQ, 0 without FAQs; ``unanswered`` says how far the
    question is like those that are known to have no answer. ``looked_up`` are the candidates that somebody found to
    answer the very same question.
    """

    query: Query
    retrieved: Retrieved
    candidates: tuple[Candidate, ...]
    features: Matrix
    asked: Mapping[str, float]
    own_words: Mapping[str, float]
    terms: tuple[frozenset[str], ...]
    own_terms: tuple[frozenset[str], ...]
    unknown: float
    names: tuple[str, ...]
    strangers: tuple[str, ...]
    best_wording: float
    unanswered: Likenesses
    looked_up: frozenset[int]


def examine(index: Index, query: Query, retrieved: Retrieved) -> Examined:
    """Gather every sentence of the retrieved passages and measure what speaks for it."""
    lexical = index.lexical
    candidates = candidates_of(index, retrieved)
    # Of a follow-up question only its own words: those it leans on are found anyway, and would vouch for anything.
    question = query.rewritten or query.question
    terms = lexical.terms(lexical.mended(question)) or lexical.terms(retrieved.question)
    asked = {term: lexical.weight(term) for term in terms}
    meant = _Meant(lexical, retrieved.other_forms)
    own = [meant.terms(candidate.text) for candidate in candidates]
    headings = _heading_terms(index, candidates)
    named = tuple(names(question))
    words = {word: _weight(lexical, word) for word in own_words(question)}
    overlaps = index.known.overlaps(asked, retrieved.known)
    answering = () if read_as(query) else index.known.looked_up(question)
    return Examined(
        query=query,
        retrieved=retrieved,
        candidates=candidates,
        features=sentence_features(
            retrieved.question,
            candidates,
            asked,
            own,
            headings,
            _wording_overlaps(index, question, candidates, asked),
            [index.known.likenesses(candidate.row, retrieved.known, overlaps) for candidate in candidates],
            told_by_each(words, [candidate.text for candidate in candidates]),
            " ".join(word for turn in query.history for word in turn.answer.split()),
        ),
        asked=asked,
        own_words=words,
        own_terms=tuple(own),
        terms=tuple(mine | above for mine, above in zip(own, headings, strict=True)),
        unknown=share(asked, frozenset(term for term in asked if not lexical.knows(term))),
        names=named,
        strangers=tuple(name for name in named if not _known(lexical, name)),
        best_wording=max((candidate.wording for candidate in candidates), default=0.0),
        unanswered=index.known.unanswered(retrieved.known, overlaps),
        looked_up=frozenset(at for at, candidate in enumerate(candidates) if candidate.row in answering),
    )


def _weight(lexical: LexicalIndex, word: str) -> float:
    """That of its rarest term, in the spelling of the index."""
    return max((lexical.weight(term) for term in lexical.terms(lexical.mended(word))), default=0.0)


def _known(lexical: LexicalIndex, name: str) -> bool:
    spelt = lexical.mended(name) if len(name) >= LONG else name
    return any(map(lexical.knows, lexical.terms(spelt)))


class _Meant:
    """Takes what the question names as said where a text has another form of it."""

    def __init__(self, lexical: LexicalIndex, other_forms: Mapping[str, Sequence[str]]) -> None:
        self._lexical = lexical
        self._forms = [(self._of(form), list(map(self._of, others))) for form, others in other_forms.items()]

    def terms(self, text: str) -> frozenset[str]:
        """The terms of ``text``, and those of the question that it has in another form."""
        own = self._of(text)
        return own.union(*(form for form, others in self._forms if any(other and other <= own for other in others)))

    def _of(self, text: str) -> frozenset[str]:
        return frozenset(self._lexical.terms(text))


def _wording_overlaps(
    index: Index, question: str, candidates: Sequence[Candidate], asked: Mapping[str, float]
) -> list[float]:
    """How far the question shares its terms with a way to ask each candidate's FAQ, 0..1; 0 outside FAQs.

    Weighted Dice coefficient: a wording about more, or about less, than was asked is no match. One that asks for
    something else with the same terms („Was ist …?“ for „Wie lange gilt …?“) is half a match.
    """
    known: dict[int, float] = {}
    for faq in {id(candidate.faq): candidate.faq for candidate in candidates if candidate.faq}.values():
        known[id(faq)] = max(
            dice(asked, index.lexical.weighted(wording)) * (1.0 if ask_alike(question, wording) else ASKED_OTHERWISE)
            for wording in (faq.question, *faq.wordings)
        )
    return [known.get(id(candidate.faq), 0.0) for candidate in candidates]


def _heading_terms(index: Index, candidates: Sequence[Candidate]) -> list[frozenset[str]]:
    """The terms of each candidate's document title and heading path."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    found = []
    for candidate in candidates:
        path = (candidate.document.title, *candidate.section)
        if path not in known:
            known[path] = frozenset(index.lexical.terms(" ".join(path)))
        found.append(known[path])
    return found
