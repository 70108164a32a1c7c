"""Small sites and what can befall them: builds in this process, clean builds elsewhere, builds that are killed.

Stories are invented. A tree is what a reader's server would hold: paths, kinds, modes and bytes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from small_site import SMALL_CONFIG

from gengduo.cache import Memory
from gengduo.errors import SiteError
from gengduo.job import Job
from gengduo.model import BuildReport, ImportReport, SiteView
from gengduo.pipeline import build
from gengduo.workers import SerialExecutor

PROJECT = Path(__file__).resolve().parent.parent
CONFIG = SMALL_CONFIG.replace("page_size = 30", "page_size = 3")
SEED = """\
河内举行地方外事会议

越通社河内——地方外事会议2019年3月5日在河内举行，外交部的代表出席。

会议讨论了明年的计划。(完)

更多

老挝总理访问河内

老挝总理4月2日抵达河内，开始访问。
"""
SECOND_SEED = """\
老街省开通新航线

越通社老街——老街省2020年1月7日开通一条新航线。

新航线每周两班。(完)
"""
TAGS = """\
[[tag]]
name = "外事工作"
slug = "wai-shi-gong-zuo"
kind = "topic"
patterns = ["外事会议"]
"""
GLOSSARY = """\
[[term]]
text = "老挝"
tw = "寮國"
neutral = "老撾"
test = "访问老挝。"
"""

PLAIN_THEME = {
    "templates/base.html": """\
<!doctype html><html lang="{{ site.lang }}"><title>{{ page.title }}</title>
{% include "partials/mast.html" %}
{% block main %}{% endblock %}
<pre>{{ page }}</pre><pre>{{ site }}</pre>
""",
    "templates/partials/mast.html": '<p>{{ site.title }}{% include "partials/mark.svg" %}</p>\n',
    "templates/partials/mark.svg": "<svg></svg>",
    "templates/article.html": """\
{% extends "base.html" %}
{% block main %}<h1>{{ text.title }}</h1>{{ text.body_html|safe }}<pre>{{ text }}</pre>{% endblock %}
""",
    "templates/brief.html": """\
{% extends "base.html" %}
{% block main %}{{ text.more[page.index].title }}{% endblock %}
""",
    **{
        f"templates/{name}.html": '{% extends "base.html" %}\n'
        for name in ("list", "front", "tags", "dates", "missing", "root", "alias")
    },
    "templates/strings.toml": (PROJECT / "templates" / "strings.toml").read_text("utf-8"),
    "static/plain.css": "p { margin: 0 }",
}
"""A theme that shows every value that a template can read: nothing can change unseen."""

Tree = dict[str, tuple[str, int, bytes]]
"""Path → (kind, mode, bytes)."""


def site_view(title: str = "小报", base_path: str = "/") -> SiteView:
    """What every page of an edition shows, on a site of that title at that path."""
    return SiteView(
        title=title,
        description="",
        lang="zh-Hans",
        label="简体",
        script="Hans",
        base_url=f"https://example.org{base_path}",
        base_path=base_path,
        home=f"{base_path}zh-hans/",
        feed=f"{base_path}zh-hans/feed.xml",
        nav=(),
        footer="",
        words={},
        assets={},
    )


def page(
    title: str,
    slug: str,
    body: str = "正文一段。\n",
    *,
    date: str = "",
    tags: tuple[str, ...] = (),
    more: tuple[tuple[str, str], ...] = (),
    extra: str = "",
) -> str:
    """A page's file; `more` holds (title, slug) of its teasers, `extra` further lines of front matter."""
    teasers = "".join(f'  - title: "{name}"\n    slug: "{at}"\n' for name, at in more)
    lines = [
        f'title: "{title}"\nslug: "{slug}"\nlang: "zh-Hans"\n',
        f'date: "{date}"\n' if date else "",
        f"tags: {json.dumps(tags, ensure_ascii=False)}\n" if tags else "",
        f"more:\n{teasers}" if more else "",
        extra,
    ]
    return f"---\n{''.join(lines)}---\n\n{body}"


def lay_site(site: Path, files: Mapping[str, str | bytes], config: str = CONFIG) -> Path:
    """A site with a plain theme and these files."""
    for name, content in {"site.toml": config, **PLAIN_THEME, **files}.items():
        write(site / name, content)
    for folder in ("seeds", "content"):
        (site / folder).mkdir(exist_ok=True)
    return site


def write(path: Path, content: str | bytes) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def tree_of(folder: Path) -> Tree:
    """Everything below a folder; an empty tree where there is none."""
    tree: Tree = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        mode = stat.S_IMODE(status.st_mode)
        name = path.relative_to(folder).as_posix()
        if stat.S_ISDIR(status.st_mode):
            tree[name] = ("folder", mode, b"")
        elif stat.S_ISREG(status.st_mode):
            tree[name] = ("file", mode, path.read_bytes())
        else:
            tree[name] = ("other", mode, b"")
    return tree


def difference(first: Tree, second: Tree) -> list[str]:
    """What stands in one tree and not, or otherwise, in the other."""
    return [
        f"{name}: {_short(first.get(name))} / {_short(second.get(name))}"
        for name in sorted({*first, *second})
        if first.get(name) != second.get(name)
    ]


def _short(entry: tuple[str, int, bytes] | None) -> str:
    return f"{entry[0]} {entry[1]:o} {len(entry[2])} bytes" if entry else "nothing"


@dataclass(frozen=True)
class Outcome:
    """What a build came to."""

    report: BuildReport | None
    imported: ImportReport | None = None
    errors: tuple[str, ...] = ()
    """Lines, where the build raised."""
    exit_code: int = 0


def build_here(site: Path, output: Path | None = None, memory: Memory | None = None, **options: object) -> Outcome:
    """Build in this process, as the command does it with one job; with a memory, as the preview does it."""
    os.umask(0o022)
    job = Job(root=site, output=output or site / "public", **options)  # type: ignore[arg-type]
    try:
        report, imported = build(job, SerialExecutor(), lambda *_: None, memory=memory)
    except SiteError as error:
        return Outcome(None, errors=tuple(map(str, error.problems)), exit_code=error.exit_code)
    return Outcome(report, imported, exit_code=1 if report.errors else 0)


def copy_without_state(site: Path, target: Path) -> Path:
    """A copy of the site as a fresh clone would hold it."""
    ignored = shutil.ignore_patterns(".cache", "public")
    shutil.copytree(site, target, symlinks=True, ignore=ignored)
    return target


# ------------------------------------------------------------------------------------------- clean builds elsewhere


class CleanBuilder:
    """A process in another time zone, with another hash seed, locale and umask, that builds copies from nothing."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="elsewhere "))
        environment = {
            **os.environ,
            "TZ": "Asia/Kathmandu",
            "PYTHONHASHSEED": "4242",
            "LC_ALL": "C",
            "PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'tests'}",
        }
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def build(self, site: Path) -> tuple[int, Tree, Tree]:
        """The exit code, the output and the content of a clean build of this site as it is now."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        target = self.folder / "另一处 site"
        shutil.rmtree(target, ignore_errors=True)
        copy_without_state(site, target)
        self.process.stdin.write(f"{target}\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return code, tree_of(target / "public"), tree_of(target / "content")

    def close(self) -> None:
        """End the process and take its copies away."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def serve_clean_builds() -> None:
    """Answer each line, the path of a site, with the exit code of its build, done in a fork."""
    from gengduo.cli import main

    with tempfile.TemporaryDirectory() as folder:  # dictionaries are read once, before the forks
        build_here(lay_site(Path(folder), {"seeds/a.txt": SEED, "content/tags.toml": TAGS}))
    os.umask(0o077)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            os._exit(main(["build", "--site", line.rstrip("\n"), "--jobs", "1"]))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


# -------------------------------------------------------------------------------------------------- killed builds


FILE_EVENTS = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "shutil.rmtree"})


def killed_at(event: int, site: Path, *, torn: bool = False, work: Callable[[], object] | None = None) -> bool:
    """Build in a fork that is killed before its n-th change of a file below the site; False: it had fewer.

    `torn`: the file that it was about to open for writing then holds something else, cut short.
    """
    child = os.fork()
    if child == 0:
        try:
            with _kill_at(event, site, torn):
                (work or (lambda: build_here(site)))()
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@contextmanager
def _kill_at(event: int, site: Path, torn: bool) -> Iterator[None]:
    left = event
    below = f"{os.fspath(site)}/"

    def hook(name: str, args: tuple[object, ...]) -> None:
        nonlocal left
        writes = name == "open" and isinstance(args[2], int) and bool(args[2] & (os.O_WRONLY | os.O_RDWR))
        if (writes or name in FILE_EVENTS) and left >= 0 and str(args[0]).startswith(below):
            left -= 1
            if left < 0:
                try:
                    if torn and writes:
                        os.write(os.open(str(args[0]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), b"torn")
                finally:
                    os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    yield


if __name__ == "__main__":
    serve_clean_builds()
