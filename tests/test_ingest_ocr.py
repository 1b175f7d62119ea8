"""Pages that are pictures: recognised where Tesseract is installed, else named."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
import pytest
from ingest_support import WordHashes, assert_sound, handmade, line, quotes, typeset
from PIL import Image

from assistant.citations import cite
from assistant.domain import Document
from ingest.failures import Unreadable
from ingest.ocr import is_available
from ingest.pdf import read_pdf
from ingest.pipeline import ingest, is_current

needs_tesseract = pytest.mark.skipif(
    not is_available(), reason="needs tesseract with German data (Debian: tesseract-ocr, tesseract-ocr-deu)"
)

NOTICE = """
#set page(paper: "a5", margin: 2cm)
= Bekanntmachung der Gemeinde
Der Gemeinderat hat am 3. März 2024 die Änderung der Hauptsatzung beschlossen. Bürgerinnen und Bürger können den
Entwurf während der Dienststunden im Rathaus einsehen.

Einwände sind schriftlich oder zur Niederschrift bis zum 30. April 2024 vorzubringen.
"""
OPEN_TO_ALL = (
    "Bürgerinnen und Bürger können den Entwurf während der Dienststunden im Rathaus einsehen.",
    "Einwände sind schriftlich oder zur Niederschrift bis zum 30. April 2024 vorzubringen.",
)


def drawn(path: Path, *, turned: int = 0) -> list[Image.Image]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.render(scale=200 / 72, rotation=turned).to_pil().convert("L") for page in document]


@pytest.fixture
def scan(tmp_path: Path) -> Callable[..., Path]:
    """Make a PDF that holds nothing but pictures of the pages of another."""

    def make(source: str = NOTICE, *, turned: int = 0) -> Path:
        first, *others = drawn(typeset(tmp_path / "printed.pdf", source), turned=turned)
        path = tmp_path / "scan.pdf"
        first.save(path, resolution=200, save_all=True, append_images=others)
        return path

    return make


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")


def corners(document: Document, wanted: Sequence[str]) -> list[tuple[float, float, float, float]]:
    boxes = [
        box
        for sentence in document.sentences
        if sentence.span.of(document.text) in wanted
        for found in sentence.boxes.values()
        for box in found
    ]
    return [(box.x0, box.y0, box.x1, box.y1) for box in boxes]


@needs_tesseract
def test_a_scan_is_read_and_every_quote_says_that_it_was_recognised(scan: Callable[..., Path]) -> None:
    document = read_pdf(scan(), "x")

    assert_sound(document)
    assert [page.note for page in document.pages] == ["ocr"]
    assert document.sections[0].path == ("Bekanntmachung der Gemeinde",)
    assert set(OPEN_TO_ALL) <= set(quotes(document))
    assert "OCR" in cite(document, document.sentences[-1:], 1).notice


@needs_tesseract
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_recognised_sentences_lie_on_their_ink_however_the_sheet_lay(
    scan: Callable[..., Path], tmp_path: Path, turned: int
) -> None:
    path = scan(turned=turned)
    document = read_pdf(path, "x")
    [picture] = drawn(path)
    [page] = document.pages

    assert set(OPEN_TO_ALL) <= set(quotes(document))
    assert page.width == pytest.approx(picture.width * 72 / 200, abs=1)
    scale = picture.height / page.height
    for x0, y0, x1, y1 in corners(document, OPEN_TO_ALL):
        inside = picture.crop(
            (round(x0 * scale), round((page.height - y1) * scale), round(x1 * scale), round((page.height - y0) * scale))
        )
        share = sum(inside.histogram()[:128]) / (inside.width * inside.height)
        assert 0.05 < share < 0.5
    blotted = picture.copy()
    for box in corners(document, quotes(document)):
        x0, y0, x1, y1 = (value * scale for value in box)
        blotted.paste(
            255, (round(x0) - 2, round(picture.height - y1) - 2, round(x1) + 3, round(picture.height - y0) + 3)
        )
    assert sum(blotted.histogram()[:128]) < 0.02 * sum(picture.histogram()[:128])


@needs_tesseract
def test_section_signs_are_recognised(tmp_path: Path) -> None:
    lines = [f"§ {number} Zusammensetzung der Beiräte" for number in (1, 2, 3, 4)] + ["Müller & Sohn zahlen 5 $."]
    printed = handmade(tmp_path / "a.pdf", b"".join(line(text, 700 - 25 * n) for n, text in enumerate(lines)))
    [picture] = drawn(printed)
    picture.save(tmp_path / "scan.pdf", resolution=200)

    assert " ".join(read_pdf(tmp_path / "scan.pdf", "x").text.split()) == " ".join(lines)


@needs_tesseract
def test_only_the_pages_without_text_are_recognised(tmp_path: Path, scan: Callable[..., Path]) -> None:
    import pypdf

    writer = pypdf.PdfWriter()
    before = typeset(tmp_path / "a.pdf", "Die Satzung gilt für alle Ortsteile der Gemeinde.")
    behind = typeset(tmp_path / "b.pdf", "Sie wird nach dem Beschluss im Amtsblatt veröffentlicht.")
    for path in (before, scan(), behind):
        writer.append(path)
    mixed = tmp_path / "mixed.pdf"
    writer.write(mixed)
    document = read_pdf(mixed, "x")

    assert [page.note for page in document.pages] == ["", "ocr", ""]
    assert cite(document, document.sentences[:1], 1).notice == ""
    assert OPEN_TO_ALL[0] in quotes(document)


@needs_tesseract
def test_a_sentence_over_two_scanned_pages_is_one(scan: Callable[..., Path]) -> None:
    source = """#set page(paper: "a6", margin: 15mm)
Die Gemeinde fördert Vereine, Verbände und freie Träger der Kinder- und Jugendhilfe, die ihren Sitz in der Gemeinde
#pagebreak()
haben und deren Angebote allen Einwohnern offenstehen. Über die Anträge entscheidet der Sozialausschuss."""
    document = read_pdf(scan(source), "x")

    assert any(
        sentence.span.of(document.text).endswith("offenstehen.") and sorted(sentence.boxes) == [1, 2]
        for sentence in document.sentences
    )
    assert "Kinder- und Jugendhilfe" in document.text


@needs_tesseract
def test_letters_in_an_unreadable_font_are_read_from_their_picture(tmp_path: Path) -> None:
    # The font draws the right letters and calls them by wrong names.
    shown = "Der Gemeinderat beschliesst die neue Satzung mit der Mehrheit seiner Mitglieder."
    shift = {code: code + 3 for code in range(65, 119)}
    names = b"".join(b"<%02X> <%04X>\n" % pair for pair in shift.items())
    table = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    table += b"1 begincodespacerange <00> <FF> endcodespacerange\n"
    table += b"%d beginbfchar\n%s endbfchar\nendcmap end end" % (len(shift), names)
    path = handmade(tmp_path / "a.pdf", b"".join(line(shown, y) for y in range(700, 500, -25)))
    import pypdf

    writer = pypdf.PdfWriter(clone_from=path)
    stream = pypdf.generic.StreamObject()
    stream.set_data(table)
    writer.pages[0]["/Resources"]["/Font"]["/F1"][pypdf.generic.NameObject("/ToUnicode")] = writer._add_object(stream)
    writer.write(path)
    document = read_pdf(path, "x")

    assert [page.note for page in document.pages] == ["ocr"]
    assert shown in quotes(document)


@needs_tesseract
def test_a_page_on_which_nothing_is_recognised_is_named(tmp_path: Path) -> None:
    source = "Der Rat beschließt die Satzung.\n#pagebreak()\n#circle(radius: 3cm, fill: gray)"
    document = read_pdf(typeset(tmp_path / "a.pdf", source), "x")

    assert [page.note for page in document.pages] == ["", "no_text"]


@needs_tesseract
def test_letters_of_another_alphabet_are_not_taken_for_ours(scan: Callable[..., Path], tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    notice = "Записи, относящиеся к водителю. Фамилия, имя, место рождения, дата рождения и обычное местожительство."
    scan(f"{notice}\n\n{notice.upper()}\n#pagebreak()\n{NOTICE}").rename(corpus / "scan.pdf")
    [file] = ingest([corpus], folder=tmp_path / "index", open_embedder=WordHashes).files

    assert (file.ocr, file.searched) == ((2,), (1,))


@needs_tesseract
def test_a_stamp_upon_a_scan_does_not_hide_that_it_is_one(scan: Callable[..., Path]) -> None:
    import pypdf

    path = scan()
    stamp = handmade(path.with_name("stamp.pdf"), line("Eingang 12.03.2024", y=20))
    writer = pypdf.PdfWriter(clone_from=path)
    writer.pages[0].merge_page(pypdf.PdfReader(stamp).pages[0])
    writer.write(path)

    assert set(OPEN_TO_ALL) <= set(quotes(read_pdf(path, "x")))


def test_a_scan_that_was_recognised_before_is_marked_too(scan: Callable[..., Path]) -> None:
    import pypdf

    path = scan()
    unseen = b"BT 3 Tr /F1 11 Tf 57 470 Td (Der Gemeinderat hat die Hauptsatzung beschlossen.) Tj ET\n"
    layer = handmade(path.with_name("layer.pdf"), unseen * 1)
    writer = pypdf.PdfWriter(clone_from=path)
    writer.pages[0].merge_page(pypdf.PdfReader(layer).pages[0])
    writer.write(path)
    document = read_pdf(path, "x")

    assert [page.note for page in document.pages] == ["ocr"]


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_a_scan_needs_ocr(scan: Callable[..., Path]) -> None:
    with pytest.raises(Unreadable, match="benötigt OCR"):
        read_pdf(scan(), "x")


def with_text(scanned: Path, corpus: Path) -> Path:
    """A corpus of a scan and of a text that can always be read."""
    corpus.mkdir()
    scanned.rename(corpus / "scan.pdf")
    (corpus / "text.txt").write_text("Die Gemeinde stellt ein Konzept auf.", encoding="utf-8")
    return corpus


@needs_tesseract
def test_an_index_built_without_tesseract_is_renewed_once_it_is_there(
    scan: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, folder = with_text(scan(), tmp_path / "corpus"), tmp_path / "index"
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        before = ingest([corpus], folder=folder, open_embedder=WordHashes)
        assert is_current([corpus], folder)
    after = ingest([corpus], folder=folder, open_embedder=WordHashes)

    assert [file.file for file in before.failed] == ["scan.pdf"]
    assert [file.ocr for file in after.files if file.file == "scan.pdf"] == [(1,)]
    assert is_current([corpus], folder)


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Install a program that has German data, and does with a page what it is told."""

    def install(command: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "tesseract"
        program.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && echo deu || {command}\n', encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder), prepend=":")

    return install


def test_a_page_that_cannot_be_recognised_costs_no_other_page(
    scan: Callable[..., Path], tmp_path: Path, tesseract: Callable[[str], None]
) -> None:
    import pypdf

    tesseract("echo '<html><kaputt'")
    writer = pypdf.PdfWriter()
    for path in (typeset(tmp_path / "a.pdf", "Die Satzung gilt für alle Ortsteile."), scan()):
        writer.append(path)
    writer.write(tmp_path / "mixed.pdf")
    document = read_pdf(tmp_path / "mixed.pdf", "x")

    assert quotes(document) == ["Die Satzung gilt für alle Ortsteile."]
    assert [page.note for page in document.pages] == ["", "needs_ocr"]


@needs_tesseract
def test_pages_that_no_time_was_left_for_are_recognised_by_the_next_ingest(
    scan: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, folder = with_text(scan(), tmp_path / "corpus"), tmp_path / "index"
    with monkeypatch.context() as patch:
        patch.setattr("ingest.pdf.OCR_SECONDS", 0)
        before = ingest([corpus], folder=folder, open_embedder=WordHashes)
    assert not is_current([corpus], folder)
    after = ingest([corpus], folder=folder, open_embedder=WordHashes)

    assert [(file.file, file.postponed) for file in before.files] == [("scan.pdf", True), ("text.txt", False)]
    assert "nächste" in before.failed[0].reason
    assert [(file.ocr, file.postponed) for file in after.files] == [((1,), False), ((), False)]
    assert is_current([corpus], folder)


@needs_tesseract
def test_what_was_recognised_before_time_ran_out_is_not_recognised_again(
    scan: Callable[..., Path], tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    path = scan(f"{NOTICE}\n#pagebreak()\nSie wird nach dem Beschluss im Amtsblatt veröffentlicht.")
    read_pdf(path, "x", kept)
    [first] = kept.rglob("1-0.json")
    first.write_text(first.read_text(encoding="utf-8").replace("Gemeinderat", "Stadtrat"), encoding="utf-8")
    [second] = kept.rglob("2-0.json")
    second.write_text("kaputt", encoding="utf-8")
    document = read_pdf(path, "x", kept)

    assert "Der Stadtrat hat am 3. März 2024" in document.text
    assert "im Amtsblatt veröffentlicht." in document.text


@needs_tesseract
def test_what_was_recognised_stays_beside_no_finished_index(scan: Callable[..., Path], tmp_path: Path) -> None:
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    scan().rename(corpus / "scan.pdf")
    ingest([corpus], folder=folder, open_embedder=WordHashes)

    assert not (folder / "recognised").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_the_worker_ends_with_a_killed_ingest(scan: Callable[..., Path], tesseract: Callable[[str], None]) -> None:
    path = scan()
    tesseract("exec sleep 30")
    script = f"from pathlib import Path; from ingest.pdf import read_pdf; read_pdf(Path({str(path)!r}), 'x')"

    def workers() -> list[Path]:
        processes = (folder / "cmdline" for folder in Path("/proc").iterdir() if folder.name.isdigit())
        return [file for file in processes if is_worker(file)]

    def is_worker(file: Path) -> bool:
        try:
            said = file.read_bytes()
        except OSError:
            return False
        return b"ingest.pdf_worker" in said and str(path).encode() in said

    def wait(until: Callable[[], bool]) -> None:
        end = time.monotonic() + 15
        while not until() and time.monotonic() < end:
            time.sleep(0.05)

    with subprocess.Popen([sys.executable, "-c", script]) as process:
        wait(lambda: bool(workers()))
        process.kill()
    wait(lambda: not workers())

    assert not workers()
