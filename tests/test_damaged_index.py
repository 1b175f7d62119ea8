"""F35: a server whose index is damaged says so, goes on living, and answers again once the index is whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
from ui_support import running_server

from assistant.record import current_build, switch_to

QUESTION = {"question": "Was kostet die Beratung durch die Musterstelle?"}


def test_f35_a_damaged_index_is_told_until_it_is_whole(small_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(small_index, index)
    whole = current_build(index)
    assert whole is not None
    damaged = whole.with_name("damaged")
    shutil.copytree(whole, damaged)
    vectors = damaged / "sentences.npy"
    vectors.write_bytes(vectors.read_bytes()[:200])

    with running_server(index, tmp_path) as server, httpx.Client(base_url=server.url, timeout=20) as client:
        assert client.get("/ready").status_code == 200
        switch_to(index, damaged)

        assert client.get("/ready").status_code == 503
        assert client.get("/health").status_code == 200
        refused = client.post("/api/ask", json=QUESTION)
        assert refused.status_code == 503
        assert str(tmp_path) not in refused.text

        switch_to(index, whole)
        assert client.post("/api/ask", json=QUESTION).json()["status"] == "answered"
