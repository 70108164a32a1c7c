"""The tools that the tests need beyond Python: Chromium, a Chinese font, and the Nu HTML checker with its Java.

Run as a command (`make test` does) it brings what is missing: through apt on Debian as root, otherwise Playwright's own
Chromium, and the checker through npm. Imported, it only looks. What cannot be had is told on one line each; with
`CI=true` that is a failure, elsewhere the tests that need it are skipped and say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

PROJECT = Path(__file__).resolve().parent.parent
CHECKER = PROJECT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
CJK_FONTS = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
JAVA_NEEDED = 17


@cache
def find_chromium() -> Path | None:
    """The Chromium or Chrome that starts on this machine, or None."""
    # Ubuntu's chromium-browser is a stub that only names a snap, so each has to show that it starts.
    return next((Path(path) for path in _chromium_candidates() if _output_of(path, "--version") is not None), None)


@cache
def find_checker() -> tuple[str, ...] | None:
    """The command that runs the Nu HTML checker, or None where Java is missing or too old, or the checker is."""
    java = find_java()
    return (str(java), "-jar", str(CHECKER)) if java is not None and CHECKER.exists() else None


def find_java() -> Path | None:
    """A Java that is new enough for the checker, or None."""
    java = shutil.which("java")
    if java is None or (version := _output_of(java, "-version")) is None:
        return None
    match = re.search(r'version "(\d+)', version)
    return Path(java) if match and int(match[1]) >= JAVA_NEEDED else None


def required() -> bool:
    """Whether a missing tool is a failure: it is in CI."""
    return os.environ.get("CI") == "true"


def skip_or_fail(missing: str) -> NoReturn:
    """Skip the test that runs for want of a tool; in CI fail it instead."""
    message = f"{missing}; `make test` tells what it could not bring"
    if required():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def main() -> int:
    """Bring what is missing; return 1 where CI goes without."""
    bring_browser()
    bring_checker()
    find_chromium.cache_clear()
    find_checker.cache_clear()
    browser, checker = find_chromium(), find_checker()
    print(f"browser: {browser or 'none: the tests in tests/browser are skipped'}")
    print(f"HTML checker: {' '.join(checker) if checker else 'none (it needs npm and Java 17): its test is skipped'}")
    return int(required() and (browser is None or checker is None))


def bring_browser() -> None:
    """Install Debian's Chromium and a Chinese font as root, otherwise Playwright's Chromium, where none is."""
    missing = [] if find_chromium() else ["chromium"]
    if not CJK_FONTS.exists():
        missing.append("fonts-wqy-microhei")
    if missing and _is_debian_root():
        _apt_install(*missing)
        find_chromium.cache_clear()
    if find_chromium() is None:
        _run(sys.executable, "-m", "playwright", "install", *(["--with-deps"] if _is_root() else []), "chromium")


def bring_checker() -> None:
    """Install Java and npm as root on Debian, then the checker at the version of `package-lock.json`."""
    missing = [] if find_java() else ["default-jre-headless"]
    if shutil.which("npm") is None and not CHECKER.exists():
        missing.append("npm")
    if missing and _is_debian_root():
        _apt_install(*missing)
    lock = PROJECT / "package-lock.json"
    current = CHECKER.exists() and CHECKER.stat().st_mtime > lock.stat().st_mtime
    if not current and (npm := shutil.which("npm")):
        _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        if CHECKER.exists():
            CHECKER.touch()


def _chromium_candidates() -> Iterator[str]:
    yield from (found for name in CHROMIUM_NAMES if (found := shutil.which(name)))
    yield from (app for app in CHROMIUM_APPS if Path(app).exists())
    from playwright.sync_api import sync_playwright  # late: it starts a process, which is seldom needed

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _output_of(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout + done.stderr


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _is_debian_root() -> bool:
    release = Path("/etc/os-release")
    return (
        _is_root()
        and shutil.which("apt-get") is not None
        and release.exists()
        and re.search(r"^ID=\"?debian\"?$", release.read_text("utf-8"), re.MULTILINE) is not None
    )


def _apt_install(*packages: str) -> None:
    print(f"installing {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run("apt-get", "update", "-qq", env=quiet)
    _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    """Run a command, its output to stderr; where it fails, what is missing afterwards tells."""
    try:
        subprocess.run(command, cwd=PROJECT, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    except OSError as error:
        print(f"{command[0]}: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
