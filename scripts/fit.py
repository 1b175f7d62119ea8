"""Fit the selector: which sentences answer, and whether the scope answers at all.

    python -m scripts.fit [CASES=DOCUMENTS …]

Each pair names cases with gold places (a file, or a folder of them) and the documents they are asked of; without any,
the shipped training questions and dev cases are used. Writes
``assistant/selector.json`` and prints what the fit reaches on held-out questions (five-fold, by question).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.errors import InputError
from assistant.evidence import FEATURES, QUESTION_FEATURES, Examined, question_features
from assistant.selector import Selector
from assistant.settings import Settings
from assistant.wiring import open_assistant
from eval.cases import EvalCase, Place, read_cases
from eval.indexes import index_for
from ingest.pipeline import silent

Matrix = npt.NDArray[np.float64]
SHIPPED = ("eval/training=corpus", "eval/cases/guideline-dev.jsonl=corpus")
SELECTOR = Path(__file__).resolve().parents[1] / "assistant" / "selector.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question held against its evidence: ``labels`` say which candidate sentences overlap a gold place."""

    set: str
    case: EvalCase
    examined: Examined
    labels: npt.NDArray[np.bool_]


def main(pairs: Sequence[str]) -> None:
    """Read, fit, report, write."""
    pairs = pairs or SHIPPED
    examples = [example for pair in pairs for example in read_examples(*map(Path, pair.split("=", 1)))]
    sentence = fit_sentences(examples)
    held_out = out_of_fold(examples)
    question, confidences = fit_questions(examples, held_out)
    rule = best_rule(examples, held_out, confidences)
    for name in dict.fromkeys(example.set for example in examples):
        print(name, json.dumps(quality(examples, held_out, confidences, rule, name)))
    write(sentence, question, rule, pairs, len(examples))


def read_examples(cases: Path, documents: Path) -> list[Example]:
    """Every case of ``cases`` asked of an index over ``documents``."""
    settings = Settings()
    index = index_for(documents, settings, silent)
    assistant = open_assistant(settings.model_copy(update={"index": index}), Selector.undecided())
    examples = []
    files = sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]
    for case in (case for file in files for case in read_cases(file)):
        try:
            examined = assistant.examine(case.query())
        except InputError as error:  # refused before anything is searched: nothing to learn from
            print(f"left out {case.id}: {error}")
            continue
        labels = np.array([is_gold(case, examined, at) for at in range(len(examined.candidates))], dtype=bool)
        if len(labels):
            name = cases.stem
            examples.append(Example(set=name, case=case, examined=examined, labels=labels))
    return examples


def is_gold(case: EvalCase, examined: Examined, at: int) -> bool:
    """Whether candidate ``at`` overlaps a gold place."""
    candidate = examined.candidates[at]
    place = Place(document=candidate.document.id, span=candidate.sentence.span)
    return any(place.overlaps(gold) for gold in case.gold)


def fit_sentences(examples: Sequence[Example]) -> LogisticRegression:
    """The sentence model; each question weighs the same, however many sentences its page has."""
    x = np.concatenate([example.examined.features for example in examples])
    y = np.concatenate([example.labels for example in examples])
    weights = np.concatenate([np.full(len(example.labels), 1 / np.sqrt(len(example.labels))) for example in examples])
    return LogisticRegression(C=1.0, max_iter=5000).fit(x, y, sample_weight=weights / weights.mean())


def out_of_fold(examples: Sequence[Example]) -> list[Matrix]:
    """Sentence probabilities of each question from models that never saw it."""
    groups = np.arange(len(examples))
    held_out: list[Matrix] = [np.zeros(0)] * len(examples)
    for train, test in GroupKFold(n_splits=5).split(groups, groups=groups):
        model = fit_sentences([examples[at] for at in train])
        for at in test:
            held_out[at] = model.predict_proba(examples[at].examined.features)[:, 1]
    return held_out


def fit_questions(examples: Sequence[Example], held_out: Sequence[Matrix]) -> tuple[LogisticRegression, Matrix]:
    """The question model, and the confidence of each question out of fold."""
    x = np.stack(
        [
            question_features(example.examined, list(probabilities))
            for example, probabilities in zip(examples, held_out, strict=True)
        ]
    )
    y = np.array([example.case.answerable for example in examples])
    confidences = np.zeros(len(examples))
    for train, test in GroupKFold(n_splits=5).split(x, groups=np.arange(len(x))):
        confidences[test] = (
            LogisticRegression(C=1.0, max_iter=5000).fit(x[train], y[train]).predict_proba(x[test])[:, 1]
        )
    return LogisticRegression(C=1.0, max_iter=5000).fit(x, y), confidences


def best_rule(examples: Sequence[Example], held_out: Sequence[Matrix], confidences: Matrix) -> tuple[float, float]:
    """``floor`` and ``share`` with the best F of quoted sentences."""
    grid = [(floor, share) for floor in (0.02, 0.05, 0.1, 0.15, 0.2) for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
    return max(grid, key=lambda rule: quality(examples, held_out, confidences, rule)["f"])


def quality(
    examples: Sequence[Example],
    held_out: Sequence[Matrix],
    confidences: Matrix,
    rule: tuple[float, float],
    name: str = "",
) -> dict[str, Any]:
    """Sentence P, R, F over answerable questions, refusal F and AUROC; of set ``name`` or of all."""
    precision, recall, n = 0.0, 0.0, 0
    chosen = [at for at, example in enumerate(examples) if not name or example.set == name]
    answerable = np.array([examples[at].case.answerable for at in chosen])
    answered = confidences[chosen] >= 0.5
    for at, said in zip(chosen, answered, strict=True):
        example, p = examples[at], held_out[at]
        if not example.case.gold:
            continue
        n += 1
        if not said:
            precision += 1  # nothing shown is nothing wrong, as OMoS-QA counts it
            continue
        quoted = [i for i in np.argsort(-p)[:4] if p[i] >= max(rule[0], rule[1] * p.max())]
        right = int(example.labels[quoted].sum())
        precision += right / len(quoted) if quoted else 1
        recall += right / max(int(example.labels.sum()), len(example.case.gold) if name.startswith("omos") else 1)
    mean_p, mean_r = precision / max(n, 1), recall / max(n, 1)
    refused = ~answered
    refusal_p = (refused & ~answerable).sum() / max(refused.sum(), 1)
    refusal_r = (refused & ~answerable).sum() / max((~answerable).sum(), 1)
    both = 0 < answerable.sum() < len(answerable)
    return {
        "n": len(chosen),
        "p": round(mean_p, 3),
        "r": round(mean_r, 3),
        "f": round(2 * mean_p * mean_r / (mean_p + mean_r + 1e-9), 3),
        "refusal_p": round(float(refusal_p), 3),
        "refusal_r": round(float(refusal_r), 3),
        "refusal_f": round(float(2 * refusal_p * refusal_r / (refusal_p + refusal_r + 1e-9)), 3),
        "auroc": round(float(roc_auc_score(answerable, confidences[chosen])), 3) if both else None,
        "status": round(float((answered == answerable).mean()), 3),
    }


def write(
    sentence: LogisticRegression, question: LogisticRegression, rule: tuple[float, float], pairs: Sequence[str], n: int
) -> None:
    """Write the selector as a file that people can read."""

    def model(fitted: LogisticRegression, names: Sequence[str]) -> dict[str, Any]:
        weights = {name: round(float(weight), 4) for name, weight in zip(names, fitted.coef_[0], strict=True)}
        return {"bias": round(float(fitted.intercept_[0]), 4), "weights": weights}

    values = {
        "fitted_on": {"questions": n, "sets": [Path(pair.split("=", 1)[0]).name for pair in pairs]},
        "floor": rule[0],
        "share": rule[1],
        "sentence": model(sentence, FEATURES),
        "question": model(question, QUESTION_FEATURES),
    }
    SELECTOR.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
