"""Questions with gold places, held against the evidence an index finds for them: what the selector is fitted on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import InputError
from assistant.evidence import Examined
from assistant.selector import Selector
from assistant.sentence_features import FEATURES, sentence_features
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant
from eval.cases import EvalCase, Place, read_cases
from eval.indexes import index_for
from eval.variants import Variant, hide_gold
from ingest.reading import silent

_HIDDEN = f"#{Variant.WITHOUT_GOLD.value}"
SMALL = 8
"""Sentences of a small page at most."""

_WORDING_OVERLAP = FEATURES.index("wording_overlap")
_HEADINGS = FEATURES.index("overlap_headings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question held against its evidence: ``labels`` say which candidate sentences overlap a gold place.

    ``made`` examples are not in the set: they are made of others by :func:`small_pages`.
    """

    set: str
    case: EvalCase
    examined: Examined
    labels: npt.NDArray[np.bool_]
    made: bool = False

    @property
    def twin(self) -> str:
        """The same for a question and its repetition with the answer hidden."""
        return self.case.id.removesuffix(_HIDDEN)

    @property
    def teaches_sentences(self) -> bool:
        """Whether the gold sentences of the question are known: some sets only say that there are some."""
        if self.made:
            return False
        return bool(self.case.gold) or not (self.case.answerable or self.case.id.endswith(_HIDDEN))


def read_examples(cases: Path, documents: Path) -> list[Example]:
    """Every case of ``cases`` asked of an index over ``documents``."""
    settings = Settings()
    index = index_for(documents, settings, silent)
    assistant = open_assistant(settings.model_copy(update={"index": index}), Selector.undecided())
    files = sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]
    read = [case for file in files for case in read_cases(file)]
    if all(case.answerable for case in read):
        read = hide_gold(read, [document.id for document in assistant.documents()])
    name = cases.parent.name if cases.stem == "cases" else cases.stem
    found = [_examined(assistant, case, name) for case in read]
    assistant.close()
    return [example for example in found if example is not None]


def small_pages(example: Example) -> list[Example]:
    """The same question of a page of a few sentences, once with a sentence that answers and once without any.

    A page on the very subject that does not say what is asked is what is hardest to tell from an answer. Pages this
    small are rare in the sets, and their size must not tell which of the two they are.
    """
    answers = np.flatnonzero(example.labels)
    if not len(answers):
        return []
    chance = random.Random(example.case.id)
    answer, size = chance.choice(answers.tolist()), chance.randint(1, SMALL)
    document = example.examined.candidates[answer].document.id
    near = sorted(
        (at for at, candidate in enumerate(example.examined.candidates) if candidate.document.id == document),
        key=lambda at: abs(at - answer),
    )
    others = [at for at in near if not example.labels[at]]
    return [_page_of(example, sorted(kept[:size])) for kept in (near, others) if kept]


def _page_of(example: Example, kept: Sequence[int]) -> Example:
    """``example`` as if the candidates ``kept`` were all there is, in one passage."""
    whole = example.examined
    candidates = tuple(replace(whole.candidates[at], rank=0, score=0.0) for at in kept)
    own = tuple(whole.own_terms[at] for at in kept)
    terms = tuple(whole.terms[at] for at in kept)
    features = sentence_features(
        whole.retrieved.question, candidates, whole.asked, own, terms, list(whole.features[kept, _WORDING_OVERLAP])
    )
    features[:, _HEADINGS] = whole.features[kept, _HEADINGS]  # ``terms`` are those of the headings and more
    passage = replace(whole.retrieved.hits[0], score=0.0)
    examined = replace(
        whole,
        retrieved=replace(whole.retrieved, hits=(passage,), rows=whole.retrieved.rows[:1]),
        candidates=candidates,
        features=features,
        terms=terms,
        own_terms=own,
        best_wording=max(candidate.wording for candidate in candidates),
    )
    labels = example.labels[kept]
    id = f"{example.case.id}{'' if labels.any() else _HIDDEN}"
    case = replace(example.case, id=id, answerable=bool(labels.any()), gold=(), facts=())
    return Example(set=example.set, case=case, examined=examined, labels=labels, made=True)


def _examined(assistant: Assistant, case: EvalCase, name: str) -> Example | None:
    try:
        examined = assistant.examine(case.query())
    except InputError as error:  # refused before anything is searched: nothing to learn from
        print(f"left out {case.id}: {error}")
        return None
    if not examined.candidates:
        return None
    return Example(set=name, case=case, examined=examined, labels=_labels(case.gold, examined))


def _labels(gold: Sequence[Place], examined: Examined) -> npt.NDArray[np.bool_]:
    places = [Place(document=c.document.id, span=c.sentence.span) for c in examined.candidates]
    return np.array([any(place.overlaps(one) for one in gold) for place in places], dtype=bool)
