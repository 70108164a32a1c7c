"""Kills, signals, full and read-only disks, two builds at once, few descriptors, odd files: and the build after."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from trials import (
    GLOSSARY,
    PROJECT,
    SECOND_SEED,
    SEED,
    TAGS,
    build_here,
    copy_without_state,
    difference,
    killed_at,
    lay_site,
    page,
    tree_of,
    write,
)

SOAK = bool(os.environ.get("GENGDUO_SOAK"))
LINUX = sys.platform == "linux"
ROOT = LINUX and os.geteuid() == 0
STRANGE_WORDS = "no ordinary file"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "seeds/a.txt": SEED,
        "seeds/b.txt": SECOND_SEED,
        "content/tags.toml": TAGS,
        "content/glossary.toml": GLOSSARY,
        "content/a.md": page("国会通过新法", "xin-fa", "老挝。\n", tags=("老挝",)),
    }
    return lay_site(tmp_path / "site", files)


def command(site: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(PROJECT / "build.py"), *arguments, "--site", str(site)]


def run(site: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(site, *arguments),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        **options,  # type: ignore[call-overload]
    )


def says(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """The command ended with this code and one line that holds the words; no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert words in done.stderr
    assert all(": " in line for line in done.stderr.splitlines())


# ------------------------------------------------------------------------------------------------------- kills


@pytest.mark.skipif(not LINUX, reason="needs fork")
@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize("stage", ["first build", "edit"])
def test_the_build_after_a_kill_is_right(stage: str, torn: bool, site: Path, tmp_path: Path) -> None:
    if stage == "edit":
        build_here(site)
        write(site / "content/a.md", page("国会通过旧法", "jiu-fa", more=(("发现干菜", "gan-cai"),)))
        write(site / "seeds/a.txt", SEED.replace("明年", "后年"))
    clean = copy_without_state(site, tmp_path / "clean")
    assert build_here(clean).report is not None
    expected = tree_of(clean / "public")
    event, step, kept = 0, 1 if SOAK else 29, tmp_path / "kept"
    shutil.copytree(site, kept)
    while True:
        shutil.rmtree(site)
        shutil.copytree(kept, site)
        if not killed_at(event, site, torn=torn):
            break
        done = build_here(site)
        assert done.report is not None, done.errors
        assert not done.report.warnings, "a kill is not told as an edit by hand"
        assert difference(tree_of(site / "public"), expected) == []
        assert tree_of(site / "content").keys() >= tree_of(clean / "content").keys()
        event += step
    assert event > 2 * step


@pytest.mark.skipif(not LINUX, reason="needs fork")
def test_a_page_is_whole_or_not_there_after_a_kill(site: Path) -> None:
    build_here(site)
    before = {path: path.read_bytes() for path in (site / "public").rglob("*.html")}
    write(site / "site.toml", (site / "site.toml").read_text("utf-8").replace("小报", "大报"))
    shutil.copytree(site, site.with_name("after"))
    build_here(site.with_name("after"))
    after = {path: (site.with_name("after") / path.relative_to(site)).read_bytes() for path in before}
    shutil.copytree(site, site.with_name("kept"))
    for event in range(0, 200, 1 if SOAK else 31):
        shutil.rmtree(site)
        shutil.copytree(site.with_name("kept"), site)
        if not killed_at(event, site, torn=True):
            break
        for path, data in before.items():
            assert path.read_bytes() in (data, after[path])


# ----------------------------------------------------------------------------------------------------- signals


@pytest.mark.skipif(not LINUX, reason="needs signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_build_says_so_and_the_next_is_right(number: int, code: int, jobs: str, site: Path) -> None:
    build_here(site)
    before = tree_of(site / "public")
    for index in range(300):
        write(site / f"content/s{index}.md", page(f"第{index}篇报道", f"s-{index}", "老挝。\n" * 20))
    process = subprocess.Popen(
        command(site, "--jobs", jobs), stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", process_group=0
    )
    deadline = time.monotonic() + 30
    while not (site / "public/.gengduo/stage").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    os.killpg(process.pid, number)  # as a terminal does
    try:
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    assert len(errors.splitlines()) <= 1
    assert difference(before, tree_of(site / "public")) == []
    assert build_here(site).report is not None


# ---------------------------------------------------------------------------------------------- two builds at once


def test_a_second_build_at_once_is_refused(site: Path) -> None:
    from filelock import FileLock

    (site / ".cache").mkdir()
    with FileLock(site / ".cache" / "lock"):
        says(run(site), 3, "another build")
        says(run(site, "import"), 3, "another build")
    assert not (site / "public").exists()
    assert run(site).returncode == 0


def test_a_stale_lock_hinders_nobody(site: Path) -> None:
    write(site / ".cache/lock", "4711")
    assert build_here(site).report is not None


# ----------------------------------------------------------------------------------------------------- disks


@pytest.fixture
def mount() -> Iterator[Callable[..., Path]]:
    """`mount(place, *options)`: mount there, or skip loudly where this process may not."""
    mounted: list[Path] = []

    def do(place: Path, *options: str) -> Path:
        place.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["mount", *options, str(place)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting needs rights that this process has not: {done.stderr.strip()}")
        mounted.append(place)
        return place

    if not ROOT or shutil.which("mount") is None:
        pytest.skip("mounting needs Linux and root")
    yield do
    for place in reversed(mounted):
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_the_old_site(site: Path, mount: Callable[..., Path], tmp_path: Path) -> None:
    disk = mount(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs")
    output = disk / "public"
    assert run(site, "--output", str(output)).returncode == 0
    before = tree_of(output)
    ballast = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(ballast, bytes(4096)):
            pass
    os.close(ballast)
    write(site / "site.toml", (site / "site.toml").read_text("utf-8").replace("小报", "大报"))
    says(run(site, "--output", str(output)), 4, "check the disk")
    assert difference(before, tree_of(output)) == []
    (disk / "ballast").unlink()
    assert run(site, "--output", str(output)).returncode == 0
    clean = copy_without_state(site, tmp_path / "clean")
    assert run(clean).returncode == 0
    assert difference(tree_of(output), tree_of(clean / "public")) == []


@pytest.mark.parametrize("folder", ["public", ".cache", "content"])
def test_a_read_only_place_is_told(folder: str, site: Path, mount: Callable[..., Path]) -> None:
    assert run(site).returncode == 0
    before = tree_of(site / "public")
    write(site / "static/new.css", "p { }")
    write(site / "seeds/c.txt", SEED.replace("河内", "岘港"))
    place = mount(site / folder, "--bind", str(site / folder))
    subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
    done = run(site)
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert difference(before, tree_of(site / "public")) == []


@pytest.mark.skipif(not LINUX, reason="needs ulimit")
def test_few_file_descriptors_are_enough(site: Path) -> None:
    for index in range(120):
        write(site / f"content/s{index}.md", page(f"第{index}篇报道", f"s-{index}"))
    done = run(site, "--jobs", "2", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32)))
    assert done.returncode == 0, done.stderr


# ------------------------------------------------------------------------------------------------------ odd files


def make_fifo(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(place)


def make_loop(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(place)


def make_link_out(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    secret = place.parent.parent.parent / "secret.txt"
    secret.write_text("secret")
    place.symlink_to(secret)


def make_folder_loop(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(place.parent)


@pytest.mark.skipif(not LINUX, reason="needs pipes")
@pytest.mark.parametrize("make", [make_fifo, make_loop, make_link_out, make_folder_loop])
@pytest.mark.parametrize(
    "place",
    ["content/x.md", "static/x.css", "templates/partials/x.html", "seeds/x.txt"],
)
def test_what_is_no_ordinary_file_is_refused_without_waiting(
    place: str, make: Callable[[Path], None], site: Path
) -> None:
    assert run(site).returncode == 0
    before = tree_of(site / "public")
    make(site / place)
    done = run(site)
    says(done, 1, f"{place}: ")
    assert difference(before, tree_of(site / "public")) == []
    (site / place).unlink()
    assert run(site).returncode == 0


@pytest.mark.skipif(not LINUX, reason="needs pipes")
@pytest.mark.parametrize(
    "place",
    ["site.toml", "content/tags.toml", "content/glossary.toml", "content/import.lock", "templates/strings.toml"],
)
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(place: str, site: Path) -> None:
    (site / place).unlink(missing_ok=True)
    os.mkfifo(site / place)
    says(run(site), 2, STRANGE_WORDS)


@pytest.mark.skipif(not ROOT, reason="only root can make devices")
def test_a_device_is_refused(site: Path) -> None:
    try:
        os.mknod(site / "content/x.md", 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    except OSError:
        pytest.skip("this process may not make devices")
    says(run(site), 1, STRANGE_WORDS)


@pytest.mark.skipif(not LINUX, reason="names are bytes on Linux alone")
@pytest.mark.parametrize("folder", ["content", "static", "seeds", "templates"])
def test_a_name_that_is_not_utf8_is_told(folder: str, site: Path) -> None:
    suffix = {"content": b".md", "seeds": b".txt", "static": b".css", "templates": b".html"}[folder]
    with open(os.fsencode(site / folder) + b"/\xff" + suffix, "wb") as file:  # noqa: PTH123 # a name of bytes
        file.write(SEED.encode())
    done = run(site)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not LINUX, reason="needs POSIX rights")
@pytest.mark.parametrize(
    ("place", "code"),
    [("content/a.md", 4), ("content", 4), ("templates/base.html", 4), ("static/plain.css", 4), ("seeds/a.txt", 1)],
)
def test_what_cannot_be_read_is_told(place: str, code: int, site: Path) -> None:
    assert run(site).returncode == 0
    before = tree_of(site / "public")
    shutil.rmtree(site / ".cache")
    mode = (site / place).stat().st_mode
    (site / place).chmod(0)
    try:
        done = run(site, preexec_fn=obey_rights if ROOT else None)
    finally:
        (site / place).chmod(mode)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert place in done.stderr
    assert difference(before, tree_of(site / "public")) == []


def obey_rights() -> None:
    """Give up what lets root read any file: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, for the next program."""
    drop_from_bounding_set, overrides = 24, (1, 2)
    libc = ctypes.CDLL(None)
    for capability in overrides:
        libc.prctl(drop_from_bounding_set, capability, 0, 0, 0)
