"""Questions with gold places, held against the evidence an index finds for them: what the selector is fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import InputError
from assistant.evidence import Examined
from assistant.selector import Selector
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant, open_embedder
from eval.cases import EvalCase, Place, read_cases
from eval.indexes import index_for
from eval.variants import Variant, hide_gold
from ingest.known_questions import read_known_questions
from ingest.reading import silent

_HIDDEN = f"#{Variant.WITHOUT_GOLD.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question held against its evidence: ``labels`` say which candidate sentences overlap a gold place.

    ``decides`` tells whether its set teaches when to decline: one whose questions all have an answer does not.
    ``names_gold`` tells whether its set says where answers stand: one that does not would teach that no sentence of its
    texts ever answers.
    """

    set: str
    case: EvalCase
    examined: Examined
    labels: npt.NDArray[np.bool_]
    decides: bool = True
    names_gold: bool = True

    @property
    def twin(self) -> str:
        """The same for a question and its repetition with the answer hidden."""
        return self.case.id.removesuffix(_HIDDEN)

    @property
    def teaches_sentences(self) -> bool:
        """Whether the gold sentences of the question are known: some sets only say that there are some."""
        without = not (self.case.answerable or self.case.id.endswith(_HIDDEN))
        return self.names_gold and (bool(self.case.gold) or without)


def read_examples(cases: Path, documents: Path) -> list[Example]:
    """Every case of ``cases`` asked of an index over ``documents``, which forgets those that it knows, file by file."""
    settings = Settings()
    settings = settings.model_copy(update={"index": index_for(documents, settings, silent)})
    embedder = open_embedder(settings)
    name = cases.parent.name if cases.stem == "cases" else cases.stem
    read: list[EvalCase] = []
    found: list[Example | None] = []
    for file in sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]:
        assistant = open_assistant(settings, Selector.undecided(), embedder=embedder, forget=known_of(file, documents))
        asked = read_cases(file)
        if documents.is_file() and all(case.answerable for case in asked):  # a corpus says the same more than once
            asked = hide_gold(asked, [document.id for document in assistant.documents()])
        found += [_examined(assistant, case, name) for case in asked]
        read += asked
        assistant.close()
    decides = not all(case.answerable for case in read)
    names_gold = any(case.gold for case in read)
    return [replace(one, decides=decides, names_gold=names_gold) for one in found if one is not None]


def known_of(file: Path, documents: Path) -> frozenset[str]:
    """The known questions that ``file`` adds to ``documents``: they are asked as if nobody had written it."""
    if not documents.is_dir() or not file.resolve().is_relative_to(documents.resolve()):
        return frozenset()
    return frozenset(known.question for known in read_known_questions(file))


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
