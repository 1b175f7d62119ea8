"""``fundstelle corpus`` and ``fundstelle model`` on the command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from corpus_support import PAGE, TEXT, Reply, everything, running_web
from ui_support import command, environment

from ui.cli import run


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty corpus folder that the settings name, and a file to add beside it."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "satzung.md").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("FUNDSTELLE_CORPUS", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_document_is_added_listed_verified_and_removed(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", "add", "satzung.md", "--id", "recht/satzung", "--title", "Die Satzung", "--kind", "law"]) == 0
    shown = capsys.readouterr().out
    assert "Hinzugefügt: recht/satzung – Die Satzung (recht-satzung.md)" in shown
    assert "„fundstelle ingest“ bringt den Index auf den neuen Stand." in shown

    assert run(["corpus", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert set(listed) == {"folder", "documents", "undescribed", "recommended"}
    assert listed["documents"][0]["id"] == "recht/satzung"
    assert set(listed["documents"][0]) == {
        "id", "file", "title", "kind", "stand", "url", "publisher", "notice", "sha256", "retrieved",
    }  # fmt: skip

    assert run(["corpus", "verify"]) == 0
    assert "Alles in Ordnung. Einträge: 1, davon mit Prüfsumme: 1." in capsys.readouterr().out

    assert run(["corpus", "remove", "recht/satzung"]) == 0
    shown = capsys.readouterr().out
    assert "Die Datei recht-satzung.md wurde gelöscht." in shown
    assert "fundstelle ingest" in shown
    assert set(everything(corpus)) == {"manifest.toml"}


def test_documents_to_add_are_listed_until_they_are_there(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = '[[document]]\ntitle = "Handlungsleitfaden"\nyear = 2024\nwhy = "Amtliche Empfehlungen."\n'
    (corpus / "official.toml").write_text(wanted, encoding="utf-8")

    assert run(["corpus", "list"]) == 0
    shown = capsys.readouterr().out
    assert "Diese Dokumente sollten Sie hinzufügen" in shown
    assert "Handlungsleitfaden\n    2024\n    Amtliche Empfehlungen." in shown

    assert run(["corpus", "add", "satzung.md", "--title", "Handlungsleitfaden"]) == 0
    assert run(["corpus", "list"]) == 0
    assert "sollten Sie hinzufügen" not in capsys.readouterr().out


def test_the_shipped_list_of_documents_to_add_serves_an_own_folder(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)

    assert listed["documents"] == []
    assert {"title", "publisher", "year", "address", "rights", "why"} == set(listed["recommended"][0])


def test_a_broken_list_of_documents_to_add_is_named(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "official.toml").write_text("[[document]]\ntitel = 1\n", encoding="utf-8")

    assert run(["corpus", "list"]) == 1
    assert "official.toml ist nicht lesbar (titel)" in capsys.readouterr().err


def test_findings_are_named_and_end_with_one(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "nackt.md").write_text(TEXT, encoding="utf-8")
    (corpus / "manifest.toml").write_text('[[document]]\nid = "weg"\nfile = "weg.md"\n', encoding="utf-8")

    assert run(["corpus", "verify"]) == 1
    shown = capsys.readouterr().out
    assert "weg: Die Datei weg.md fehlt." in shown
    assert "nackt.md: Die Datei hat keinen Eintrag" in shown
    assert "Befunde: 2. Nichts wurde geändert." in shown

    assert run(["corpus", "verify", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert [(finding["problem"], finding["id"]) for finding in found["findings"]] == [
        ("missing", "weg"),
        ("undescribed", "nackt.md"),
    ]
    assert set(found["findings"][0]) == {"problem", "id", "file", "message"}


def test_an_address_is_fetched_only_if_it_may_be(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_web({"/richtlinie": Reply(body=PAGE.encode(), headers={"Content-Type": "text/html"})}) as web:
        url = web.url("/richtlinie", host="localhost")
        assert run(["corpus", "add", url]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "localhost liegt im eigenen Netz" in shown.err
        assert everything(corpus) == {}

        assert run(["corpus", "add", url, "--allow-private", "--stand", "2023-01"]) == 0
        shown = capsys.readouterr()
        assert f"{url} wird geladen …" in shown.err
        assert "Richtlinie Städtebau (richtlinie-staedtebau.html)" in shown.out


def test_the_size_limit_is_a_setting(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus.parent / "gross.txt").write_text("Ein Satz. " * 110_000, encoding="utf-8")
    monkeypatch.setenv("FUNDSTELLE_DOCUMENT_LIMIT", "1")

    assert run(["corpus", "add", "gross.txt"]) == 1
    assert "größer als 1 MB" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["corpus", "add"], ["corpus", "remove"], ["corpus", "fehlt"], ["model", "export"]]
)
def test_wrong_calls_end_with_two(arguments: list[str], corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Hilfe: fundstelle" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["list", "add", "remove", "verify"])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", name, "--help"]) == 0
    assert f"Aufruf: fundstelle corpus {name}" in capsys.readouterr().out


def test_the_model_is_never_written_over_something(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "da.txt").write_text("wichtig", encoding="utf-8")

    assert run(["model", "export", str(tmp_path)]) == 1
    assert f"{tmp_path} ist nicht leer" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["da.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "datei").write_text("", encoding="utf-8")

    assert run(["model", "export", str(tmp_path / "datei" / "modell")]) == 1
    assert "kann nicht geschrieben werden" in capsys.readouterr().err


def test_the_model_is_exported_into_the_working_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        command("model", "export", "."), cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8"
    )

    assert done.returncode == 0, done.stderr
    assert "Das Modell wird nach" in done.stderr
    assert "Geschrieben" in done.stdout
    assert {"model.safetensors", "tokenizer.json", "modules.json"} <= {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "model.safetensors").stat().st_size > 400_000_000
