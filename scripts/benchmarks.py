"""Run all test sets with the product and its baselines, and print the tables of ``docs/benchmarks.md`` as Markdown.

    python -m scripts.benchmarks ../shared/benchmarks --out runs/benchmarks [--sets SET …] [--restart]

Every run is an ordinary ``fundstelle eval run``: an interrupted one goes on when this is called again, and
``eval report`` and ``eval compare`` read them. ``--restart`` runs everything anew, as is needed after a change of code.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bootstrap import difference, resamplings
from eval.measures.catalogue import all_measures
from eval.report.numbers import bounds_of, paired
from eval.runs import Run, finished_run
from eval.summary import measure_title
from eval.systems import SystemName

SETS = ("xquad-de", "legalquad", "covid-faq", "nomiracl-de", "omos-dev", "omos-train")
SEARCHED = ("recall@5", "mrr@10", "ndcg@10", "document_ndcg@10")
ANSWERED = ("sentence_f", "right_place", "status_right", "no_answer_f", "balanced_accuracy", "auroc",
            "calibration_error", "verbatim_quotes")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run: a test set, a system, and how the set is asked."""

    set: str
    system: SystemName = SystemName.PRODUCT
    what: str = "retrieval"
    variant: str = "none"

    @property
    def name(self) -> str:
        """The name of its folder."""
        return "-".join([self.set, self.system.value, self.what, *([self.variant] if self.variant != "none" else [])])


def main() -> None:
    """Run what is missing, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the test sets")
    parser.add_argument("--sets", nargs="+", default=SETS, help="only these sets")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"), help="folder for the runs")
    parser.add_argument("--restart", action="store_true", help="run everything anew")
    arguments = parser.parse_args()
    runs: dict[Job, Run] = {}
    for job in [job for name in arguments.sets for job in jobs(name)]:
        print(f"{job.name} …", file=sys.stderr)
        runs[job] = finished(job, arguments.folder, arguments.out, restart=arguments.restart)
    print("\n".join([*searches(runs), "", *differences(runs), "", *answers(runs), "", *robustness(runs)]))


def jobs(name: str) -> list[Job]:
    """The runs over one test set."""
    # Pages of OMoS-QA are asked one by one; which page answers is only a question where all are asked.
    searched = "all-documents" if name.startswith("omos") else "none"
    found = [Job(set=name, system=system, variant=searched) for system in SystemName]
    found += [Job(set=name, what="both")]
    if name == "xquad-de":
        found += [Job(set=name, what="answers", variant="without-gold")]
        found += [Job(set=name, variant=variant) for variant in ("typos", "umlauts", "lowercase")]
    return found


def finished(job: Job, folder: Path, out: Path, *, restart: bool) -> Run:
    """The run of ``job``, gone on with where it was interrupted."""
    command = [
        sys.executable, "-m", "ui.cli", "eval", "run", str(folder / job.set), "--out", str(out / job.name),
        "--system", job.system.value, "--what", job.what, "--variant", job.variant, *(["--restart"] if restart else []),
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=sys.stderr)
    return finished_run(out / job.name)


def searches(runs: Mapping[Job, Run]) -> Iterator[str]:
    """Every system on every set, with intervals."""
    yield from head("set", "system", "n", *map(title, SEARCHED))
    for job, run in comparable(runs):
        yield line(job.set, job.system.value, defined(run, "recall@5"), *(value(run, name) for name in SEARCHED))


def differences(runs: Mapping[Job, Run]) -> Iterator[str]:
    """The product minus each baseline over the same cases, with interval and p."""
    measures = ("mrr@10", "document_ndcg@10")
    yield from head("set", "product minus", "n", *(f"{title(name)} (interval; p)" for name in measures))
    products = {job.set: run for job, run in comparable(runs) if job.system is SystemName.PRODUCT}
    for job, run in comparable(runs):
        if job.system is not SystemName.PRODUCT:
            gaps = [gap(products[job.set], run, name) for name in measures]
            yield line(job.set, job.system.value, defined(run, "recall@5"), *gaps)


def answers(runs: Mapping[Job, Run]) -> Iterator[str]:
    """The product's answers."""
    yield from head("set", "n", *map(title, ANSWERED))
    for job, run in runs.items():
        if job.what != "retrieval":
            name = f"{job.set}, gold hidden as well" if job.variant == "without-gold" else job.set
            yield line(name, len(run.results), *(value(run, measure) for measure in ANSWERED))


def robustness(runs: Mapping[Job, Run]) -> Iterator[str]:
    """The product's search of questions that are written otherwise, minus the unchanged ones."""
    yield from head("set", "variant", "n", "MRR@10", "difference (interval; p)")
    for job, run in runs.items():
        if job.variant in ("typos", "umlauts", "lowercase"):
            unchanged = runs[Job(set=job.set)]
            yield line(
                job.set, job.variant, defined(run, "mrr@10"), value(run, "mrr@10"), gap(run, unchanged, "mrr@10")
            )


def comparable(runs: Mapping[Job, Run]) -> Iterator[tuple[Job, Run]]:
    """The searches that all systems did alike."""
    for job, run in runs.items():
        if job.what == "retrieval" and job.variant in ("none", "all-documents"):
            yield job, run


def value(run: Run, name: str) -> str:
    """A measure with its interval."""
    found = bounds_of(all_measures()[name], run.results)
    return "–" if math.isnan(found.value) else f"{short(found.value)} ({short(found.low)}–{short(found.high)})"


def gap(a: Run, b: Run, name: str) -> str:
    """``a - b`` with interval and p."""
    of_a, of_b = paired(a, b)
    found = difference(all_measures()[name], of_b, of_a, resamplings(len(of_a), seed=0))
    if math.isnan(found.difference.value):
        return "–"
    low, high = short(found.difference.low, "+"), short(found.difference.high, "+")
    return f"{short(found.difference.value, '+')} ({low} to {high}; {found.p:.4f})"


def title(name: str) -> str:
    """The English title of a measure."""
    return measure_title(name, "en")


def defined(run: Run, name: str) -> int:
    """How many cases define a measure."""
    return all_measures()[name].defined(run.results)


def short(number: float, sign: str = "") -> str:
    """Three decimals without the leading zero."""
    return f"{number + 0.0:{sign}.3f}".replace("0.", ".", 1) if abs(number) < 1 else f"{number:{sign}.3f}"


def head(*columns: str) -> list[str]:
    """Headings of a table."""
    return [line(*columns), "|" + "---|" * len(columns)]


def line(*cells: Sequence[str] | int) -> str:
    """A row of a table."""
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
