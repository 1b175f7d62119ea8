"""Building the index in a process of its own: the memory that reading and embedding took goes back with it.

``python -m ui.building`` takes its order from standard input and draws its progress bar on standard error. It ends with
0, or with ``REFUSED`` and the German reason on standard output. When whoever started it is gone, however that ended,
the pipe to it closes, and so it ends too.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, CorpusError
from ui import terminal
from ui.ingesting import build
from ui.session import set_up_logging

if TYPE_CHECKING:
    from assistant.settings import Settings

REFUSED = 3
"""Exit code for an error that is meant for users."""

PATIENCE = 10
"""Seconds to leave an interrupted build for putting its things away."""


def build_apart(settings: Settings, paths: Sequence[Path]) -> None:
    """Ingest ``paths`` and wait for it.

    Raises:
        CorpusError: ``ingest_refused`` with the reason, or ``ingest_died``; an index that was there still serves.
    """
    # Found wherever the program was started, and nothing lying in that folder is imported instead.
    command = [sys.executable, "-P", "-m", "ui.building"]
    places = [str(Path(__file__).resolve().parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            pickle.dump((settings, list(paths)), process.stdin)
            process.stdin.flush()
            said = process.stdout.read().decode("utf-8", "replace").strip()
            code = process.wait()
        except BaseException:
            _end(process)
            raise
    if code == REFUSED:
        raise CorpusError("ingest_refused", reason=said)
    if code:
        raise CorpusError("ingest_died", code=code)


def main() -> None:
    """Build what standard input orders."""
    signal.signal(signal.SIGINT, _interrupt_once)
    settings, paths = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    terminal.prepare_streams()
    set_up_logging(settings.log_level)
    try:
        build(settings, paths)
    except AssistantError as error:
        terminal.out(str(error))
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        logging.getLogger(__name__).info("interrupted")
        sys.exit(128 + signal.SIGINT)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let the build put its things away; its lock must be free when this process is gone."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    # Ctrl-C reaches both processes, and the parent then closes the pipe: a second interrupt would spoil the tidying up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing more is ever sent: this returns when the pipe closes
    # To the main thread, because only a signal that meets it there wakes it from waiting.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


if __name__ == "__main__":
    main()
