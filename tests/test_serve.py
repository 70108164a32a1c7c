"""The preview server, asked over plain sockets for what a browser would never ask."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest
from preview_process import PROJECT, PreviewProcess, lay_out_site, write_page

from gengduo.cache import Memory
from gengduo.config import load_config
from gengduo.errors import StorageError, WorkerLostError, problem
from gengduo.job import Job, survey
from gengduo.serve.pages import dress, locate
from gengduo.serve.rebuilding import rebuild
from gengduo.serve.web import is_own_host
from gengduo.workers import SerialExecutor

HOME = "/repo/zh-hans/"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return lay_out_site(tmp_path_factory.mktemp("preview") / "site")


@pytest.fixture(scope="module")
def server(site):
    """A preview that the tests only ask, of a site that they do not change."""
    running = PreviewProcess(site, "--jobs", "1")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """(site, preview) for all tests that change sources; see `live`."""
    own = lay_out_site(tmp_path_factory.mktemp("followed") / "site")
    running = PreviewProcess(own, "--jobs", "1")
    yield own, running
    running.stop()


@pytest.fixture
def live(followed):
    """(site, preview): a site that a test may change; in the end it is as it was, and so is the preview."""
    own, running = followed
    before = sources_of(own)
    yield own, running
    version = version_of(running)
    after = sources_of(own)
    for path in after.keys() - before.keys():
        path.unlink()
    for path, data in before.items():
        if after.get(path) != data:
            path.write_bytes(data)
    if after != before:
        wait_until(lambda: version_of(running) != version and 'role="alert"' not in shown(running))
        come_to_rest(running)


def sources_of(site):
    folders = ("seeds", "content", "templates", "static")
    files = [site / "site.toml", *(path for folder in folders for path in (site / folder).rglob("*"))]
    return {path: path.read_bytes() for path in files if path.is_file()}


@pytest.fixture
def preview(tmp_path):
    """`preview(*args)`: a running preview of one's own."""
    with ExitStack() as stack:

        def start(*args, base_url="https://example.org/repo/"):
            running = PreviewProcess(lay_out_site(tmp_path / "site", base_url), "--jobs", "1", *args)
            stack.callback(running.stop)
            return running

        yield start


def ask(server, target, method="GET", **headers):
    """(status, headers, body) of a request whose target is sent as it stands."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body


def send(server, data, *, wait=20.0):
    """The first line of what comes back for raw bytes; empty where the door was closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as plug:
        plug.sendall(data)
        return plug.recv(4096).split(b"\r\n")[0].decode("latin-1")


def memory(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


def shown(server, target=HOME):
    return ask(server, target)[2].decode("utf-8")


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def come_to_rest(server, seconds=0.4):
    """Wait until no rebuild followed the last one: several files that change are seen in one or in two."""
    last, since = version_of(server), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.05)
        if (now := version_of(server)) != last:
            last, since = now, time.monotonic()


# ------------------------------------------------------------------------------------------------------ what it serves


def test_pages_answer_under_the_base_path_with_livereload(server):
    status, headers, body = ask(server, HOME)
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'src="/livereload.js?host=127.0.0.1&amp;port={server.port}'.encode() in body
    assert "会议闭幕" in body.decode("utf-8")


@pytest.mark.parametrize(
    ("target", "location"),
    [("/", "/repo/"), ("/repo", "/repo/"), ("/repo/zh-hans", HOME), ("/?a=//evil.example", "/repo/")],
)
def test_folders_without_slash_and_the_root_lead_on(server, target, location):
    status, headers, _ = ask(server, target)
    assert (status, headers["Location"]) == (302, location)


def test_files_have_their_type(server):
    for target, kind in [
        ("/repo/static/css/gengduo.css", "text/css; charset=utf-8"),
        ("/repo/zh-hans/feed.xml", "application/xml"),
        ("/repo/robots.txt", "text/plain; charset=utf-8"),
        ("/livereload.js", "application/javascript"),
    ]:
        status, headers, body = ask(server, target)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert len(body) == int(headers["Content-Length"]) > 0
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_head_is_answered_without_a_body(server):
    for target in (HOME, "/repo/static/css/gengduo.css"):
        status, headers, body = ask(server, target, "HEAD")
        assert (status, body) == (200, b"")
        assert int(headers["Content-Length"]) == len(ask(server, target)[2])


@pytest.mark.parametrize(
    ("target", "lang"), [("/repo/zh-hant/articles/nichts/", "zh-Hant"), ("/repo/zh-hans/no.html", "zh-Hans")]
)
def test_unknown_address_gets_the_404_of_its_edition(server, site, target, lang):
    status, _, body = ask(server, target)
    assert status == 404
    assert f'<html lang="{lang}">' in body.decode("utf-8")
    heading = (site / ".cache/preview" / target.split("/")[2] / "404.html").read_text("utf-8").partition("<h1>")[2]
    assert heading.partition("</h1>")[0] in body.decode("utf-8")


@pytest.mark.usefixtures("server")
def test_preview_leaves_public_alone(site):
    assert (site / ".cache/preview/zh-hans/index.html").exists()
    assert not (site / "public").exists()


# ------------------------------------------------------------------------------------------------------ what it refuses


@pytest.mark.parametrize(
    "target",
    [
        "/repo/../site.toml",
        "/repo/..%2fsite.toml",
        "/repo/%2e%2e/site.toml",
        "/repo/%2e%2e%2fsite.toml",
        "/repo/%252e%252e/site.toml",
        "/repo/..%5c..%5csite.toml",
        "/repo/..\\..\\site.toml",
        "/repo/zh-hans/../../../../../../../../etc/passwd",
        "/repo//etc/passwd",
        "/repo/%2fetc/passwd",
        "/repo/%c0%ae%c0%ae/site.toml",
        "/repo/%e0%80%ae%e0%80%ae/site.toml",
        "/repo/%uff0e%uff0e/site.toml",
        "/repo/..;/site.toml",
        "/repo/．．/site.toml".encode().decode("latin-1"),
        "/../../../../etc/passwd",
        "//evil.example/%2e%2e",
        "/repo/zh-hans/index.html/",
        "/repo/zh-hans/index.html%00.png",
        "/repo/%00",
        "/repo/%ff",
        "/repo/%ff%fe/%00",
        "/repo/%0d%0aSet-Cookie:a=b",
        "/repo/" + "a" * 300,
        "/repo/" + "a/" * 2000,
        "/repo/.gengduo/manifest",
        "/repo/%2egengduo/manifest",
        "/repo/.nojekyll",
        "/repo/.git/config",
        "/site.toml",
        "/content/yi.md",
        "http://evil.example/",
        "*",
    ],
)
def test_nothing_but_the_site_is_answered(server, target):
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plug:
        plug.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" % target.encode("latin-1"))
        answer = b"".join(iter(lambda: plug.recv(65536), b""))
    assert 400 <= int(answer.split()[1]) < 500
    for secret in (b"root:", b"base_url", b"gengduo-manifest", b"Set-Cookie:a"):
        assert secret not in answer


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "[::2]"])
@pytest.mark.parametrize("target", [HOME, "/livereload", "/livereload.js", "/livereload.css", "/forcereload"])
def test_foreign_host_is_refused(server, host, target):
    assert ask(server, target, Host=host)[0] == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"])
def test_own_names_are_answered(server, host):
    assert ask(server, HOME, Host=host)[0] == 200


def test_other_sites_can_neither_read_nor_reload(server):
    own = f"http://127.0.0.1:{server.port}"
    assert ask(server, HOME, Origin="http://evil.example")[0] == 403
    assert ask(server, HOME, Origin="null")[0] == 403
    assert ask(server, HOME, Origin=own)[0] == 200
    assert ask(server, "/forcereload")[0] == 403
    assert ask(server, "/forcereload?path=*", Origin=own)[0] == 403
    assert ask(server, HOME)[1]["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
def test_only_reading_is_allowed(server, method):
    for target in (HOME, "/livereload.js", "/nowhere"):
        assert ask(server, target, method)[0] == 405


def test_long_address_is_refused_with_flat_memory(server):
    assert ask(server, HOME)[0] == 200
    before = memory(server.pid)
    for _ in range(8):
        assert (
            send(server, b"GET /repo/" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").split()[1] == "414"
        )
        assert (
            send(server, b"GET /?" + b"a=b&" * 260_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").split()[1][0] == "4"
        )
    cookie = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"a" * 100_000 + b"\r\n\r\n"
    assert send(server, cookie).split()[1] == "431"
    assert memory(server.pid) - before < 40_000_000


def test_huge_body_is_refused_at_once_and_dropped(server):
    before = memory(server.pid)
    head = b"POST /repo/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1073741824\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plug:
        plug.sendall(head)
        assert plug.recv(4096).startswith(b"HTTP/1.1 405 ")
        for _ in range(64):
            plug.sendall(b"\0" * 1_000_000)
    assert send(server, head.replace(b"1073741824", b"9" * 30)).split()[1][0] == "4"
    chunked = b"GET /repo/ HTTP/1.1\r\nHost: evil\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert send(server, chunked).split()[1] == "403"
    assert send(server, head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")).split()[1] == "405"
    assert memory(server.pid) - before < 20_000_000


@pytest.mark.parametrize(
    "junk",
    [
        b"\r\n\r\n",
        b"\0" * 1000 + b"\r\n\r\n",
        b"GET\r\n\r\n",
        "获取 / HTTP/1.1\r\n\r\n".encode(),
        b"GET / HTTP/9\r\n\r\n",
    ],
)
def test_what_is_no_request_is_no_trouble(server, junk):
    assert send(server, junk).split()[1:2] in ([], ["400"])
    assert ask(server, HOME)[0] == 200


def test_a_thousand_idle_connections_leave_room(server):
    with ExitStack() as stack:
        for number in range(1000):
            plug = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            plug.sendall(b"GET / HT" if number % 2 else b"")
        started = time.monotonic()
        assert ask(server, HOME)[0] == 200
        assert time.monotonic() - started < 5


def test_oldest_connection_goes_when_no_more_fit(tmp_path):
    command = "ulimit -n 200; exec " + " ".join(
        [sys.executable, str(PROJECT / "build.py"), "serve", "--site", ".", "--port", "0", "--jobs", "1"]
    )
    site = lay_out_site(tmp_path / "site")
    process = subprocess.Popen(["bash", "-c", command], cwd=site, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        line = next(line for line in process.stderr if line.startswith("Serving "))
        port = int(line.split("/")[2].rpartition(":")[2])
        with ExitStack() as stack:
            for _ in range(300):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", HOME)
            assert connection.getresponse().read()
            connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[1]
    assert "Traceback" not in rest


def test_a_refused_server_says_nothing(server):
    ask(server, "/repo/%ff")
    ask(server, HOME, Host="evil.example")
    assert [line for line in server.lines if "Traceback" in line or "Error" in line] == []
    assert server.lines[-1].startswith("Serving ")


# ------------------------------------------------------------------------------------------------------ WebSocket


class Line:
    """A WebSocket, by hand."""

    def __init__(self, server, origin=None, host=None, version=""):
        self.plug = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        own = f"127.0.0.1:{server.port}"
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /livereload HTTP/1.1", f"Host: {host or own}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Origin: {origin or 'http://' + own}"]
        self.plug.sendall("\r\n".join([*lines, "", ""]).encode())
        self.stream = self.plug.makefile("rb")
        self.status = int(self.stream.readline().split()[1])
        while self.stream.readline().strip():
            pass
        if self.status == 101:
            self.say({"command": "hello", "protocols": [], "extver": version})
            assert self.hear()["command"] == "hello"
            self.say({"command": "info", "url": own})

    def say(self, message):
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        assert len(data) < 126
        self.plug.sendall(bytes([0x81, 0x80 | len(data)]) + b"\0\0\0\0" + data)

    def hear(self):
        """The next message, None where the line was closed."""
        kind, size = self.stream.read(2)
        if size == 126:
            size = struct.unpack(">H", self.stream.read(2))[0]
        data = self.stream.read(size)
        return None if kind & 15 == 8 else json.loads(data)

    def hears_nothing(self, seconds):
        self.plug.settimeout(seconds)
        try:
            return self.plug.recv(1) is None
        except TimeoutError:
            return True
        finally:
            self.plug.settimeout(20)

    def close(self):
        self.stream.close()
        self.plug.close()


@pytest.fixture
def dial():
    """`dial(server, …)`: a WebSocket to it."""
    with ExitStack() as stack:

        def call(*args, **settings):
            line = Line(*args, **settings)
            stack.callback(line.close)
            return line

        yield call


def version_of(server, target=HOME):
    """The version that a page was sent under."""
    return shown(server, target).partition("extver=")[2].partition("&")[0].partition('"')[0]


def test_line_is_for_pages_of_this_host_only(server, dial):
    assert dial(server, version=version_of(server)).status == 101
    for origin in ("http://evil.example", "http://127.0.0.1:1", "null", f"http://127.0.0.1:{server.port}.evil.example"):
        assert dial(server, origin=origin).status == 403
    assert dial(server, host="evil.example", origin="http://evil.example").status == 403


def test_nonsense_on_the_line_is_no_trouble(server, dial):
    line = dial(server, version=version_of(server))
    for nonsense in (b"[]", b"{}", b'{"command": 5}', b"\xff\xfe", b"{"):
        other = dial(server, version=version_of(server))
        other.say(nonsense)
    assert line.hears_nothing(0.2)
    assert [entry for entry in server.lines if "Traceback" in entry] == []


def test_stale_page_is_told_at_once(server, dial):
    assert dial(server, version="sent-by-an-earlier-server").hear()["command"] == "reload"
    assert dial(server, version=version_of(server)).hears_nothing(0.3)


# ------------------------------------------------------------------------------------------------------ changes


def test_an_edit_is_built_and_reloads(live, dial):
    site, server = live
    line = dial(server, version=version_of(server))
    write_page(site, "yi", "会议开幕", "会议在河内开幕。")
    assert line.hear() == {"command": "reload", "path": "/", "liveCSS": False, "liveImg": False}
    assert "会议开幕" in shown(server)
    assert "會議開幕" in shown(server, "/repo/zh-hant/articles/yi/")
    write_page(site, "yi", "会议再次开幕", "会议在河内再次开幕。")
    assert line.hear()["command"] == "reload"  # also less than three seconds after the last one
    assert "会议再次开幕" in shown(server)


@pytest.mark.parametrize(
    ("path", "old", "new", "shows"),
    [
        ("templates/base.html", "</main>", "<p>新的一行</p></main>", "新的一行"),
        ("site.toml", "小报", "大报", "大报"),
        ("content/tags.toml", "wai-shi-gong-zuo", "wai-shi", None),
        ("static/css/gengduo.css", ":root", ":root ", None),
    ],
)
def test_every_source_is_watched(live, path, old, new, shows):
    site, server = live
    before = version_of(server)
    text = (site / path).read_text("utf-8")
    assert old in text
    (site / path).write_text(text.replace(old, new), "utf-8")
    if shows:
        wait_until(lambda: shows in shown(server))
    wait_until(lambda: version_of(server) != before)


def test_a_seed_that_is_dropped_in_is_imported(live, project):
    site, server = live
    (site / "seeds" / "a.txt").write_bytes(sorted((project / "seeds").glob("*.txt"))[0].read_bytes())
    wait_until(lambda: shown(server).count("/repo/zh-hans/articles/") > 4)
    assert len(list((site / "content").glob("*.md"))) == 3


def test_a_file_that_is_no_dump_is_told(live, dial):
    site, server = live
    dial(server, version=version_of(server))
    number = len(server.lines)
    (site / "seeds" / "a.docx").write_bytes(b"x")
    assert server.wait_for("warning: this file was not read", number).startswith("seeds/a.docx: ")
    server.wait_for("up to date", number)
    number = len(server.lines)
    (site / "seeds" / "a.docx").unlink()
    server.wait_for("up to date", number)


def test_an_error_keeps_the_last_good_page_and_is_shown(live, dial):
    site, server = live
    line = dial(server, version=version_of(server))
    number = len(server.lines)
    good = (site / "content" / "yi.md").read_text("utf-8")
    (site / "content" / "yi.md").write_text(good.replace('title: "', "title: ["), "utf-8")
    while 'role="alert"' not in (page := shown(server)):
        assert line.hear()["command"] == "reload"
    assert "会议闭幕" in page
    error = server.wait_for("content/yi.md:", number)
    assert re.match(r"content/yi\.md:\d+:\d+: .+; .+", error)
    assert html.escape(error) in page
    assert '<link rel="stylesheet" href="/livereload.css">' in page
    assert "preview-problems" in shown(server, "/livereload.css")
    (site / "content" / "yi.md").write_text(good, "utf-8")
    assert line.hear()["command"] == "reload"
    assert 'role="alert"' not in shown(server)


def test_a_warning_that_changes_no_page_is_told(live, dial):
    site, server = live
    line = dial(server, version=version_of(server))
    number = len(server.lines)
    page = site / "content" / "yi.md"
    good = page.read_text("utf-8")
    page.write_text(good.replace("---\n\n", 'daet: "x"\n---\n\n'), "utf-8")
    assert server.wait_for("warning: unknown key “daet”", number).startswith("content/yi.md:7:")
    server.wait_for("up to date", number)
    number = len(server.lines)
    page.write_text(good, "utf-8")
    server.wait_for("up to date", number)
    assert line.hears_nothing(0.2)


def test_broken_configuration_later_on_is_an_error_like_others(live):
    site, server = live
    text = (site / "site.toml").read_text("utf-8")
    (site / "site.toml").write_text(text + "\nwrong = 1\n", "utf-8")
    wait_until(lambda: "unknown key “wrong”" in shown(server))
    (site / "site.toml").write_text(text.replace("/repo/", "/paper/"), "utf-8")
    wait_until(lambda: ask(server, "/paper/zh-hans/")[0] == 200)
    assert ask(server, "/")[1]["Location"] == "/paper/"


@pytest.mark.parametrize(
    ("name", "stand_in"), [("site.toml", Path.mkdir), ("site.toml", os.mkfifo), ("content", Path.touch)]
)
def test_something_else_in_the_place_of_a_source_is_an_error_like_others(live, name, stand_in):
    site, server = live
    kept = (site / name).rename(site / "kept")
    stand_in(site / name)
    wait_until(lambda: 'role="alert"' in shown(server))
    (Path.rmdir if (site / name).is_dir() else Path.unlink)(site / name)
    kept.rename(site / name)
    wait_until(lambda: 'role="alert"' not in shown(server))
    write_page(site, "yi", "会议又开", "会议在河内开幕。")
    wait_until(lambda: "会议又开" in shown(server))


@pytest.mark.parametrize("folder", [".cache", ".cache/preview"])
def test_pages_that_are_taken_away_come_back(live, folder):
    site, server = live
    shutil.rmtree(site / folder)
    wait_until(lambda: ask(server, HOME)[0] == 200)


def test_site_that_was_never_built_says_why(tmp_path):
    site = lay_out_site(tmp_path / "site")
    (site / "content" / "yi.md").write_text("---\ntitle: [\n---\n", "utf-8")
    server = PreviewProcess(site, "--jobs", "1")
    try:
        status, _, body = ask(server, HOME)
        assert status == 503
        assert "content/yi.md:" in body.decode("utf-8")
        write_page(site, "yi", "会议闭幕", "会议在河内闭幕。")
        wait_until(lambda: "会议闭幕" in shown(server))
    finally:
        server.stop()


def test_many_saves_become_few_builds(live):
    site, server = live
    number = len(server.lines)
    for count in range(20):
        write_page(site, "yi", f"会议第{count}次闭幕", "会议在河内闭幕。")
        time.sleep(0.01)
    wait_until(lambda: "会议第19次闭幕" in shown(server))
    assert len(server.lines[number:]) <= 5  # a line a build, two where a page was cut short in the middle of a save


def test_another_build_at_the_same_time_is_waited_for(live, run_build):
    site, server = live
    write_page(site, "yi", "会议开幕", "会议在河内开幕。")
    while run_build(site).returncode == 3:
        pass
    wait_until(lambda: "会议开幕" in shown(server))
    assert 'role="alert"' not in shown(server)


# ------------------------------------------------------------------------------------------------------ start and end


def test_site_at_the_root_works_as_well(preview):
    server = preview(base_url="https://example.org/")
    assert server.url.endswith(f":{server.port}/")
    assert ask(server, "/zh-hans/")[0] == 200
    assert ask(server, "/")[0] == 200


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_without_a_word_too_many(tmp_path, number, code):
    server = PreviewProcess(lay_out_site(tmp_path / "site"), "--jobs", "2")
    assert ask(server, HOME)[0] == 200
    assert server.stop(number) == code
    assert [line for line in server.lines if "Traceback" in line or "Warning" in line] == []


def test_its_processes_end_with_it_even_where_it_is_killed(tmp_path):
    server = PreviewProcess(lay_out_site(tmp_path / "site"), "--jobs", "2")
    assert ask(server, HOME)[0] == 200
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL  # and its workers have let go of what it wrote to
    again = PreviewProcess(tmp_path / "site", "--jobs", "2")
    assert ask(again, HOME)[0] == 200
    again.stop()


def test_it_listens_at_home_unless_told_and_warns_then(server, preview):
    assert server.url.startswith("http://127.0.0.1:")
    assert not any("warning" in line for line in server.lines)
    open_server = preview("--host", "0.0.0.0")
    assert any(line.startswith("warning: ") for line in open_server.lines)
    assert ask(open_server, HOME, Host=f"localhost:{open_server.port}")[0] == 200
    assert ask(open_server, HOME, Host="10.9.8.7")[0] == 403


def test_what_stops_it_from_starting_is_told(server, tmp_path, run_build):
    site = lay_out_site(tmp_path / "site")
    taken = run_build(site, "serve", "--port", str(server.port))
    assert taken.returncode == 4
    assert taken.stderr.startswith("--port: cannot listen on port ")
    assert run_build(site, "serve", "--host", "no.such.host.invalid").returncode == 2
    far = run_build(site, "serve", "--port", "0", "--scheduler", "127.0.0.1:1")
    assert far.returncode == 2
    assert far.stderr == "--scheduler: a preview is built on this machine; leave this option out\n"
    (site / "site.toml").write_text("title = 5", "utf-8")
    assert run_build(site, "serve", "--port", "0").returncode == 2
    for done in (taken, run_build(site, "serve", "--port", "70000")):
        assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------------------------ parts


@pytest.mark.parametrize(
    ("header", "listens_on", "local", "own"),
    [
        ("127.0.0.1:8000", "127.0.0.1", "127.0.0.1", True),
        ("[::1]", "127.0.0.1", "::1", True),
        ("paper.lan:8000", "paper.lan", "10.0.0.1", True),
        ("10.0.0.1:8000", "0.0.0.0", "10.0.0.1", True),
        ("10.0.0.2:8000", "0.0.0.0", "10.0.0.1", False),
        ("paper.lan", "0.0.0.0", "paper.lan", False),
        ("10.0.0.1", "127.0.0.1", "10.0.0.1", False),
        ("localhost.", "127.0.0.1", "127.0.0.1", False),
        ("localhost:80@evil", "127.0.0.1", "127.0.0.1", False),
        ("", "127.0.0.1", "127.0.0.1", False),
    ],
)
def test_host_is_own_or_not(header, listens_on, local, own):
    assert is_own_host(header, listens_on, local) is own


def test_symbolic_link_out_of_the_output_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "out.txt").symlink_to(tmp_path / "secret.txt")
    assert locate(tmp_path / "output", "/", (), "/out.txt").status == 404


def test_a_page_is_dressed_whatever_it_looks_like():
    found = [problem("a.md", "<script>alert(1)</script>", 3)]
    whole = dress(b"<html><HEAD></HEAD><body class=a>x</body>", "<script></script>", "mend", found).decode()
    assert whole.startswith("<html><HEAD><script></script></HEAD><body class=a><div")
    assert "&lt;script&gt;alert(1)" in whole
    assert dress(b"x", "H", "mend", ()) == b"Hx"
    assert dress(b"x", "H", "mend", found).startswith(b"Hx<div")


def test_state_of_the_files_follows_links(tmp_path):
    site = lay_out_site(tmp_path / "site")
    target = tmp_path / "shown.css"
    target.write_text("a { color: red }", "utf-8")
    (site / "static" / "css" / "link.css").symlink_to(target)
    (site / "static" / "css" / "lost.css").symlink_to(tmp_path / "nowhere.css")
    job = Job(root=site, output=site / "public")
    before = survey(job).looks["static"].name
    assert survey(job).looks["static"].name == before
    target.write_text("a { color: blue; }", "utf-8")
    assert survey(job).looks["static"].name != before


@pytest.mark.parametrize(("error", "ended"), [(StorageError, 0), (WorkerLostError, 1)])
def test_workers_are_replaced_only_where_one_died(tmp_path, monkeypatch, error, ended):
    def fail(*_):
        raise error(problem("disk", "it is full; make room"))

    class Workers(SerialExecutor):
        ends = 0

        def shutdown(self, *_, **__):
            self.ends += 1

    monkeypatch.setattr("gengduo.serve.rebuilding.build", fail)
    site = lay_out_site(tmp_path / "site")
    workers = Workers()
    job = Job(root=site, output=site / "public")
    outcome = rebuild(job, load_config(site / "site.toml"), workers, Memory(), wait=True)
    assert [str(found) for found in outcome.problems] == ["disk: it is full; make room"]
    assert workers.ends == ended
