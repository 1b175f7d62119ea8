from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from ingest_support import assert_sound, handmade, line, quotes, typeset

from assistant.domain import SentenceKind
from ingest.failures import Unreadable
from ingest.passages import cut
from ingest.pdf import read_pdf

TWO_PAGES = """
#set page(paper: "a5", header: [Satzung der Stadt Musterstadt], numbering: "1", margin: 2cm)
#set heading(numbering: "1.1")
= Zweck
Die Stadt fördert Vereine und Verbände der Kinder- und Jugendhilfe, die sich um Nachbarschaftshilfe kümmern.
== Umfang
#lorem(420) Dieser Satz steht ganz am Ende.
"""


def test_a_pdf_gives_sections_sentences_and_boxes(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TWO_PAGES), "a")

    assert_sound(document)
    assert [section.path for section in document.sections] == [("1 Zweck",), ("1 Zweck", "1.1 Umfang")]
    assert len(document.pages) >= 2
    first = document.sentences[1]
    assert first.span.of(document.text) == (
        "Die Stadt fördert Vereine und Verbände der Kinder- und Jugendhilfe, die sich um Nachbarschaftshilfe kümmern."
    )
    boxes = first.boxes[1]
    assert len(boxes) >= 2
    page = document.pages[0]
    assert all(0 < box.x0 < box.x1 < page.width and 0 < box.y0 < box.y1 < page.height for box in boxes)


def test_running_heads_and_page_numbers_are_no_text(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TWO_PAGES), "a")

    assert "Satzung der Stadt" not in document.text
    assert not any(quote.strip(".").isdigit() for quote in quotes(document))


@pytest.mark.parametrize("before", ["Beschluss:", '#text(weight: "bold")[TOP 1]', "#v(1fr)\nEinstimmig angenommen."])
def test_what_two_pages_say_at_the_same_place_is_text_unless_it_is_set_apart(tmp_path: Path, before: str) -> None:
    text = "Der Rat berät über den Entwurf der Satzung und hört dazu die Ortsteile an. " * 3
    head = "#set page(header: [Stadt Musterhausen #h(1fr) Niederschrift], footer: [Hauptamt])\n"
    first = f"{text}\n\n{before}" if before.startswith("#v") else f"{before}\n\n{text}"
    second = first.replace("TOP 1", "TOP 2")
    said = quotes(read_pdf(typeset(tmp_path / "a.pdf", f"{head}{first}\n#pagebreak()\n{second}"), "a"))

    assert sum(len(quote) < 40 for quote in said) == 2
    assert not any(word in quote for quote in said for word in ("Musterhausen", "Hauptamt"))


def test_a_left_column_that_reaches_further_down_is_read_to_its_end(tmp_path: Path) -> None:
    tops = range(1, 6)
    items = "\n".join(
        f"== TOP {top} Beratung\nDer Rat berät über den Entwurf der Satzung Nr. {top} und hört dazu die Ortsteile an. "
        "Danach stimmt er ab.\n"
        for top in tops
    )
    source = f"#set page(height: 12cm)\n#columns(2)[\n{items}]"
    said = quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a"))

    assert [quote for quote in said if quote.startswith("TOP")] == [f"TOP {top} Beratung" for top in tops]


def test_a_page_without_a_full_last_line_does_not_go_on_overleaf(tmp_path: Path) -> None:
    source = "/ BauGB: Baugesetzbuch\n/ INSEK: Integriertes Stadtentwicklungskonzept\n/ KdU: Kosten der Unterkunft"
    said = quotes(read_pdf(typeset(tmp_path / "a.pdf", f"{source}\n#pagebreak()\nDiese Seite bleibt frei."), "a"))

    assert said == [
        "BauGB Baugesetzbuch",
        "INSEK Integriertes Stadtentwicklungskonzept",
        "KdU Kosten der Unterkunft",
        "Diese Seite bleibt frei.",
    ]


def test_the_overview_of_a_law_is_no_heading_of_its_text(tmp_path: Path) -> None:
    names = ("Einberufung", "Tagesordnung", "Redeordnung", "Niederschrift")
    overview = " \\\n".join(f"§ {number} {name}" for number, name in enumerate(names, start=1))
    text = "\n\n".join(
        f"#align(center)[*§ {number} \\ {name}*]\nDer Vorsitzende regelt die {name} nach Anhörung des Rates."
        for number, name in enumerate(names, start=1)
    )
    source = f"#align(center)[*Inhaltsübersicht*]\n{overview}\n\n{text}"
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert [section.path for section in document.sections] == [
        (f"§ {number} {name}",) for number, name in enumerate(names, start=1)
    ]


def test_the_dots_of_a_form_are_no_table_of_contents(tmp_path: Path) -> None:
    field = "#box(width: 1fr, repeat[.])"
    names = ("Name, Vorname:", "Straße, Hausnummer:", "Postleitzahl, Ort:", "Telefon:")
    source = "= Antrag\nDer Antrag geht an das Amt.\n\n" + " \\\n".join(f"{name} {field}" for name in names)
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert quotes(document)[2:] == [f"{name} …" for name in names]
    assert SentenceKind.HEADING not in [sentence.kind for sentence in document.sentences[1:]]


def test_words_printed_with_wide_spaces_keep_their_blanks(tmp_path: Path) -> None:
    source = "#text(tracking: 4pt)[Gegenstand der Förderung und Art der Mittel]"

    assert quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a")) == ["Gegenstand der Förderung und Art der Mittel"]


def test_an_indented_item_begins_below_a_line_without_a_colon(tmp_path: Path) -> None:
    opening = "Der Satz für ehrenamtlich Tätige beträgt je Tag bei einer zeitlichen Inanspruchnahme der Personen"
    source = f'{opening}\n#enum(numbering: "a)")[bis zu 3 Stunden 25 Euro,][darüber 40 Euro.]'

    assert quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a")) == [
        opening,
        "a) bis zu 3 Stunden 25 Euro,",
        "b) darüber 40 Euro.",
    ]


def test_names_of_columns_that_are_printed_on_every_page_are_no_running_head(tmp_path: Path) -> None:
    rows = "".join(f"[Straße {n}],[{3 * n} Wohnungen],[{1000 + n} €]," for n in range(1, 200))
    table = f"#table(columns: (6cm, 4cm, 1fr), stroke: none, table.header[Straße][Bestand][Mittel],{rows})"
    said = quotes(read_pdf(typeset(tmp_path / "a.pdf", f"#set page(numbering: '1')\n{table}".replace("'", '"')), "a"))

    assert len(said) == 199
    assert said[-1] == "Straße: Straße 199; Bestand: 597 Wohnungen; Mittel: 1199 €"


def test_every_sentence_of_a_pdf_has_a_place(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TWO_PAGES), "a")

    assert all(sentence.boxes for sentence in document.sentences)
    assert any(len(sentence.boxes) == 2 for sentence in document.sentences)
    assert document.sentences[0].kind is SentenceKind.HEADING


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "keinen Text"),
        (b"<!DOCTYPE html><html></html>", "keine PDF-Datei"),
        (b"MZ\x90\x00", "keine PDF-Datei"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<", "beschädigt"),
    ],
)
def test_what_is_no_pdf_fails_with_a_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)

    with pytest.raises(Unreadable, match=reason):
        read_pdf(path, "x")


CONTENTS = """
#set page(paper: "a5")
#outline(title: [Inhaltsverzeichnis])
= Zweck
Die Stadt fördert Vereine.
== Umfang
Der Zuschuss beträgt 500 Euro.
= Verfahren
Der Antrag ist schriftlich zu stellen.
== Fristen
Die Frist endet im Mai.
"""


def test_a_table_of_contents_is_in_the_text_but_in_no_passage(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", CONTENTS), "a")
    passages = [passage.span.of(document.text) for passage in cut(document)]

    assert document.text.startswith("Inhaltsverzeichnis\nZweck 1\n")
    assert passages == [
        "Zweck\nDie Stadt fördert Vereine.",
        "Umfang\nDer Zuschuss beträgt 500 Euro.",
        "Verfahren\nDer Antrag ist schriftlich zu stellen.",
        "Fristen\nDie Frist endet im Mai.",
    ]


INDEX = """
#set page(paper: "a5")
#show heading: set block(below: 1em)
= Beteiligung
Die Stadt fördert Vereine. Was sie fördert, beschließt der Rat.
#pagebreak()
= Förderung
Der Antrag ist schriftlich zu stellen.
#pagebreak() #pagebreak(weak: true)
= Begriffe
#terms([/ Abwägung: vergleichende Bewertung aller Belange], [/ Satzung: Recht der Gemeinde])
#pagebreak()
= Stichwörter
STICHWORTE
"""
WORDS = ["Antrag", "Belang", "Ehrenamt", "Frist", "Gemeinde", "Jugendhilfe", "Mitglied der Vereine", "Rat", "Verein"]
PRINTED = {
    "lines": " \\ ".join(f"{word}, 1, 2–3, 4" for word in WORDS),
    "marked": "\n\n".join(f"{word}: 1.1 (S. 1), 2.3 (S. 2)" for word in WORDS),
    "columns": "#columns(2)[" + "".join(f"\n== {word[0]}\n{word} 1, 3" for word in WORDS) + "]",
    "grid": f"#grid(columns: (4cm, 1fr), row-gutter: 1em, {''.join(f'[{word}], [S. 1, S. 3],' for word in WORDS)})",
}


@pytest.mark.parametrize("printed", PRINTED)
def test_an_index_is_in_the_text_but_in_no_passage(tmp_path: Path, printed: str) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", INDEX.replace("STICHWORTE", PRINTED[printed])), "a")
    passages = [passage.span.of(document.text) for passage in cut(document)]

    assert all(word in document.text for word in WORDS)
    assert [passage.partition("\n")[0] for passage in passages] == ["Beteiligung", "Förderung", "Begriffe"]
    assert "Abwägung vergleichende Bewertung aller Belange" in " ".join(passages[-1].split())


def test_a_table_of_numbers_at_the_end_is_no_index(tmp_path: Path) -> None:
    rows = "".join(f"[{word}], [{4 - number % 3}], [{number % 4}]," for number, word in enumerate(WORDS))
    source = f"{'Text. #pagebreak() ' * 4}\n= Zahlen\n#table(columns: 3, table.header[*Wort*][*Alt*][*Neu*], {rows})"
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert "Wort: Verein; Alt: 2; Neu: 0" in " ".join(passage.span.of(document.text) for passage in cut(document))


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = "Links steht ein langer Absatz über die Beteiligung der Bürgerinnen und Bürger an der Planung. " * 4
    right = "Rechts steht ein anderer Absatz über die Förderung von Vorhaben durch den Freistaat Sachsen. " * 4
    source = (
        f"= Ein Titel über beiden Spalten\n#columns(2)[{left}\n#colbreak()\n{right}]\nDarunter steht noch ein Satz."
    )
    found = quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a"))

    assert found == ["Ein Titel über beiden Spalten", *[left[:94].strip()] * 4, *[right[:93].strip()] * 4,
                     "Darunter steht noch ein Satz."]  # fmt: skip


def test_notes_in_the_margin_are_not_mixed_with_the_text_beside_them(tmp_path: Path) -> None:
    text = (
        "Zuwendungen werden nur gewährt, wenn der Antrag vollständig und unterschrieben bei der Behörde vorliegt. " * 3
    )
    notes = ["Wer ist antragsberechtigt und wer nicht?", "Bis wann ist der Antrag bei uns zu stellen?"]
    source = "".join(f"#place(dx: -3.6cm, box(width: 3cm, text(8.5pt)[{note}]))\n{text}\n\n" for note in notes)
    document = read_pdf(typeset(tmp_path / "a.pdf", f"#set page(margin: (left: 5cm))\n= Merkblatt\n{source}"), "a")

    assert sorted(quotes(document)) == sorted(["Merkblatt", *notes, *[text[:104].strip()] * 6])


def test_a_box_with_a_heading_of_its_own_is_read_after_the_text_beside_it(tmp_path: Path) -> None:
    box = "Der Anteil der Beteiligung ist zuwendungsfähig. Er sollte im Antrag gesondert ausgewiesen werden."
    text = "Bewährt haben sich Werkstätten und Befragungen, deren Ergebnisse veröffentlicht werden. "
    beside = f"#text(8pt)[*Gut zu wissen* \\\\ {box} \n\n Muster für Einladungen stellt das Amt bereit.]"
    source = f"#grid(columns: (10cm, 4cm), gutter: 1cm, [{text * 3}\n\n{text * 3}], [{beside}])"
    said = quotes(read_pdf(typeset(tmp_path / "a.pdf", source.replace("\\\\", "\\")), "a"))

    assert said[:6] == [text.strip()] * 6
    assert said[-1] == "Muster für Einladungen stellt das Amt bereit."


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_note_in_the_margin_comes_before_what_it_stands_beside(tmp_path: Path, side: str) -> None:
    text = [
        "Die Stadt fördert Vereine und Verbände der Kinder- und Jugendhilfe, die sich um Nachbarschaftshilfe kümmern.",
        "Anträge stellen können eingetragene Vereine, die ihren Sitz seit mindestens drei Jahren in der Stadt haben.",
    ]
    notes = ["Zweck der Förderung und ihre Grundlagen", "Wer gefördert wird"]
    place = "#place(dx: -3.6cm" if side == "left" else "#place(right, dx: 3.6cm"
    source = "".join(
        f"{place}, box(width: 3cm, text(8pt)[{note}]))\n{part} {part}\n\n"
        for note, part in zip(notes, text, strict=True)
    )
    document = read_pdf(typeset(tmp_path / "a.pdf", f"#set page(margin: ({side}: 5cm))\n{source}"), "a")

    assert quotes(document) == [notes[0], text[0], text[0], notes[1], text[1], text[1]]


@pytest.mark.parametrize("stop", [".", ""])
def test_a_paragraph_below_a_list_is_none_of_its_items(tmp_path: Path, stop: str) -> None:
    lines = (
        "Gefördert werden nach Maßgabe dieser Richtlinie die folgenden Vorhaben der Gemeinden:",
        "a) die Erstellung von Konzepten, die von mehreren Gemeinden beschlossen werden,",
        f"b) die Beteiligung der Bürgerinnen und Bürger vor Ort{stop}",
        "Anträge sind schriftlich bei der Bewilligungsstelle einzureichen, die über sie binnen",
        "drei Monaten entscheidet.",
    )
    escaped = [text.replace(")", "\\)") for text in lines]
    content = b"".join(line(text, 700 - 14 * number) for number, text in enumerate(escaped))

    assert quotes(read_pdf(handmade(tmp_path / "a.pdf", content), "x")) == [
        *lines[:3],
        f"{lines[3]} {lines[4]}",
    ]


def test_a_heading_beside_a_smaller_line_is_no_row_of_a_table(tmp_path: Path) -> None:
    source = '#grid(columns: 2, column-gutter: 4cm, text(16pt, weight: "bold")[Digitalcheck], text(9pt)[Version 1.3])\n'
    document = read_pdf(typeset(tmp_path / "a.pdf", f"{source}#v(1cm)\n#lorem(40)"), "a")

    assert SentenceKind.ROW not in {item.kind for item in document.sentences}
    assert "Version 1.3" in quotes(document)


TABLE = """
Die Sätze stehen in der Tabelle.
#table(columns: (4cm, 3cm, 6cm), stroke: STROKE,
  table.header[*Programm*][*Satz*][*Hinweis*],
  [Lebendige Zentren], [66,67 %], [gilt auch für Ortskerne mit großem Entwicklungsbedarf],
  [Sozialer Zusammenhalt], [66,67 %], [], [Investitionspakt], [90 %], [nur Sportstätten])
Danach geht es weiter.
"""


@pytest.mark.parametrize("stroke", ["0.5pt", "(x: none, y: 0.5pt)", "none"])
def test_table_rows_keep_their_headers(tmp_path: Path, stroke: str) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TABLE.replace("STROKE", stroke)), "a")
    rows = [item.span.of(document.text) for item in document.sentences if item.kind is SentenceKind.ROW]

    assert rows == [
        "Programm: Lebendige Zentren; Satz: 66,67 %; Hinweis: gilt auch für Ortskerne mit großem Entwicklungsbedarf",
        "Programm: Sozialer Zusammenhalt; Satz: 66,67 %",
        "Programm: Investitionspakt; Satz: 90 %; Hinweis: nur Sportstätten",
    ]
    assert quotes(document)[-1] == "Danach geht es weiter."


def test_dates_below_each_other_are_one_column_overleaf_too(tmp_path: Path) -> None:
    rows = "".join(
        f"[Runde {number}], [{50 + number} %], [3{number % 2}. März 202{number % 10}]," for number in range(1, 31)
    )
    source = (
        f'#set page(paper: "a6")\n#table(columns: 3, table.header(repeat: false)[*Runde*][*Satz*][*Frist*], {rows})'
    )
    found = quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a"))

    assert found[0] == "Runde: Runde 1; Satz: 51 %; Frist: 31. März 2021"
    assert found[-1] == "Runde: Runde 30; Satz: 80 %; Frist: 30. März 2020"


def test_a_table_that_goes_on_overleaf_keeps_its_headers(tmp_path: Path) -> None:
    rows = "".join(f"[Gemeinde {number}], [{number} Euro]," for number in range(36))
    source = f'#set page(paper: "a6")\n#table(columns: 2, table.header(repeat: false)[*Gemeinde*][*Betrag*], {rows})'
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert len(document.pages) > 1
    assert quotes(document)[-1] == "Gemeinde: Gemeinde 35; Betrag: 35 Euro"


def test_footnotes_are_notes_and_their_marks_are_gone(tmp_path: Path) -> None:
    source = "Die Beratung ist kostenlos.#footnote[Stand März 2024.] Sie ist auf 120 m#super[2] Fläche möglich."
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert [(item.kind, item.span.of(document.text)) for item in document.sentences] == [
        (SentenceKind.PROSE, "Die Beratung ist kostenlos."),
        (SentenceKind.PROSE, "Sie ist auf 120 m² Fläche möglich."),
        (SentenceKind.NOTE, "Stand März 2024."),
    ]


@pytest.mark.parametrize("stop", [",", ".", ")"])
def test_a_footnote_mark_before_a_stop_is_gone_too(stop: str, tmp_path: Path) -> None:
    source = f"Sie beträgt 80 v. H. der Ausgaben#footnote[Ohne Steuer.]{stop} mindestens 200 Euro."
    said = quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a"))

    assert f"der Ausgaben{stop} mindestens" in " ".join(said)
    assert "Ohne Steuer." in said


def test_a_footnote_mark_may_be_nearly_as_large_as_the_text(tmp_path: Path) -> None:
    source = "Antragsteller sind Gemeinden.#super(size: 9.2pt, baseline: -4pt)[1] Sie stellen den Antrag bis Oktober."
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert quotes(document) == ["Antragsteller sind Gemeinden.", "Sie stellen den Antrag bis Oktober."]


def test_items_lettered_with_a_full_stop_stay_apart(tmp_path: Path) -> None:
    lines = ("Gefördert werden", "a. Investitionen in die Sanierung von Gebäuden, die das Ortsbild prägen,",
             "b. die Gestaltung öffentlicher Plätze, Wege und Grünanlagen im Ortskern und",
             "c. Planungen.")  # fmt: skip
    content = b"".join(line(text, 700 - 13 * number) for number, text in enumerate(lines))

    assert quotes(read_pdf(handmade(tmp_path / "a.pdf", content), "x")) == list(lines)


def test_raised_numbers_of_sentences_are_no_part_of_them(tmp_path: Path) -> None:
    sentences = ("Der Rat ist einzuberufen, wenn es die Geschäftslage erfordert.", "Er tagt einmal im Monat.")
    numbered = " ".join(f"#super[{number}]{text}" for number, text in enumerate(sentences, start=1))
    source = f"(1) Der Rat tagt.\n\n(2) {numbered}\n\n{numbered}\n\nDie Fläche misst 20 m#super[2] am Rand."

    assert quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a")) == [
        "(1) Der Rat tagt.",
        f"(2) {sentences[0]}",
        *(sentences[1], *sentences),
        "Die Fläche misst 20 m² am Rand.",
    ]


def test_raised_figures_that_are_characters_of_their_own_are_marks_too(tmp_path: Path) -> None:
    source = "Die Sätze gelten bis 2026.¹ Gefördert werden Gebäude³ ab 120 m² Fläche und 300 m³ Raum."
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert quotes(document) == [
        "Die Sätze gelten bis 2026.",
        "Gefördert werden Gebäude ab 120 m² Fläche und 300 m³ Raum.",
    ]


def test_printed_labels_and_physical_numbers_are_two_things(tmp_path: Path) -> None:
    source = '#set page(numbering: "i")\nVorwort.\n#set page(numbering: "1")\n#counter(page).update(1)\nText.'
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert [(page.number, page.label) for page in document.pages] == [(1, "i"), (2, "1")]
    assert quotes(document) == ["Vorwort.", "Text."]


def test_without_labels_the_number_printed_on_the_page_is_its_label(tmp_path: Path) -> None:
    import pypdf

    source = '#set page(paper: "a6", numbering: "1")\n#counter(page).update(17)\n' + "#lorem(60)\n#pagebreak()\n" * 4
    writer = pypdf.PdfWriter(clone_from=typeset(tmp_path / "a.pdf", f"{source}Ende."))
    writer.root_object.pop("/PageLabels", None)
    writer.write(tmp_path / "b.pdf")

    assert [page.label for page in read_pdf(tmp_path / "b.pdf", "b").pages] == ["17", "18", "19", "20", "21"]


def test_text_that_tags_give_once_for_many_letters_stays_where_the_letters_are(tmp_path: Path) -> None:
    first, second = "Rat hat heute die neue Satzung", "mit der Mehrheit der Stimmen beschlossen."
    spoken = f"Der {first} {second}".encode("utf-16-be").hex()
    start = b"BT /F1 11 Tf 50 700 Td (Der) Tj ET "
    content = b"/Span << /ActualText <FEFF%s> >> BDC " % spoken.encode() + start + line(first) + line(second, 686)
    document = read_pdf(handmade(tmp_path / "a.pdf", content + b"EMC"), "a")

    assert quotes(document) == [f"Der {first} {second}"]
    upper, lower = document.sentences[0].boxes[1]
    assert upper.x1 - upper.x0 > 150 < lower.x1 - lower.x0


def test_letters_of_a_drawn_font_stand_in_one_line_whatever_their_height(tmp_path: Path) -> None:
    document = read_pdf(drawn_font(tmp_path / "a.pdf", "Der Rat plant es an allen Tischen."), "a")

    assert quotes(document) == ["Der Rat plant es an allen Tischen."]
    (box,) = document.sentences[0].boxes[1]
    assert box.y1 - box.y0 == pytest.approx(11 * 1.12, abs=0.5)


def drawn_font(path: Path, text: str) -> Path:
    """A PDF in a Type 3 font, whose letters are drawings: rectangles as high as the ink of each letter.

    Its codes are no ASCII, so that nothing says how far letters reach: where A and g are looked for, others are found.
    """
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    codes = {letter: code for code, letter in enumerate(sorted(set(text)))} | {"A": ord("A"), "g": ord("g")}
    writer = pypdf.PdfWriter(
        clone_from=handmade(path, b"BT /F1 11 Tf 72 700 Td <%s> Tj ET" % bytes(map(codes.get, text)).hex().encode())
    )

    def added(content: str) -> pypdf.generic.IndirectObject:
        stream = DecodedStreamObject()
        stream.set_data(content.encode())
        return writer._add_object(stream)

    drawings = DictionaryObject()
    for letter, code in codes.items():
        low, high = (
            (-0.2 if letter == "p" else 0),
            {" ": 0, ".": 0.1}.get(letter, 0.45 if letter in "aensrpAg" else 0.7),
        )
        box = f"0.5 0 0 {low} 0.45 {high} d1 0 {low} 0.45 {high - low} re f"
        drawings[NameObject(f"/C{code}")] = added(box)
    names = " ".join(f"{code} /C{code}" for code in codes.values())
    source = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [1 0 0 1 0 0] /FirstChar 0 /LastChar 139 "
        f"/Widths [{'0.5 ' * 140}] /Encoding << /Type /Encoding /Differences [{names}] >> /Resources << >> >>"
    )
    font = pypdf.generic.read_object(BytesIO(source.encode()), writer)
    meant = "".join(f"<{code:02X}> <{ord(letter):04X}>\n" for letter, code in codes.items())
    font[NameObject("/CharProcs")] = drawings
    font[NameObject("/ToUnicode")] = added(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{meant}endbfchar endcmap end end"
    )
    writer.pages[0]["/Resources"]["/Font"][NameObject("/F1")] = writer._add_object(font)
    writer.write(path)
    return path


UPRIGHT = {0: "1 0 0 1 100 300", 90: "0 1 -1 0 300 100", 180: "-1 0 0 -1 400 500", 270: "0 -1 1 0 200 600"}


@pytest.mark.parametrize("text", UPRIGHT)
@pytest.mark.parametrize("page", UPRIGHT)
def test_boxes_lie_on_the_ink_however_page_and_text_are_turned(tmp_path: Path, text: int, page: int) -> None:
    import numpy as np
    import pypdf
    import pypdfium2

    content = f"BT /F1 20 Tf {UPRIGHT[text]} Tm (Die Gemeinde plant.) Tj ET".encode()
    writer = pypdf.PdfWriter(clone_from=handmade(tmp_path / "a.pdf", content))
    writer.pages[0].cropbox = pypdf.generic.RectangleObject((30, 50, 560, 800))
    writer.pages[0].rotate(page)
    writer.write(tmp_path / "b.pdf")
    document = read_pdf(tmp_path / "b.pdf", "b")

    assert document.text == "Die Gemeinde plant."
    (box,) = document.sentences[0].boxes[1]
    picture = np.asarray(pypdfium2.PdfDocument(tmp_path / "b.pdf")[0].render(scale=1).to_pil().convert("L"))
    rows, columns = np.nonzero(picture < 128)
    height = document.pages[0].height
    assert box.x0 - 2 <= columns.min() <= columns.max() <= box.x1 + 2
    assert height - box.y1 - 2 <= rows.min() <= rows.max() <= height - box.y0 + 2
    assert (box.x1 - box.x0) * (box.y1 - box.y0) < 200 * 30


def test_what_tags_give_as_the_text_of_many_lines_is_placed_by_its_letters(tmp_path: Path) -> None:
    lines = [f"Der Gemeinderat fasst den Beschluss Nummer {number}." for number in range(1, 6)]
    drawn = b"".join(b"BT /F1 11 Tf 72 %d Td (%s) Tj ET\n" % (700 - 15 * n, t.encode()) for n, t in enumerate(lines))
    whole = " ".join(lines).encode()
    path = handmade(tmp_path / "a.pdf", b"/Span << /ActualText (%s) >> BDC\n%s EMC\n" % (whole, drawn))
    document = read_pdf(path, "x")

    heights = [round(box.y0) for sentence in document.sentences for box in sentence.boxes[1]]
    assert heights == sorted(set(heights), reverse=True)
    assert len(heights) == 5


def test_a_table_from_the_head_of_the_page_keeps_its_header_and_whole_dates(tmp_path: Path) -> None:
    rows = "".join(f"[Programm {n} für Quartiere],[{50 + n} %],[3{n % 2}. März 2024]," for n in range(1, 41))
    source = f"#set page(paper: 'a5')\n#table(columns: 3, table.header([*Programm*], [*Satz*], [*Frist*]), {rows})"
    found = quotes(read_pdf(typeset(tmp_path / "a.pdf", source.replace("'", '"')), "x"))

    assert "Programm: Programm 1 für Quartiere; Satz: 51 %; Frist: 31. März 2024" in found


def test_a_word_printed_in_parts_is_one_word(tmp_path: Path) -> None:
    # Each part is placed on its own, a tenth of the font's height behind the one before; Helvetica's widths are known.
    parts = ((72.0, "Fe"), (83.5, "cha"), (101.0, "de"), (114.0, "naci"), (131.6, "miento"))
    content = b"".join(b"BT /F1 9 Tf %.1f 700 Td (%s) Tj ET\n" % (x, part.encode()) for x, part in parts)

    assert quotes(read_pdf(handmade(tmp_path / "a.pdf", content), "x")) == ["Fecha de nacimiento"]


def test_short_paragraphs_stay_apart_where_most_lines_are_one(tmp_path: Path) -> None:
    paragraphs = (
        "Sitzung am 12. März 2024 im Ratssaal",
        "TOP 1: Begrüßung und Feststellung der Beschlussfähigkeit des Stadtrates",
        "Der Bürgermeister stellt fest, dass der Stadtrat beschlussfähig ist.",
        "TOP 2: Haushaltssatzung",
        "Der Kämmerer erläutert den Entwurf, zu dem alle Fraktionen in der vergangenen Woche schriftlich Stellung "
        "genommen haben und den der Ausschuss empfiehlt.",
        "Abstimmung",
    )
    source = "#set par(spacing: 1.6em)\n" + "\n\n".join(paragraphs)

    assert quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "x")) == list(paragraphs)


@pytest.mark.parametrize("width", range(62, 86, 4))
def test_a_justified_line_of_few_words_is_no_row_of_a_table(tmp_path: Path, width: int) -> None:
    sentences = [
        "Der Gemeinderat hat in seiner Sitzung am 5. März 2024 die Satzung über die Erhebung von Elternbeiträgen für "
        "Kindertageseinrichtungen beschlossen.",
        "Sie liegt während der Öffnungszeiten im Gemeindeamt zur Einsichtnahme aus und kann auf der Internetseite der "
        "Gemeinde abgerufen werden.",
    ]
    writer = FPDF()
    writer.add_page()
    writer.set_font("helvetica", size=10)
    writer.multi_cell(width, 5, " ".join(sentences), align="J")
    writer.output(str(tmp_path / "a.pdf"))

    assert quotes(read_pdf(tmp_path / "a.pdf", "a")) == sentences


def test_a_right_column_that_begins_higher_is_read_after_the_left_one(tmp_path: Path) -> None:
    source = """#set page(height: 10cm)
    #text(18pt)[Amtsblatt der Gemeinde]
    #columns(2)[#v(2mm) *Satzung* \\ Der Gemeinderat hat die Satzung beschlossen, die im September in Kraft tritt. \\
    Sie liegt bis dahin im Amt aus. #colbreak() Von April bis Oktober wird die Hauptstraße zwischen Kirche und Bahnhof
    ausgebaut. Die Umleitung erfolgt über die Gartenstraße und den Markt.]"""
    found = quotes(read_pdf(typeset(tmp_path / "a.pdf", source), "a"))

    assert found == [
        "Amtsblatt der Gemeinde",
        "Satzung",
        "Der Gemeinderat hat die Satzung beschlossen, die im September in Kraft tritt.",
        "Sie liegt bis dahin im Amt aus.",
        "Von April bis Oktober wird die Hauptstraße zwischen Kirche und Bahnhof ausgebaut.",
        "Die Umleitung erfolgt über die Gartenstraße und den Markt.",
    ]


def test_an_address_beside_a_block_of_particulars_is_no_table_though_a_letterhead_stands_above(tmp_path: Path) -> None:
    particulars = "Ihr Zeichen: ne-24 \\ Unser Zeichen: 61 \\ Telefon: 03501 515 \\ Datum: 12.03.2024"
    source = f"""#grid(columns: (1fr, auto), [*Landratsamt*], [Freistaat Sachsen])
    #v(2cm)
    #place(text(10pt)[Gemeinde Neudorf \\ Frau Schmidt \\ Dorfstraße 3 \\ 01801 Neudorf])
    #place(dx: 11cm, text(8pt)[{particulars}])
    #v(4cm)
    Die Haushaltssatzung wird genehmigt."""
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "a")

    assert "Gemeinde Neudorf Frau Schmidt Dorfstraße 3 01801 Neudorf" in " ".join(document.text.split())
    assert sum(item.kind is SentenceKind.ROW for item in document.sentences) <= 1


def test_two_blanks_behind_a_sentence_part_no_columns(tmp_path: Path) -> None:
    lines = (
        "Der Bürgermeister begrüßt die Anwesenden und stellt fest,",
        "daß der Rat beschlußfähig ist.  Einwendungen gegen",
        "die Tagesordnung werden nicht",
        "erhoben.",
    )
    writer = FPDF()
    writer.add_page()
    writer.set_font("courier", size=11)
    for text in lines:
        writer.cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")
    writer.output(str(tmp_path / "a.pdf"))

    assert quotes(read_pdf(tmp_path / "a.pdf", "a")) == [
        "Der Bürgermeister begrüßt die Anwesenden und stellt fest, daß der Rat beschlußfähig ist.",
        "Einwendungen gegen die Tagesordnung werden nicht erhoben.",
    ]
