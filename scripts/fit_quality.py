"""How good a fit is on questions held out, and the rules that make the most of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from assistant.answering import AnswerRules
from assistant.quoting import chosen
from assistant.sentence_features import Matrix
from assistant.settings import AnswerSettings
from scripts.examples import Example

Rule = tuple[float, float]
FLOORS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
SHARES = (0.2, 0.3, 0.4, 0.5, 0.6)

HARDLY = 0.005
"""Difference in mean F that does not count."""

WRONG_ANSWER = 1.25
"""The chosen risk: what an answer costs where there is none, if a needless refusal costs 1."""

THRESHOLD = round(WRONG_ANSWER / (1 + WRONG_ANSWER), 3)
"""The confidence from which answering costs less than declining: what is lost by declining is the confidence, and by
answering ``WRONG_ANSWER`` times the rest of it (Chow, 1970)."""


def best_rule(examples: Sequence[Example], held_out: Sequence[Matrix]) -> Rule:
    """``floor`` and ``share`` with the best mean F over the sets that have gold sentences.

    Of shares that hardly differ in it, the one with the best mean precision: an answer has as few sentences as will do.
    Not of floors, below which nothing is answered at all.
    """
    names = list(dict.fromkeys(example.set for example in examples if example.case.gold))

    def mean(rule: Rule) -> tuple[float, float]:
        reached = [_sentence_f(examples, held_out, None, rule, name) for name in names]
        return float(np.mean([p for p, _, _ in reached])), float(np.mean([f for _, _, f in reached]))

    tried = {rule: mean(rule) for rule in product(FLOORS, SHARES)}
    floor, best = max(tried, key=lambda rule: tried[rule][1])[0], max(f for _, f in tried.values())
    alike = [rule for rule, (_, f) in tried.items() if rule[0] == floor and f >= best - HARDLY]
    return max(alike, key=lambda rule: tried[rule][0])


def quality(
    examples: Sequence[Example],
    held_out: Sequence[Matrix],
    confidences: Matrix,
    rule: Rule,
    name: str,
) -> dict[str, Any]:
    """Sentence P, R and F, refusal F, AUROC and share of right statuses of set ``name``."""
    chosen = [at for at, example in enumerate(examples) if example.set == name]
    answerable = np.array([examples[at].case.answerable for at in chosen])
    confidence = confidences[chosen]
    refused = confidence < THRESHOLD
    right = int((refused & ~answerable).sum())
    p, r, f = _sentence_f(examples, held_out, confidences >= THRESHOLD, rule, name)
    return {
        "n": len(chosen),
        "p": round(p, 3),
        "r": round(r, 3),
        "f": round(f, 3),
        "quoted": round(_mean_quoted(examples, held_out, rule, name), 2),
        "refusal_f": round(2 * right / max(int(refused.sum()) + int((~answerable).sum()), 1), 3),
        "auroc": round(float(roc_auc_score(answerable, confidence)), 3),
        "balanced": round(float(balanced_accuracy_score(answerable, ~refused)), 3),
        "status": round(float((answerable != refused).mean()), 3),
        "calibration_error": round(_calibration_error(answerable, confidence), 3),
    }


def _sentence_f(
    examples: Sequence[Example],
    held_out: Sequence[Matrix],
    answered: npt.NDArray[np.bool_] | None,
    rule: Rule,
    name: str,
) -> tuple[float, float, float]:
    """Mean precision and recall over questions with gold places, and their harmonic mean, as OMoS-QA counts them.

    What is declined shows nothing wrong and nothing right: precision 1, recall 0.
    """
    precision, recall = [], []
    for at, example in enumerate(examples):
        if example.set != name or not example.case.gold:
            continue
        if answered is not None and not answered[at]:
            precision.append(1.0)
            recall.append(0.0)
            continue
        quoted = _quoted(example, held_out[at], rule)
        right = int(example.labels[quoted].sum())
        precision.append(right / len(quoted))
        recall.append(right / max(int(example.labels.sum()), 1))
    if not precision:
        return 0.0, 0.0, 0.0
    p, r = float(np.mean(precision)), float(np.mean(recall))
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def _mean_quoted(examples: Sequence[Example], held_out: Sequence[Matrix], rule: Rule, name: str) -> float:
    counts = [len(_quoted(e, p, rule)) for e, p in zip(examples, held_out, strict=True) if e.set == name]
    return float(np.mean(counts))


def _quoted(example: Example, probabilities: Matrix, rule: Rule) -> list[int]:
    """What the product would quote."""
    most = AnswerRules(**AnswerSettings().model_dump()).most(example.examined.query)
    return chosen(example.examined, probabilities, *rule, most)


def _calibration_error(answerable: Matrix, confidence: Matrix, bins: int = 10) -> float:
    """Expected calibration error over equally wide bins (Guo et al., 2017)."""
    of_bin = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (of_bin == one).mean() * abs(answerable[of_bin == one].mean() - confidence[of_bin == one].mean())
        for one in range(bins)
        if (of_bin == one).any()
    ]
    return float(sum(gaps))
