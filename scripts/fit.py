"""Fit the selector: which sentences answer, and whether the scope answers at all.

    python -m scripts.fit [CASES=DOCUMENTS …]

Each pair names cases with gold places (a file, or a folder of them) and the documents they are asked of; without any,
the known questions of the shipped corpus and the dev cases are used. A set whose questions are all answerable is asked
a second time with the answering documents hidden, if these are a file; a corpus says the same thing more than once, and
such a set only teaches sentences. Every set counts the same, so that no kind of document rules the fit. Writes
``assistant/selector.json`` and prints what the fit reaches on questions held out (five-fold).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assistant.question_features import QUESTION_FEATURES, question_features
from assistant.sentence_features import FEATURES, Matrix
from scripts.examples import Example, read_examples
from scripts.fit_quality import THRESHOLD, best_rule, quality
from scripts.tree_export import exported, probabilities

KNOWN = Path("corpus/known-questions")
SHIPPED = (f"{KNOWN}=corpus", "eval/cases/guideline-dev.jsonl=corpus")
SELECTOR = Path(__file__).resolve().parents[1] / "assistant" / "selector.json"
FOLDS = 5
SEEDS = 5

NEAR_MISS = 0.6
"""Weight of an unanswerable known question: more of them were written than people ask, and a confidence that takes
their share for the real one is too low."""


def main(pairs: Sequence[str]) -> None:
    """Read, fit, report, write."""
    pairs = pairs or SHIPPED
    examples = [example for pair in pairs for example in read_examples(*map(Path, pair.split("=", 1)))]
    sets = [example.set for example in examples]
    held_out = sentences_out_of_fold(examples)
    with_gold = [example for example in examples if example.teaches_sentences]
    held_out = [p for example, p in zip(examples, held_out, strict=True) if example.decides]
    examples = [example for example in examples if example.decides]
    asked = np.stack([question_features(e.examined, p) for e, p in zip(examples, held_out, strict=True)])
    confidences = questions_out_of_fold(examples, asked)
    rule = best_rule(examples, held_out)
    for name in dict.fromkeys(example.set for example in examples):
        print(name, json.dumps(quality(examples, held_out, confidences, rule, name)))
    sentences, questions = fit_sentences(with_gold), fit_questions(examples, asked)
    values = {
        "fitted_on": {"questions": len(sets), "sets": list(dict.fromkeys(sets))},
        "floor": rule[0],
        "share": rule[1],
        "threshold": THRESHOLD,
        "sentence": exported([sentences], FEATURES, _rows(with_gold)),
        "question": exported(questions, QUESTION_FEATURES, asked),
    }
    SELECTOR.write_text(_readable(values), encoding="utf-8")


def fit_sentences(examples: Sequence[Example]) -> HistGradientBoostingClassifier:
    """The sentence model; every set weighs the same."""
    sizes = [len(example.labels) for example in examples]
    weights = np.repeat(_equal_weights([example.set for example in examples], sizes), sizes)
    model = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=40, l2_regularization=1,
        max_features=0.3, random_state=0,
    )  # fmt: skip
    return model.fit(_rows(examples), np.concatenate([e.labels for e in examples]), sample_weight=weights)


def fit_questions(examples: Sequence[Example], asked: Matrix) -> list[HistGradientBoostingClassifier]:
    """The question models over ``asked``, *Shape:* ``(len(examples), len(QUESTION_FEATURES))``.

    Their mean counts: one alone depends on which features it happened to look at.
    """
    answerable = np.array([example.case.answerable for example in examples])
    made_up = np.array([example.set == KNOWN.name for example in examples])
    weights = np.array(_equal_weights([example.set for example in examples], [1] * len(examples)))
    weights[made_up & ~answerable] *= NEAR_MISS
    return [
        HistGradientBoostingClassifier(
            max_iter=200, learning_rate=0.04, max_leaf_nodes=8, min_samples_leaf=30, l2_regularization=5,
            max_features=0.4, random_state=seed,
        ).fit(asked, answerable, sample_weight=weights)
        for seed in range(SEEDS)
    ]  # fmt: skip


def sentences_out_of_fold(examples: Sequence[Example]) -> list[Matrix]:
    """Sentence probabilities of each question from models that saw neither it nor its twin."""
    held_out: list[Matrix] = [np.zeros(0)] * len(examples)
    for train, test in _folds(examples):
        model = fit_sentences([examples[at] for at in train if examples[at].teaches_sentences])
        for at in test:
            held_out[at] = model.predict_proba(examples[at].examined.features)[:, 1]
    return held_out


def questions_out_of_fold(examples: Sequence[Example], asked: Matrix) -> Matrix:
    """The confidence of each question from models that saw neither it nor its twin."""
    confidences = np.zeros(len(examples))
    for train, test in _folds(examples):
        models = fit_questions([examples[at] for at in train], asked[train])
        confidences[test] = probabilities(models, asked[test])
    return confidences


def _folds(examples: Sequence[Example]) -> list[tuple[Matrix, Matrix]]:
    groups = [f"{example.set}/{example.twin}" for example in examples]
    return list(GroupKFold(n_splits=FOLDS, shuffle=True, random_state=0).split(groups, groups=groups))


def _rows(examples: Sequence[Example]) -> Matrix:
    return np.concatenate([example.examined.features for example in examples])


def _equal_weights(groups: Sequence[str], sizes: Sequence[int]) -> list[float]:
    """One weight per example, such that every group has the same sum over all its rows, and the mean row has 1."""
    totals: dict[str, int] = {}
    for group, size in zip(groups, sizes, strict=True):
        totals[group] = totals.get(group, 0) + size
    return [sum(sizes) / (len(totals) * totals[group]) for group in groups]


def _readable(values: dict[str, object]) -> str:
    """JSON with one tree to a line."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ": "))
    return text.replace("]],[[", "]],\n[[") + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
