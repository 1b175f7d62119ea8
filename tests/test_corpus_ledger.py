"""The fact ledger holds over the real corpus, and each of its rules can fail."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import ledger
from scripts.corpus.facts import Fact, Source, read_facts, split_source, write_facts
from scripts.corpus.markdown import Faq, Section, faqs, read_faqs, read_sections, sections
from scripts.corpus.values import backed, values

CORPUS = Path(__file__).resolve().parent.parent / "corpus"

FACT = Fact(
    id="F1.01",
    chapter=1,
    confidence="hoch",
    values=("120", "2024-03-01", "2/3", "216000 EUR", "75 %", "§ 1 Abs. 6 Nr. 11 BauGB"),
    source=Source(title="Beispielamt", url="https://www.beispiel.de/a_b/", stand="12.05.2023"),
    used_in=("guideline:start", "faq:start"),
)
CHAPTER = """\
# Anfang {#anfang}

## Start {#start facts="F1.01"}

Am 1. März 2024 begann es mit 120 Personen.[^1]

[^1]: Das Beispielamt nennt beispiel.de/a_b.
"""
ENTRY = """\
---
title: Anfang
kind: faq
stand: 2024-03-01
---

## Wann ging es los? {#start facts="F1.01"}

Andere Formulierungen:

- Beginn
- wann war der Start

Es begann am 1. März 2024. Dabei waren z. B. 120 Personen.

Quellen: Beispielamt, 12.05.2023, <https://www.beispiel.de/a_b/>

Stand: 2023-05-12
"""


def problems(chapter: str = CHAPTER, entry: str = ENTRY, fact: Fact = FACT) -> list[str]:
    found = ledger.check([fact], list(sections("01-a.md", chapter)), list(faqs("a.md", entry)))
    return [str(problem) for problem in found]


def test_the_real_corpus_has_no_problems() -> None:
    facts = read_facts(CORPUS / "facts.csv")
    found = ledger.check(facts, read_sections(CORPUS / "guideline"), read_faqs(CORPUS / "faq"))
    assert not found, "\n".join(map(str, found))


def test_answers_of_the_real_faqs_open_without_a_pronoun() -> None:
    # The first sentence is quoted alone: what "sie" or "dort" mean would be lost.
    loose = re.compile(
        r"(?:Er|Sie|Es|Ihr|Ihre|Diese[rsnm]?|Dort|Da(?:bei|für|mit|nach|ran|raus|zu)|Beide) (?=[a-zäöü])"
    )

    assert [faq.id for faq in read_faqs(ledger.CORPUS / "faq") if loose.match(faq.answer)] == []


def test_the_real_ledger_is_written_as_it_is_read(tmp_path: Path) -> None:
    copy = tmp_path / "facts.csv"
    write_facts(copy, read_facts(CORPUS / "facts.csv"))
    assert copy.read_bytes() == (CORPUS / "facts.csv").read_bytes()


def test_a_sound_corpus_passes() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("120 Personen", "130 Personen", "130 is not backed by F1.01"),
        ("1. März 2024", "2. März 2024", "2024-03-02 is not backed"),
        ("120 Personen", "12.500 €", "12500 EUR is not backed"),
        ("120 Personen", "drei Viertel", "3/4 is not backed"),
        ("120 Personen", "80 %", "80 % is not backed"),
        ("120 Personen", "§ 171b BauGB", "§ 171b BauGB is not backed"),
        ("120 Personen", "Telefon 0341 123456", "tel:0341123456 is not backed"),
        ("120 Personen", "post@beispiel.de", "post@beispiel.de is not backed"),
        ("beispiel.de/a_b", "www.anders.de", "anders.de is not backed"),
        ('facts="F1.01"', 'facts="F1.01 F9.99"', "fact F9.99 does not exist"),
        ('facts="F1.01"', "", "is not backed by any fact"),
        ("{#start", "{#anfang", "id anfang is used 2 times"),
        ("{#start ", "{", "has no id"),
    ],
)
def test_a_section_fails(right: str, wrong: str, message: str) -> None:
    assert any(message in problem for problem in problems(chapter=CHAPTER.replace(right, wrong)))


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("- Beginn\n", "", "has 1 other wordings"),
        (" Dabei waren z. B. 120 Personen.", "", "the answer has 1 sentences"),
        ("Es begann", "Ja. Nein. Ja. Nein. Ja. Es begann", "the answer has 7 sentences"),
        ("Quellen: Beispielamt, 12.05.2023, <https://www.beispiel.de/a_b/>", "", "has no line Quellen:"),
        ("https://www.beispiel.de/a_b/", "https://www.beispiel.de/ab/", "beispiel.de/ab is not backed"),
        ("Stand: 2023-05-12", "", "has no line Stand:"),
        ("Stand: 2023-05-12", "Stand: 2023-06", "2023-06 is not backed"),
        (' facts="F1.01"', "", "names no fact"),
    ],
)
def test_a_faq_fails(right: str, wrong: str, message: str) -> None:
    assert any(message in problem for problem in problems(entry=ENTRY.replace(right, wrong)))


def test_two_faqs_with_one_id_fail() -> None:
    assert any(
        "id start is used 2 times" in problem for problem in problems(entry=ENTRY + ENTRY.partition("---\n\n")[2])
    )


def test_a_subsection_may_rest_on_the_facts_of_its_section() -> None:
    inherits = CHAPTER + "\n### Mehr {#mehr}\n\nEs waren 120.\n"
    assert problems(chapter=inherits) == []
    unrelated = CHAPTER + "\n## Mehr {#mehr}\n\nEs waren 120.\n"
    assert problems(chapter=unrelated) == ["01-a.md:mehr: 120 is not backed by any fact (none is named)"]


def test_unused_facts_lower_the_coverage_and_need_a_reason() -> None:
    unused = replace(FACT, used_in=())
    messages = problems(chapter="", entry="", fact=unused)
    assert any("0.0% of the facts of confidence hoch" in message for message in messages)
    assert any("gives no reason" in message for message in messages)
    assert problems(chapter="", entry="", fact=replace(unused, confidence="mittel", reason="fremdes Land")) == []


def test_an_outdated_ledger_fails() -> None:
    assert any("used_in is out of date" in problem for problem in problems(fact=replace(FACT, used_in=())))


def test_markup_and_numbering_are_no_values() -> None:
    text = (
        "# A {#a}\n\n## B {#b}\n\n1. eins\n2. zwei\n\n| Nr. | Was |\n|---|---|\n| 1 | x |\n\n: Titel {#tbl-7}\n\n"
        '![Bild](figures/bild9.svg){#fig-9 alt="ein Bild"}\n\n::: {.box title="Merke"}\nText\n:::\n'
    )
    (_, section) = sections("01-a.md", text)
    assert values(section.words) == frozenset()


def test_the_words_of_a_figure_are_checked_like_text(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    drawing = '<svg><text x="1">1</text><text class="small" x="2">seit 1999</text></svg>'
    (tmp_path / "figures" / "bild.svg").write_text(drawing, encoding="utf-8")
    (tmp_path / "01-a.md").write_text('# A {#a}\n\n![Bild](figures/bild.svg){#fig-a alt="b"}\n', encoding="utf-8")
    (section,) = read_sections(tmp_path)
    assert values(section.words) == {"1999"}


def test_numbers_in_alternative_texts_captions_and_box_titles_are_values() -> None:
    text = '# A {#a}\n\n![Bild 7](x.svg){#f alt="im Jahr 1999"}\n\n::: {.box title="Seit 2003"}\nText\n:::\n'
    (section,) = sections("01-a.md", text)
    assert values(section.words) == {"7", "1999", "2003"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. März 2024", {"2024-03-01"}),
        ("01.03.2024", {"2024-03-01"}),
        ("24./25. Mai 2007", {"2007-05-24", "2007-05-25"}),
        ("07.01.–06.02.2026", {"2026-01-07", "2026-02-06"}),
        ("bis 30. Oktober", {"--10-30"}),
        ("Ende April 2024", {"2024-04"}),
        ("2016/17", {"2016", "2017"}),
        ("13:00–14:30 Uhr", {"13:00", "14:30"}),
        ("von 13 bis 14.30 Uhr", {"13:00", "14:30"}),
        ("12.500 €", {"12500 EUR"}),
        ("1,58 Mrd. Euro", {"1580000000 EUR"}),
        ("145,5 Millionen Euro", {"145500000 EUR"}),
        ("60–75 %", {"60 %", "75 %"}),
        ("mindestens zehn Prozent", {"10 %"}),
        ("bis zu zwei Drittel", {"2/3"}),
        ("je zur Hälfte", {"1/2"}),
        ("§ 1 Absatz 6 Nummer 11 des Baugesetzbuchs", {"§ 1 Abs. 6 Nr. 11 BauGB"}),
        ("§§ 27, 28 SächsGemO", {"§ 27 SächsGemO", "§ 28 SächsGemO"}),
        ("§ 171b/§ 171e", {"§ 171b", "§ 171e"}),
        ("Art. 104b GG", {"Art. 104b GG"}),
        ("Telefon: 0341 97489183.", {"tel:034197489183"}),
        ("www.inge-sachsen.de.", {"inge-sachsen.de"}),
        ("rund 2.000 Einwohner", {"2000"}),
        ("CO2, drei Varianten", set()),
    ],
)
def test_german_notation(text: str, expected: set[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("value", "known", "expected"),
    [
        ("2024", "2024-03-01", True),
        ("2024-03", "2024-03-01", True),
        ("--03-01", "2024-03-01", True),
        ("2024-03-01", "2024-03", False),
        ("§ 1 BauGB", "§ 1 Abs. 6 Nr. 11 BauGB", True),
        ("§ 1 Abs. 6 BauGB", "§ 1 BauGB", False),
        ("§ 1 BauGB", "§ 1 ROG", False),
        ("§ 171 BauGB", "§ 171b BauGB", False),
        ("66", "66 %", True),
        ("66 %", "66", False),
        ("inge-sachsen.de", "inge-sachsen.de/faq", True),
        ("inge-sachsen.de/faq", "inge-sachsen.de", False),
    ],
)
def test_what_backs_what(value: str, known: str, expected: bool) -> None:
    assert backed(value, {known}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ja.", 1),
        ("Die Frist endet am 30. Oktober. Danach z. B. nicht mehr.", 2),
        ("Nach § 1 Abs. 6 Nr. 11 BauGB gilt das. Das kostet 4 Mio. EUR! Wirklich?", 3),
        ("Ein Satz ohne Punkt", 1),
        ("", 0),
    ],
)
def test_sentences_are_counted(text: str, expected: int) -> None:
    assert ledger.sentence_count(text) == expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("SMR-Medieninformation, 01.03.2024", ("SMR-Medieninformation", "01.03.2024")),
        ("SMI, Drs. 6/12508, 19.03.2018", ("SMI, Drs. 6/12508", "19.03.2018")),
        ("Amt, o. D. (nach März 2024)", ("Amt", "o. D. (nach März 2024)")),
        (
            "BauGB; geprüft im Spiegel a.de/b, Stand 26.03.2022",
            ("BauGB", "geprüft im Spiegel a.de/b, Stand 26.03.2022"),
        ),
        ("Richtlinie vom 24.09.2019", ("Richtlinie vom 24.09.2019", "")),
    ],
)
def test_source_notes_are_split(note: str, expected: tuple[str, str]) -> None:
    assert split_source(note) == expected


def test_every_entry_of_the_faq_is_read() -> None:
    (entry,) = faqs("a.md", ENTRY)
    assert entry == Faq(
        file="a.md",
        id="start",
        question="Wann ging es los?",
        facts=("F1.01",),
        wordings=("Beginn", "wann war der Start"),
        answer="Es begann am 1. März 2024. Dabei waren z. B. 120 Personen.",
        sources="Quellen: Beispielamt, 12.05.2023, <https://www.beispiel.de/a_b/>",
        stand="Stand: 2023-05-12",
    )


def test_notes_belong_to_the_section_that_refers_to_them() -> None:
    (_, section) = sections("01-a.md", CHAPTER)
    assert isinstance(section, Section)
    assert "beispiel.de/a_b" in section.text
