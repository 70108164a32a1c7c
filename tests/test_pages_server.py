"""The stand-in for GitHub Pages that link and browser tests ask."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def ask(serve_folder, tmp_path):
    (tmp_path / "secret").write_text("secret")
    site = tmp_path / "public"
    (site / "zh-hans" / "标").mkdir(parents=True)
    (site / "index.html").write_text("front")
    (site / "zh-hans" / "index.html").write_text("edition")
    (site / "zh-hans" / "标" / "index.html").write_text("tag")
    (site / "zh-hans" / "feed.xml").write_text("<feed/>")
    (site / "404.html").write_text("not here")
    url = urlsplit(serve_folder(site))

    def get(path):
        connection = HTTPConnection(url.hostname, url.port, timeout=10)
        connection.request("GET", path)
        response = connection.getresponse()
        answer = response.status, response.getheader("Location") or response.read().decode()
        connection.close()
        return answer

    return get


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/repo/", (200, "front")),
        ("/repo", (301, "/repo/")),
        ("/repo/?q=1", (200, "front")),
        ("/repo/zh-hans/", (200, "edition")),
        ("/repo/zh-hans", (301, "/repo/zh-hans/")),
        ("/repo/zh-hans/%E6%A0%87/", (200, "tag")),
        ("/repo/zh-hans/feed.xml", (200, "<feed/>")),
        ("/repo/zh-hans/feed.xml/", (404, "not here")),
        ("/repo/nothing/", (404, "not here")),
        ("/zh-hans/", (404, "outside the site")),
        ("/repo/../secret", (404, "outside the folder")),
        ("/repo/%2e%2e/secret", (404, "outside the folder")),
    ],
)
def test_answers_as_github_pages_does(ask, path, answer):
    assert ask(path) == answer
