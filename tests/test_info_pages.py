"""The pages on help, privacy and accessibility: what of the settings they tell, and pages of the operator's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings
from ui.info_pages import PLACEHOLDER, facts, info_routes, page_html, page_text
from ui.viewer_html import INFO_PAGES


def told(**settings: object) -> str:
    """All shipped pages, filled in."""
    values = facts(load_settings(environment={}, overrides=settings))
    return "".join(page_html(name, page_text(name, None), values) for name in INFO_PAGES)


def test_every_placeholder_of_the_shipped_pages_is_known() -> None:
    for name in INFO_PAGES:
        assert set(PLACEHOLDER.findall(page_text(name, None))) <= set(facts(Settings()))
    assert "{" not in told()


def test_by_default_nothing_leaves_the_server() -> None:
    assert "Fragen und Antworten verlassen diesen Server nicht." in told()


def test_a_language_model_and_its_host_are_named() -> None:
    text = told(**{"model.name": "openai:llama", "model.base_url": "https://user:geheim@ki.example:8000/v1"})

    assert "„openai:llama“ angeschlossen (unter ki.example)" in text
    assert "verlassen diesen Server nicht" not in text
    assert "geheim" not in text


def test_an_embedding_service_is_named() -> None:
    settings = {"embedding.backend": "openai", "embedding.base_url": "https://vektoren.example/v1"}
    text = told(**settings, **{"embedding.model": "m"})

    assert "an den Dienst unter vektoren.example gesendet" in text
    assert "verlassen diesen Server nicht" not in text


def test_a_reranker_on_another_server_is_named() -> None:
    text = told(**{"reranker.backend": "http", "reranker.base_url": "https://ordnen.example/v1"})

    assert "an den Dienst unter ordnen.example gesendet" in text
    assert "verlassen diesen Server nicht" not in text


def test_the_log_is_described_as_it_is() -> None:
    assert "enthält es nur Störungen" in told()
    assert "zu jedem Aufruf Zeitpunkt, Art, Pfad" in told(log_level="INFO")


def test_what_the_operator_sets_stays_text() -> None:
    text = told(
        **{"operator.name": "<script>Stadt</script> *A* {feedback}", "operator.data_protection": "dsb@stadt.example"}
    )

    assert "&lt;script&gt;Stadt&lt;/script&gt; *A* {feedback}" in text
    assert "<script>" not in text
    assert "dsb@stadt.example" in text


def test_the_operators_own_page_is_shown_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "hilfe.md").write_text("# Hilfe der {operator}\n\n<img src=x> {unbekannt}", encoding="utf-8")

    own = page_html("hilfe", page_text("hilfe", tmp_path), {"operator": "Stadt"})
    assert "<h1>Hilfe der Stadt</h1>" in own
    assert "&lt;img src=x&gt; {unbekannt}" in own
    assert page_text("datenschutz", tmp_path) == page_text("datenschutz", None)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_pages_that_cannot_be_read_are_refused_at_start(content: bytes | None, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    if content is not None:
        folder.mkdir()
        (folder / "hilfe.md").write_bytes(content)

    with pytest.raises(SettingsError, match=r"operator\.pages"):
        info_routes(load_settings(environment={}, overrides={"operator.pages": folder}))


@pytest.mark.parametrize("address", ["kein-at", "a@b.de?bcc=c@d.de", "a@b.de,c@d.de", "Stadt <a@b.de>", "a@b"])
def test_only_one_plain_address_is_taken(address: str) -> None:
    for setting in ("contact.mail", "operator.mail"):
        with pytest.raises(SettingsError, match="E-Mail-Adresse"):
            load_settings(environment={}, overrides={setting: address})


def test_an_empty_variable_names_no_file() -> None:
    settings = load_settings(environment={"FUNDSTELLE_FEEDBACK_FILE": "", "FUNDSTELLE_OPERATOR_PAGES": ""})

    assert settings.feedback.file is None
    assert settings.operator.pages is None
