"""Every page of the project's own site against the Nu HTML checker."""

from __future__ import annotations

import json
import subprocess

import pytest
import tools


@pytest.fixture(scope="module")
def errors_in():
    """`errors_in(folder)`: what the checker finds in its pages, as `path:line: message`."""
    checker = tools.find_checker() or tools.skip_or_fail("no Nu HTML checker, or no Java 17 to run it")

    def check(folder):
        command = [*checker, "--errors-only", "--format", "json", "--exit-zero-always", "--skip-non-html", str(folder)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
        found = json.loads(done.stderr)["messages"]
        return [
            f"{one.get('url', '').rpartition(folder.name + '/')[2]}:{one.get('lastLine')}: {one['message']}"
            for one in found
        ]

    return check


def test_every_page_is_valid_html(public, errors_in):
    assert errors_in(public) == []


def test_the_checker_sees_an_error(tmp_path, errors_in):
    page = "<!doctype html><html lang=zh><meta charset=utf-8><title>坏</title><p id=a>一<p id=a>二"
    (tmp_path / "bad.html").write_text(page, "utf-8")
    found = errors_in(tmp_path)
    assert len(found) == 1
    assert "Duplicate ID" in found[0]
