"""`python build.py serve` in a process of its own, as a user runs it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
PAGE = """\
---
title: "{title}"
slug: "{slug}"
lang: "zh-Hans"
date: "2018-08-12"
tags: ["外事工作"]
---

{text}
"""


def lay_out_site(site: Path, base_url: str = "https://example.org/repo/") -> Path:
    """A site of two pages, `yi` and `er`, with the project's theme."""
    for folder in ("seeds", "content"):
        (site / folder).mkdir(parents=True)
    for folder in ("templates", "static"):
        shutil.copytree(PROJECT / folder, site / folder)
    editions = "".join(
        f'[[editions]]\npath = "{path}"\nlang = "{lang}"\nlabel = "{label}"\n'
        for path, lang, label in (("zh-hans", "zh-Hans", "简体"), ("zh-hant", "zh-Hant", "繁體"))
    )
    (site / "site.toml").write_text(f'title = "小报"\nbase_url = "{base_url}"\n{editions}', "utf-8")
    tag = '[[tag]]\nname = "外事工作"\nslug = "wai-shi-gong-zuo"\nkind = "topic"\npatterns = ["外事工作"]\n'
    (site / "content" / "tags.toml").write_text(tag, "utf-8")
    write_page(site, "yi", "会议闭幕", "会议在河内闭幕。")
    write_page(site, "er", "代表团抵达", "代表团今天抵达。")
    return site


def write_page(site: Path, slug: str, title: str, text: str) -> None:
    (site / "content" / f"{slug}.md").write_text(PAGE.format(slug=slug, title=title, text=text), "utf-8")


class PreviewProcess:
    """Runs until it is stopped; `lines` is what it said so far."""

    def __init__(self, site: Path, *args: str) -> None:
        self.lines: list[str] = []
        command = [sys.executable, str(PROJECT / "build.py"), "serve", "--site", str(site), "--port", "0", *args]
        self._process = subprocess.Popen(
            command,
            cwd=site,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.url = re.search(r"http://\S+", self.wait_for("Serving "))[0]
        self.port = urlsplit(self.url).port

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_for(self, text: str, since: int = 0, seconds: float = 60) -> str:
        """The first line, from number `since` on, that holds the text."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.lines[since:]:
                if text in line:
                    return line
            if self._process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.01)
        self.stop()
        raise AssertionError(f"“{text}” was not said, but: {self.lines}")

    def stop(self, number: int = signal.SIGINT) -> int:
        """End it with a signal, and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            code = self._process.wait(30)
        finally:
            self._process.kill()
            self._reader.join()
        return code

    def _read(self) -> None:
        with self._process.stderr as stream:
            self.lines.extend(line.rstrip("\n") for line in stream)
