"""Abbreviations the documents explain, and a user's own words, are searched both ways."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.abbreviations import abbreviations
from assistant.domain import Query
from assistant.embedding import Embedder
from assistant.errors import CorpusError, SettingsError
from assistant.lexical import LexicalIndex
from assistant.settings import SHIPPED_CORPUS, Settings
from assistant.synonym_lists import read_synonyms
from assistant.synonyms import Synonyms, learnt
from assistant.wiring import open_assistant
from ingest.discovery import discover
from ingest.pipeline import ingest
from ingest.report import FileStatus, IngestReport

GLOSSARY = """Leitfaden – Glossar und Abkürzungen
FNP: Flächennutzungsplan
FS INGE: Fachstelle für integrierte Gemeindeentwicklung
SEKo, SEKO: Städtebauliches Entwicklungskonzept (früher) KAnG: Bundes-Klimaanpassungsgesetz
OEK: Sächsische Bezeichnung für ein Konzept
Soziale Stadt: Sozialer Zusammenhalt von früher"""


def test_a_list_of_abbreviations_is_read() -> None:
    assert abbreviations([GLOSSARY]) == {
        "FNP": "Flächennutzungsplan",
        "FS INGE": "Fachstelle für integrierte Gemeindeentwicklung",
        "SEKo": "Städtebauliches Entwicklungskonzept",
        "SEKO": "Städtebauliches Entwicklungskonzept",
        "KAnG": "Bundes-Klimaanpassungsgesetz",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Der Flächennutzungsplan (FNP) gilt.", {"FNP": "Flächennutzungsplan"}),
        ("Wir planen ein Gebietsbezogenes integriertes Handlungskonzept (GIHK).",
         {"GIHK": "Gebietsbezogenes integriertes Handlungskonzept"}),
        ("Die Sächsische Aufbaubank – Förderbank (SAB) zahlt.", {"SAB": "Sächsische Aufbaubank – Förderbank"}),
        ("Der Landkreis Görlitz (ABC) zahlt.", {}),
        ("Der Plan (Stand) gilt, der Kreis (GR) auch.", {}),
    ],
)  # fmt: skip
def test_a_long_form_before_brackets_is_read(text: str, found: dict[str, str]) -> None:
    assert abbreviations([f"Überschrift\n{text}"]) == found


def test_elsewhere_a_colon_explains_nothing() -> None:
    assert abbreviations(["Kontakt\nFNP: Flächennutzungsplan"]) == {}


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    texts = [GLOSSARY, *["Planung\nDer Flächennutzungsplan gilt."] * 3, *["Recht\nNach dem KAnG ist zu planen."] * 3]
    return LexicalIndex.build(texts)


def test_what_is_said_more_often_is_searched_as_well(lexical: LexicalIndex) -> None:
    synonyms = Synonyms((), learnt(lexical))

    assert synonyms.others("Was regelt der FNP?") == ["Flächennutzungsplan"]
    assert synonyms.others("was regelt der fnp") == ["Flächennutzungsplan"]
    assert synonyms.others("Was regelt das Bundes-Klimaanpassungsgesetz?") == ["KAnG"]


def test_what_is_said_less_often_is_not(lexical: LexicalIndex) -> None:
    synonyms = Synonyms((), learnt(lexical))

    assert synonyms.others("Was regelt der Flächennutzungsplan?") == []
    assert synonyms.others("Was regelt das KAnG?") == []


def test_abbreviations_are_kept_with_the_index(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path)

    assert LexicalIndex.load(tmp_path).abbreviations == lexical.abbreviations != {}


@pytest.fixture
def listed(small_corpus: Path, tmp_path: Path) -> Path:
    """A copy of the small corpus with a list of synonyms."""
    folder = tmp_path / "corpus"
    shutil.copytree(small_corpus, folder)
    (folder / "synonyms.toml").write_text('groups = [["Knolle", "Hebesatz der Grundsteuer"]]', encoding="utf-8")
    return folder


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "synonyms.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_users_list_works_both_ways_and_for_inflected_words(tmp_path: Path) -> None:
    file = written(tmp_path, 'groups = [["Gemeindevorsteher", "Bürgermeister"]]\n[abbreviations]\nOB = "Ortsbeirat"\n')
    synonyms = Synonyms(read_synonyms(file))

    assert synonyms.others("Wer wählt den Bürgermeister?") == ["Gemeindevorsteher"]
    assert synonyms.others("Was darf des Gemeindevorstehers Rat?") == ["Bürgermeister"]
    assert synonyms.others("Was darf der Ortsbeirat?") == ["OB"]
    assert synonyms.others("Was darf der OB?") == ["Ortsbeirat"]
    assert synonyms.others("Ich frage, ob das geht.") == []


def test_the_longest_form_counts() -> None:
    synonyms = Synonyms([("Konzept", "Plan"), ("integriertes Konzept", "INSEK")])

    assert synonyms.others("Das integrierte Konzept") == ["INSEK"]


def test_a_form_that_is_there_already_is_not_added() -> None:
    synonyms = Synonyms([("FNP", "Flächennutzungsplan", "F-Plan")])

    assert synonyms.with_other_forms("Was ist der FNP?", named_in="Was ist der FNP?").endswith(": Was ist der FNP?")
    assert synonyms.with_other_forms("FNP oder F-Plan?", named_in="FNP?") == "Flächennutzungsplan: FNP oder F-Plan?"


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Wie hilft uns die Datenverarbeitung mit dem Konzept?", "IT: "),  # „mit“ is not „IT“
        ("Was macht die Datenverarbeitung der IT?", ""),
        ("Was kostet die IT-Abteilung der Datenverarbeitung?", ""),
        ("Wer leitet it und Datenverarbeitung?", ""),
    ],
)
def test_a_form_is_there_only_as_a_word(question: str, searched: str) -> None:
    synonyms = Synonyms([("IT", "Datenverarbeitung")])

    assert synonyms.with_other_forms(question, named_in="Datenverarbeitung") == searched + question


def test_a_form_is_there_inflected_or_spelt_otherwise_too() -> None:
    synonyms = Synonyms([("Gemeindevorsteher", "Bürgermeister"), ("FNP", "vorbereitender Bauleitplan")])
    questions = ["Wer wählt des Buergermeisters Gemeindevorsteher?", "Gilt der FNP als vorbereitenden Bauleitplan?"]

    assert [synonyms.with_other_forms(question, named_in=question) for question in questions] == questions


def test_a_word_only_the_user_knows_finds_what_the_documents_call_otherwise(
    build_index: Callable[[Path], Path], small_corpus: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, 'groups = [["Knolle", "Hebesatz der Grundsteuer"]]')
    found = []
    for synonyms in (None, file):
        assistant = open_assistant(Settings(index=build_index(small_corpus), synonyms=synonyms))
        found.append(assistant.search(Query(question="Knolle?"), 1).hits[0].passage.document)
        assistant.close()

    assert found[1] == "haushalt"
    assert found[0] != "haushalt"


def test_a_corpus_brings_a_list_of_its_own(
    build_index: Callable[[Path], Path], listed: Path, embedder: Embedder, tmp_path: Path
) -> None:
    index = build_index(listed)
    mine = written(tmp_path, 'groups = [["Rübe", "Knolle"]]')
    found = {}
    for synonyms in (None, mine):
        assistant = open_assistant(Settings(index=index, synonyms=synonyms), embedder=embedder)
        for word in ("Knolle", "Rübe"):
            found[word, synonyms] = assistant.search(Query(question=f"{word}?"), 1).hits[0].passage.document
        assert [document.id for document in assistant.documents()] == ["faq.md", "haushalt", "leitfaden.md"]
        assistant.close()

    assert found["Knolle", None] == found["Knolle", mine] == "haushalt"
    assert found["Rübe", None] != "haushalt"


def test_a_changed_list_makes_a_new_build(embedder: Embedder, listed: Path, tmp_path: Path) -> None:
    def built() -> IngestReport:
        return ingest([listed], folder=tmp_path / "index", open_embedder=lambda: embedder)

    first, again = built(), built()
    (listed / "synonyms.toml").write_text('groups = [["Knolle", "Gewerbesteuer"]]', encoding="utf-8")
    changed = built()

    assert {file.status for file in first.files} == {FileStatus.READ}
    assert (first.unchanged, again.unchanged, changed.unchanged) == (False, True, False)


def test_a_broken_list_of_a_corpus_stops_the_ingest(listed: Path) -> None:
    (listed / "synonyms.toml").write_text('groups = [["allein"]]', encoding="utf-8")

    with pytest.raises(CorpusError, match=r"groups\[1\].*synonyms\.toml"):
        discover([listed])


def test_a_list_deeper_down_is_none(listed: Path) -> None:
    (listed / "mehr").mkdir()
    (listed / "synonyms.toml").rename(listed / "mehr" / "synonyms.toml")

    found = discover([listed])

    assert not found.synonyms
    assert [refused.name for refused in found.refused] == ["mehr/synonyms.toml"]


def test_a_sentence_in_other_words_counts_as_said(small_index: Path, embedder: Embedder, tmp_path: Path) -> None:
    file = written(tmp_path, 'groups = [["Knolle", "Hebesatz der Grundsteuer"]]')
    covered = []
    for synonyms in (None, file):
        assistant = open_assistant(Settings(index=small_index, synonyms=synonyms), embedder=embedder)
        examined = assistant.examine(Query(question="Wie hoch ist die Knolle?", documents=("haushalt",)))
        covered.append(any(examined.asked.keys() & terms for terms in examined.own_terms))
        assistant.close()

    assert covered == [False, True]


def test_the_shipped_list_is_about_words_of_the_shipped_corpus() -> None:
    groups = read_synonyms(SHIPPED_CORPUS / "synonyms.toml")
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(SHIPPED_CORPUS.rglob("*.md")))

    assert len(groups) <= 12
    assert [group for group in groups if not any(form.lower() in text.lower() for form in group)] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("groups = [", "nicht lesbar"),
        ('gruppen = [["a", "b"]]', "gruppen"),
        ('groups = "FNP"', "groups"),
        ('groups = [["FNP", "Plan"], ["allein"]]', r"groups\[2\]"),
        ('groups = [["FNP", 7]]', r"groups\[1\]"),
        ('groups = [["FNP", "?"]]', r"groups\[1\]"),
        ("abbreviations = 3", "abbreviations"),
        ('[abbreviations]\nFNP = ["Plan"]', r"abbreviations\.FNP"),
    ],
)
def test_a_broken_list_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    file = written(tmp_path, text)

    with pytest.raises(SettingsError, match=complaint) as caught:
        open_assistant(Settings(synonyms=file))

    assert str(file) in str(caught.value)


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"fehlt\.toml"):
        read_synonyms(tmp_path / "fehlt.toml")
