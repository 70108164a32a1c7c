"""How long an editor waits: from the saved sentence to the page that shows it, in a preview that runs."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

PAUSE = 1.5
"""Seconds between two edits: nobody saves faster, and what was written has settled."""
PATIENCE = 60.0


def measure_preview(build: Path, site: Path, edits: int) -> list[float]:
    """Return the seconds that each edit of a page took until its Traditional page had the new words."""
    command = [sys.executable, str(build), "serve", "--site", str(site), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
        try:
            address = _address(server)
            page = sorted((site / "content").glob("*.md"))[13]
            url = f"{address}zh-hant/articles/{page.stem}/"
            return [_edit(page, url, number) for number in range(edits)]
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"Serving (http\S+)", line):
            return found[1]
    raise RuntimeError("the preview did not start")


def _edit(page: Path, url: str, number: int) -> float:
    words = f"{number + 2}345號補記"
    time.sleep(PAUSE)
    page.write_text(page.read_text("utf-8").rstrip("\n") + f"\n\n编者{number + 2}345号补记。\n", "utf-8")
    saved = time.perf_counter()
    while words not in _text(url):
        if time.perf_counter() - saved > PATIENCE:
            raise RuntimeError(f"{url} does not show what was saved")
        time.sleep(0.005)
    return time.perf_counter() - saved


def _text(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 # our own preview on this machine
        return str(answer.read().decode("utf-8"))
