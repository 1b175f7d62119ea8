"""Ruled tables of PDFs: over page breaks, with cells that span, and with rules that are none of theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from ingest_support import WordHashes, quotes, typeset

from ingest.layout.cells import Cell
from ingest.layout.hyphens import is_broken_address
from ingest.layout.lines import Line
from ingest.layout.overleaf import continued
from ingest.layout.parts import Row
from ingest.layout.words import Word
from ingest.pdf import read_pdf
from ingest.pipeline import ingest

ROWS = "".join(f"[Programm {n} für Quartiere],[{50 + n} %],[3{n % 2}. März 2024]," for n in range(1, 61))


def read(tmp_path: Path, source: str) -> list[str]:
    return quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "x"))


@pytest.mark.parametrize("head", ["[*Programm*], [*Satz*], [*Frist*]", "[Programm], [Satz], [Frist]"])
def test_rows_left_over_on_the_last_page_keep_a_header_that_is_tagged_as_decoration(tmp_path: Path, head: str) -> None:
    found = read(tmp_path, f'#set page(paper: "a5")\n#table(columns: 3, table.header({head}), {ROWS})')

    assert found == [
        f"Programm: Programm {n} für Quartiere; Satz: {50 + n} %; Frist: 3{n % 2}. März 2024" for n in range(1, 61)
    ]


def test_a_single_row_left_over_keeps_its_header(tmp_path: Path) -> None:
    long = "Die Frist endet im März, für Anträge der Landkreise jedoch erst im Mai."
    rows = "".join(f"[Programm {n} für Ortskerne mit Entwicklungsbedarf],[{50 + n} %],[{long}]," for n in range(1, 21))
    for head in ("table.header", "table.header.with(repeat: false)"):
        source = f'#set page(paper: "a5")\n#table(columns: 3, {head}([*Programm*], [*Satz*], [*Hinweis*]), {rows})'
        found = read(tmp_path, source)

        assert len(found) == 20
        assert found[-1] == f"Programm: Programm 20 für Ortskerne mit Entwicklungsbedarf; Satz: 70 %; Hinweis: {long}"


@pytest.mark.parametrize(
    ("columns", "cells", "rows"),
    [
        (
            2,
            "[Programm], [Fördersatz], [Lebendige Zentren], [66 %], [Ortskerne], [70 %], [Stadtumbau], [50 %]",
            [
                "Programm: Lebendige Zentren; Fördersatz: 66 %",
                "Programm: Ortskerne; Fördersatz: 70 %",
                "Programm: Stadtumbau; Fördersatz: 50 %",
            ],
        ),
        (
            3,
            "table.cell(rowspan: 2)[Programm],table.cell(colspan: 2)[Förderung],[Satz],[Höchstbetrag],"
            "[Lebendige Zentren],[zwei Drittel],[keiner],[Umbau],[die Hälfte],[keiner]",
            [
                "Programm: Lebendige Zentren; Förderung Satz: zwei Drittel; Förderung Höchstbetrag: keiner",
                "Programm: Umbau; Förderung Satz: die Hälfte; Förderung Höchstbetrag: keiner",
            ],
        ),
    ],
    ids=["words above numbers", "names that span two rows"],
)
def test_a_header_need_not_be_bold(tmp_path: Path, columns: int, cells: str, rows: list[str]) -> None:
    assert read(tmp_path, f"#table(columns: {columns}, {cells})") == rows


@pytest.mark.parametrize("colon", [":", ""])
def test_a_list_of_particulars_has_no_header(tmp_path: Path, colon: str) -> None:
    rows = {"Ort": "Rathaus", "Datum": "14. März 1987", "Beginn": "19 Uhr", "Beschlüsse": "12"}
    cells = ", ".join(f"[{name}{colon}], [{value}]" for name, value in rows.items())

    assert read(tmp_path, f"#table(columns: (3cm, 6cm), {cells})") == [
        f"{name}: {value}" for name, value in rows.items()
    ]


def cell(*texts: str, page: int) -> Cell:
    """Lines of a cell, one below the other."""
    return tuple(
        Line(words=(Word(text=text, x0=50, y0=y, x1=90, y1=y + 10),), page=page, order=0)
        for text, y in zip(texts, range(700, 0, -12), strict=False)
    )


@pytest.mark.parametrize(
    ("above", "below", "rows"),
    [
        ((("Entwicklungs\ufffe",), ("66 %",)), (("bedarf",), ()), 1),
        ((("Ortskerne",), ("Antrag bis",)), ((), ("März",)), 1),
        ((("Ortskerne",), ("66 %",)), (("Stadtumbau",), ("70 %",)), 2),
        ((("openData",), ("x",)), (("govData",), ("y",)), 2),
    ],
)
def test_a_row_that_a_page_break_cuts_is_one(
    above: tuple[tuple[str, ...], ...], below: tuple[tuple[str, ...], ...], rows: int
) -> None:
    head = (cell("Programm", page=1), cell("Satz", page=1))
    one, other = (tuple(cell(*texts, page=page) for texts in cells) for page, cells in ((1, above), (2, below)))
    found = continued([Row(header=head, cells=one), Row(header=(), cells=other)])

    assert len(found) == rows
    assert all(isinstance(row, Row) and row.header == head for row in found)


def test_a_cell_that_spans_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    source = """#table(columns: 3, table.header([*Land*], [*Programm*], [*Satz*]),
      table.cell(rowspan: 2)[Sachsen], [Lebendige Zentren], [66 %], [Sozialer Zusammenhalt], [70 %],
      table.cell(rowspan: 2)[Bayern], [Ortskerne], [60 %], [Stadtumbau], [50 %])"""

    assert read(tmp_path, source) == [
        "Land: Sachsen; Programm: Lebendige Zentren; Satz: 66 %",
        "Land: Sachsen; Programm: Sozialer Zusammenhalt; Satz: 70 %",
        "Land: Bayern; Programm: Ortskerne; Satz: 60 %",
        "Land: Bayern; Programm: Stadtumbau; Satz: 50 %",
    ]


def test_a_header_in_two_rows_names_every_column_in_full(tmp_path: Path) -> None:
    source = """#table(columns: 4,
      table.cell(rowspan: 2)[*Land*], table.cell(rowspan: 2)[*Programm*], table.cell(colspan: 2)[*Förderung*],
      [*Bund*], [*Gemeinde*],
      [Sachsen], [Ortskerne], [33 %], [34 %], [Bayern], [Stadtumbau], [50 %], [10 %])"""

    assert read(tmp_path, source) == [
        "Land: Sachsen; Programm: Ortskerne; Förderung Bund: 33 %; Förderung Gemeinde: 34 %",
        "Land: Bayern; Programm: Stadtumbau; Förderung Bund: 50 %; Förderung Gemeinde: 10 %",
    ]


def test_a_header_of_narrow_columns_belongs_to_its_frame(tmp_path: Path) -> None:
    rows = "".join(f"[{2015 + n}],[{n}7445],[11{n}],[23{n}]," for n in range(9))

    assert read(tmp_path, f"#table(columns: 4, [Jahr],[Einwohner],[Geburten],[Sterbefälle],{rows})")[0] == (
        "Jahr: 2015; Einwohner: 07445; Geburten: 110; Sterbefälle: 230"
    )


def test_rules_below_words_part_no_cells(tmp_path: Path) -> None:
    link = "#underline(offset: 3pt)[www.sachsen.de/foerderung/programme/der/staedtebaufoerderung/und/mehr]"
    rows = "".join(f"[Programm {n}],[{link}],[{link}]," for n in range(1, 6))
    source = f"#table(columns: (3cm, 5cm, 5cm), inset: 1.5mm, [*Programm*], [*Seite*], [*Antrag*], {rows})"
    found = read(tmp_path, source)

    assert [text[:21] for text in found] == [f"Programm: Programm {n};" for n in range(1, 6)]
    assert all(text.count("; ") == 2 for text in found)


def test_a_header_above_empty_fields_is_not_lost(tmp_path: Path) -> None:
    source = """Antrag auf Förderung der Gemeinde
#table(columns: (4cm, 4cm), stroke: (x: none, y: 0.5pt), [PLZ], [Ort], [Adresszusatz], [])"""

    assert " ".join(read(tmp_path, source)) == "Antrag auf Förderung der Gemeinde PLZ: Ort Adresszusatz"


def test_a_header_is_one_though_one_of_its_names_is_not_bold(tmp_path: Path) -> None:
    source = """#table(columns: 3, [*Status*], [*Wert*], [Quelle],
      [*vollständig*], [ja], [Liste], [*zurückgezogen*], [nein], [Akte])"""

    assert read(tmp_path, source) == [
        "Status: vollständig; Wert: ja; Quelle: Liste",
        "Status: zurückgezogen; Wert: nein; Quelle: Akte",
    ]


@pytest.mark.parametrize(
    ("left", "right", "broken"),
    [
        ("http://www.opensource.or", "g/licenses/gpl.html", True),
        ("https://www.sachsen.de/foerde", "rung.html", True),
        ("https://www.sachsen.de/foerderung", "und/oder", False),
        ("https://www.sachsen.de/foerderung", "gelten", False),
        ("Verwaltung", "und/oder", False),
    ],
)
def test_an_address_goes_on_in_the_next_line_of_a_cell(left: str, right: str, broken: bool) -> None:
    assert is_broken_address(left, right) is broken


def test_the_report_counts_tables_and_their_rows(tmp_path: Path) -> None:
    table = "| Programm | Satz |\n|---|---|\n| Stadtumbau | 66 % |\n| Denkmalschutz | 80 % |\n"
    (tmp_path / "a.md").write_text(f"# Förderung\n\n{table}\nAb Mai gilt:\n\n{table}", encoding="utf-8")
    [file] = ingest([tmp_path / "a.md"], folder=tmp_path / "index", open_embedder=WordHashes).files

    assert (file.tables, file.rows) == (2, 4)
