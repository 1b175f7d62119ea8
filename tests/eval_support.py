"""Made-up runs for tests of reports."""

from __future__ import annotations

import random

from assistant.domain import Span, Status, Support
from eval.cases import EvalCase, Place
from eval.results import CaseResult, Cited, Found, GivenAnswer, Said, Units
from eval.runs import Run, RunRecord


def synthetic(n: int, skill: float, name: str, variant: str = "none", seed: int = 0) -> Run:
    """A run of ``n`` cases, of which about ``skill`` go well."""
    chance = random.Random(f"{seed}{name}{variant}")
    record = RunRecord(
        name=name, system="product", what="both", variant=variant, depth=50, seed=0, units="sentence",
        cases={"name": "probe", "digest": "d", "number": n}, settings={"retrieval": {"lexical": 0.3}},
        index={"model": "m", "passages": 1}, code={"commit": "abc", "digest": ""}, versions={"python": "3.11"},
        machine={"system": "Linux", "cores": 2}, started="2026-01-01T00:00:00", finished="2026-01-01T00:01:00",
    )  # fmt: skip
    return Run(record=record, results=tuple(_result(at, chance, skill) for at in range(n)))


def _result(at: int, chance: random.Random, skill: float) -> CaseResult:
    good, answerable = chance.random() < skill, at % 5 != 0
    gold = Place(
        document="leitfaden", span=Span(start=at * 10, end=at * 10 + 9), text="<b>Gold</b> & mehr", pages=(at,)
    )
    hits = [Found(place=Place(document="x", span=Span(start=0, end=5)), score=1.0) for _ in range(19)]
    hits.insert(0 if good else chance.randrange(20), Found(place=gold, score=2.0))
    declined = (chance.random() < 0.1) if answerable else (chance.random() < skill)
    cited = gold if good else Place(document="x", span=Span(start=0, end=5), text="Daneben", pages=(1,))
    return CaseResult(
        case=EvalCase(
            id=f"fall-{at}", question=f"Frage <script>alert({at})</script>?", answerable=answerable,
            gold=(gold,) if answerable else (), tags=("kurz",) if at % 2 else ("lang", "zahl"),
        ),
        asked=f"Frage <script>alert({at})</script>?",
        hits=tuple(hits),
        answer=GivenAnswer(
            status=Status.DECLINED if declined else Status.ANSWERED,
            mode="extractive",
            text="" if declined else "Ein Satz. [1]",
            confidence=min(1.0, max(0.0, chance.gauss(0.75 if good and answerable else 0.4, 0.15))),
            sentences=() if declined else (Said(text="Ein Satz.", markers=(1,), support=Support.VERBATIM),),
            citations=() if declined else (Cited(marker=1, place=cited, verbatim=True),),
            units=Units(gold=1, cited=0 if declined else 1, both=int(good and not declined)),
        ),
        timings={"search.total": chance.lognormvariate(3, 0.4), "ask.total": chance.lognormvariate(4, 0.4)},
    )  # fmt: skip
