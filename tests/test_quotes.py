"""Whatever a document holds: every quote is exactly the characters of the document that its citation names."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingest_support import WordHashes, assert_sound

from assistant.domain import Document, Query
from assistant.service import Assistant
from assistant.settings import AnswerSettings, Settings
from assistant.wiring import open_assistant
from ingest.pipeline import ingest

WORDS = (
    "die der Gemeinde Gemeinderat beschließt Satzung Bürgerbeteiligung nicht § 5 Abs. 2 Nr. 3 z. B. gem. i. V. m. usw. "
    "Größe Straße ÄÖÜ ẞ 12.03.2024 1.250,00 € 66,67 % „Zitat“ und – Kinder- INSEK Gemeinde\u00a0Nord Ver\u00adwaltung "
    "fu\u0308r Mu\u0308nchen Cafe\u0301 n\u0303 a\u0323\u0307 \ufb01nden \U0001d516atz "
    "\U0001f469\u200d\U0001f467 \u0639\u0631 \u200b \ufeff \u202e <b> &amp; | * _ # ` [1] - 1. ---"
)
MARKS = (".", "?", "!", ":", ";", " …", "", ".", ".")

word = st.sampled_from(WORDS.split(" ")) | st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x85"), min_size=1, max_size=8
)
sentence = st.builds(
    lambda words, mark: " ".join(words) + mark, st.lists(word, min_size=1, max_size=14), st.sampled_from(MARKS)
)
prose = st.lists(sentence, min_size=1, max_size=4).map(" ".join)
block = st.one_of(
    st.tuples(st.just("heading"), st.lists(sentence, min_size=1, max_size=1)),
    st.tuples(st.just("prose"), st.lists(prose, min_size=1, max_size=1)),
    st.tuples(st.just("list"), st.lists(sentence, min_size=1, max_size=4)),
    st.tuples(st.just("table"), st.lists(word, min_size=4, max_size=9)),
)
blocks = st.lists(block, min_size=1, max_size=8)


Parts = list[tuple[str, list[str]]]


def as_markdown(parts: Parts) -> str:
    return "\n\n".join(_markdown(kind, texts) for kind, texts in parts)


def _markdown(kind: str, texts: list[str]) -> str:
    match kind:
        case "heading":
            return f"## {texts[0]}"
        case "list":
            return "\n".join(f"- {text}" for text in texts)
        case "table":
            rows = [texts[at : at + 2] for at in range(0, len(texts) - 1, 2)]
            head, *others = ["| " + " | ".join(row) + " |" for row in rows]
            return "\n".join((head, "|---|---|", *others))
    return texts[0]


def as_html(parts: Parts) -> str:
    inside = "\n".join(_html(kind, [escape(text) for text in texts]) for kind, texts in parts)
    return f"<html><body><main>{inside}</main></body></html>"


def _html(kind: str, texts: list[str]) -> str:
    match kind:
        case "heading":
            return f"<h2>{texts[0]}</h2>"
        case "list":
            return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"
        case "table":
            rows = [texts[at : at + 2] for at in range(0, len(texts) - 1, 2)]
            cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
            return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    return f"<p>{texts[0]}</p>"


def as_text(parts: Parts) -> str:
    return "\n\n".join("\n".join(texts) for _, texts in parts)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(guide=blocks, faq=blocks, page=blocks, text=blocks)
def test_every_quote_is_cut_from_its_document(guide: Parts, faq: Parts, page: Parts, text: Parts) -> None:
    with tempfile.TemporaryDirectory() as place:
        corpus, index = Path(place) / "corpus", Path(place) / "index"
        corpus.mkdir()
        # One sentence that is always readable: an index of nothing is refused.
        (corpus / "a.md").write_text(f"Die Gemeinde plant.\n\n{as_markdown(guide)}", encoding="utf-8")
        (corpus / "faq.md").write_text(f"---\nkind: faq\n---\n\n{as_markdown(faq)}", encoding="utf-8")
        (corpus / "b.html").write_text(as_html(page), encoding="utf-8")
        (corpus / "c.txt").write_text(as_text(text), encoding="utf-8")
        ingest([corpus], folder=index, open_embedder=WordHashes)
        # Nothing is declined, so that whatever was found is also quoted.
        chosen = Settings(index=index, answer=AnswerSettings(threshold=0, sentences=12))
        assistant = open_assistant(chosen, embedder=WordHashes())
        try:
            check_quotes(assistant)
        finally:
            assistant.close()


def check_quotes(assistant: Assistant) -> None:
    documents = {summary.id: assistant.document(summary.id) for summary in assistant.documents()}
    cited = 0
    for document in documents.values():
        assert_sound(document)
        for question in questions_about(document):
            answer = assistant.ask(Query(question=question))
            cited += len(answer.citations)
            for citation in answer.citations:
                text = documents[citation.document].text
                assert citation.quote == text[citation.span.start : citation.span.end]
                assert citation.quote.strip() == citation.quote != ""
            for shown in answer.sentences:
                assert set(shown.citations) <= {citation.marker for citation in answer.citations}
    assert cited


def questions_about(document: Document) -> list[str]:
    """The beginning of the document's first sentences, as far as it can be asked."""
    texts = (one.span.of(document.text)[:200] for one in document.sentences[:3])
    return [text for text in texts if sum(map(str.isalnum, text)) > 1]
