"""The fact ledger's check: every value in guideline and FAQ goes back to a fact that is named there.

python -m scripts.ledger                    check, exit 1 with one line for each problem
python -m scripts.ledger --update           write the uses of every fact into corpus/facts.csv
python -m scripts.ledger --import FILE      take facts from research notes (JSON lines) into corpus/facts.csv
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.corpus.facts import Fact, import_notes, read_facts, used, write_facts
from scripts.corpus.markdown import Faq, Section, plain, read_faqs, read_sections
from scripts.corpus.values import backed, values

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
COVERAGE = 0.9
ABBREVIATION = re.compile(
    r"\b(?:z|o|d|u|i|s|v|n|m)\.\s?(?:B|D|h|a|Ä|Sa|d|U|R|E|V)\.(?:\s?R\.)?"
    r"|\b(?:Abs|Nr|Art|S|bzw|ca|ff|f|Mio|Mrd|Dr|Prof|St|usw|inkl|ggf|vgl|Drs|Kap|evtl|Lkr|rd|max|mind|sog|Tel|Str|Tsd"
    r"|Jan|Feb|Aug|Sept|Okt|Nov|Dez)\.(?=\s)"
    r"|(?<!\d)\d{1,2}\.(?=\s)"
)
SENTENCE_END = re.compile(r"[.!?…][)\"“”’]*(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong where. ``place`` is file and section or FAQ id."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def check(facts: Sequence[Fact], sections: Sequence[Section], faqs: Sequence[Faq]) -> list[Problem]:
    """Find everything that is wrong with the corpus and its ledger."""
    by_id = {fact.id: fact for fact in facts}
    return [
        *duplicate_ids(sections, faqs),
        *unknown_facts(by_id, sections, faqs),
        *unbacked_values(by_id, sections, faqs),
        *(problem for faq in faqs for problem in malformed(faq)),
        *stale(facts, uses(sections, faqs)),
        *low_coverage(facts, uses(sections, faqs)),
    ]


def uses(sections: Iterable[Section], faqs: Iterable[Faq]) -> dict[str, list[str]]:
    """Map every fact id to the sections and FAQs that name it."""
    found: dict[str, list[str]] = {}
    places = [
        *((f"guideline:{section.id}", section.facts) for section in sections),
        *((f"faq:{faq.id}", faq.facts) for faq in faqs),
    ]
    for place, named in places:
        for fact in dict.fromkeys(named):
            found.setdefault(fact, []).append(place)
    return found


def coverage(facts: Iterable[Fact], found: Mapping[str, Sequence[str]], confidence: str = "hoch") -> float:
    """Share of the facts of this confidence that are used at least once; 1 when there are none."""
    relevant = [fact.id in found for fact in facts if fact.confidence == confidence]
    return sum(relevant) / len(relevant) if relevant else 1.0


def low_coverage(facts: Iterable[Fact], found: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Report too many facts of high confidence that nobody uses."""
    facts = list(facts)
    if (share := coverage(facts, found)) < COVERAGE:
        unused = [fact.id for fact in facts if fact.confidence == "hoch" and fact.id not in found]
        yield Problem(
            place="facts.csv",
            message=f"{share:.1%} of the facts of confidence hoch are used, at least {COVERAGE:.0%} are expected;"
            f" unused: {' '.join(unused)}",
        )


def stale(facts: Iterable[Fact], found: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Report rows that no longer tell where their fact is used, or why it is not."""
    for fact in facts:
        if list(fact.used_in) != list(found.get(fact.id, [])):
            yield Problem(place=f"facts.csv:{fact.id}", message="used_in is out of date: run the ledger with --update")
        if fact.id not in found and not fact.reason:
            yield Problem(place=f"facts.csv:{fact.id}", message="is not used and gives no reason")


def entries(sections: Iterable[Section], faqs: Iterable[Faq]) -> list[Section | Faq]:
    """List sections and FAQs as one."""
    return [*sections, *faqs]


def duplicate_ids(sections: Iterable[Section], faqs: Iterable[Faq]) -> Iterator[Problem]:
    """Report sections and FAQs without an id, or with one that is taken."""
    for group in (entries(sections, ()), entries((), faqs)):
        counts = Counter(entry.id for entry in group)
        for entry in group:
            if not entry.id:
                yield Problem(place=entry.place, message="has no id")
            elif counts[entry.id] > 1:
                yield Problem(place=entry.place, message=f"id {entry.id} is used {counts[entry.id]} times")


def unknown_facts(by_id: Mapping[str, Fact], sections: Iterable[Section], faqs: Iterable[Faq]) -> Iterator[Problem]:
    """Report named facts that are not in the ledger."""
    for entry in entries(sections, faqs):
        for fact in entry.facts:
            if fact not in by_id:
                yield Problem(place=entry.place, message=f"fact {fact} does not exist")


def unbacked_values(by_id: Mapping[str, Fact], sections: Iterable[Section], faqs: Iterable[Faq]) -> Iterator[Problem]:
    """Report dates, amounts, percentages, paragraphs, addresses and numbers that no named fact backs."""
    for entry in entries(sections, faqs):
        named = (*entry.facts, *(entry.inherited if isinstance(entry, Section) else ()))
        known = frozenset(value for fact in named if fact in by_id for value in by_id[fact].backing())
        for value in sorted(values(entry.words)):
            if not backed(value, known):
                yield Problem(
                    place=entry.place,
                    message=f"{value} is not backed by {' '.join(named) or 'any fact (none is named)'}",
                )


def malformed(faq: Faq) -> Iterator[Problem]:
    """Report missing or too many parts of one FAQ."""
    count = sentence_count(faq.answer)
    if len(faq.wordings) < 2:
        yield Problem(place=faq.place, message=f"has {len(faq.wordings)} other wordings, at least 2 are expected")
    if not 2 <= count <= 6:
        yield Problem(place=faq.place, message=f"the answer has {count} sentences, 2 to 6 are expected")
    if not faq.facts:
        yield Problem(place=faq.place, message="names no fact")
    if not faq.sources.removeprefix("Quellen:").strip():
        yield Problem(place=faq.place, message="has no line Quellen:")
    if not faq.stand.removeprefix("Stand:").strip():
        yield Problem(place=faq.place, message="has no line Stand:")


def sentence_count(text: str) -> int:
    """Count the sentences of a German text; a last one without a full stop counts too."""
    words = ABBREVIATION.sub(lambda match: match[0].replace(".", ""), " ".join(plain(text).split()))
    ends = [match.end() for match in SENTENCE_END.finditer(words)]
    return len(ends) + bool(words[ends[-1] if ends else 0 :].strip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, update or import, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check the fact ledger against guideline and FAQ.")
    parser.add_argument("--update", action="store_true", help="write where every fact is used into facts.csv")
    parser.add_argument("--import", dest="notes", type=Path, metavar="FILE", help="take facts from research notes")
    options = parser.parse_args(arguments)
    ledger = CORPUS / "facts.csv"
    facts = read_facts(ledger) if ledger.exists() else []
    sections, faqs = read_sections(CORPUS / "guideline"), read_faqs(CORPUS / "faq")
    if options.notes:
        facts = import_notes(options.notes, {fact.id: fact.reason for fact in facts})
    if options.notes or options.update:
        facts = used(facts, uses(sections, faqs))
        write_facts(ledger, facts)
    problems = check(facts, sections, faqs)
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    sys.stdout.write(summary(facts, sections, faqs, problems))
    return 1 if problems else 0


def summary(
    facts: Sequence[Fact], sections: Sequence[Section], faqs: Sequence[Faq], problems: Sequence[Problem]
) -> str:
    """Say in one line how much there is, how much of it is used, how much is wrong."""
    found = uses(sections, faqs)
    shares = ", ".join(f"{level} {coverage(facts, found, level):.1%}" for level in ("hoch", "mittel", "niedrig"))
    return f"{len(facts)} facts ({shares} used), {len(sections)} sections, {len(faqs)} FAQs, {len(problems)} problems\n"


if __name__ == "__main__":
    sys.exit(main())
