"""What the tests take for a usable browser and a usable Java."""

from __future__ import annotations

import sys

import pytest
import tools

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """`programs(name=script)`: the only programs on the path."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "CHROMIUM_APPS", ())
    tools.find_chromium.cache_clear()

    def put(**scripts):
        for name, script in scripts.items():
            path = tmp_path / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        return tmp_path

    yield put
    tools.find_chromium.cache_clear()


def test_a_stub_that_does_not_start_is_no_browser(programs):
    folder = programs(chromium_browser="echo 'install the snap' >&2; exit 1", google_chrome="echo Chrome 1")
    assert tools.find_chromium() == folder / "google-chrome"


@pytest.mark.parametrize(
    ("script", "usable"),
    [
        ("echo 'openjdk version \"17.0.15\" 2025-04-15' >&2", True),
        ("echo 'openjdk version \"25\" 2025-09-16' >&2", True),
        ("echo 'java version \"1.8.0_402\"' >&2", False),
        ("echo 'No Java runtime present' >&2; exit 1", False),
    ],
)
def test_java_is_usable_from_17_on(programs, script, usable):
    folder = programs(java=script)
    assert tools.find_java() == (folder / "java" if usable else None)
