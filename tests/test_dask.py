"""`--scheduler`: a real Dask scheduler and two workers on this machine do what one process does, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tools

import gengduo.cluster as cluster_room
from gengduo.cache import digest_of
from gengduo.cluster import ClusterExecutor, check_workers, differences, knock, own_program, run_shard
from gengduo.errors import ConfigError, StorageError

PROJECT = Path(__file__).resolve().parent.parent
STORIES = 150
START_SECONDS = 60


# ------------------------------------------------------------------------------------------------------ places


class Program:
    """A copy of the program: what an editor saves meanwhile must not make a worker another program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(PROJECT / "gengduo", folder / "gengduo", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PROJECT / "build.py", folder)
        self.env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, command)],
            env=self.env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def build(self, site: Path, *args: str) -> subprocess.CompletedProcess[str]:
        return self.run(self.folder / "build.py", *args, "--site", site)


class Cluster:
    """A scheduler, and workers that are started when they are needed."""

    def __init__(self, folder: Path, program: Program) -> None:
        self.folder = folder
        self.program = program
        self.place = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        import distributed

        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.place))
        self.address = self.wait_for_address()
        self.client: Any = distributed.Client(self.address, set_as_default=False)

    def start(self, what: str, *args: str, program: Program | None = None) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{what}-{len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *args],
                env=(program or self.program).env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def add_worker(self, program: Program | None = None) -> subprocess.Popen[bytes]:
        args = ("--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--local-directory", str(self.folder))
        return self.start("worker", f"tcp://{self.address}", *args, program=program)

    def with_workers(self, count: int) -> Cluster:
        """This cluster, when just so many workers of this program are there."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        self.workers += [self.add_worker() for _ in range(count - len(self.workers))]
        self.wait_for_workers(count)
        return self

    def wait_for_workers(self, count: int) -> None:
        end = time.monotonic() + START_SECONDS
        while len(self.client.nthreads()) != count:
            assert time.monotonic() < end, "the workers do not start, or do not end"
            time.sleep(0.02)

    def wait_for_address(self) -> str:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                address: str = json.loads(self.place.read_text("utf-8"))["address"]
                return address.removeprefix("tcp://")
            except (OSError, ValueError):
                assert time.monotonic() < end, "the scheduler does not start"
                time.sleep(0.02)

    def stop(self) -> None:
        self.client.close()
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait(START_SECONDS)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("program") / "here")


@pytest.fixture(scope="module")
def cluster(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if find_spec("distributed") is None:
        tools.skip_or_fail("no Dask in this environment")
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), program)
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def lay_out(program: Program, tmp_path_factory: pytest.TempPathFactory):
    """`lay_out()`: the folder of a new site of 150 dumps, none of them imported."""
    corpus = tmp_path_factory.mktemp("corpus")
    script = PROJECT / "benchmarks" / "corpus.py"
    tags = corpus / "content" / "tags.toml"
    done = program.run(script, corpus / "seeds", "--count", STORIES, "--hant-share", 0.05, "--tags-out", tags)
    assert done.returncode == 0, done.stderr
    shutil.copy(PROJECT / "content" / "glossary.toml", corpus / "content")
    shutil.copy(PROJECT / "site.toml", corpus)
    for name in ("templates", "static"):
        shutil.copytree(PROJECT / name, corpus / name)

    def copy() -> Path:
        site = tmp_path_factory.mktemp("site") / "site"
        shutil.copytree(corpus, site)
        return site

    return copy


def tree(site: Path) -> dict[str, bytes]:
    """What import and build made, by path."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for folder in ("content", "public")
        for path in (site / folder).rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def local(program: Program, lay_out) -> Path:
    """A site that one process made."""
    site = lay_out()
    done = program.build(site, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return site


def assert_same(site: Path, local: Path) -> None:
    made, wanted = tree(site), tree(local)
    assert made.keys() == wanted.keys()
    assert [path for path, data in wanted.items() if made[path] != data] == []


# ------------------------------------------------------------------------------------------------------ builds


def test_cluster_makes_the_same_bytes_as_one_process(cluster, program, lay_out, local):
    site = lay_out()
    done = program.build(site, "--scheduler", cluster.with_workers(2).address)
    assert (done.returncode, done.stderr) == (0, "")
    assert_same(site, local)
    again = program.build(site, "--scheduler", cluster.address)
    assert again.stdout.startswith("Nothing changed"), again.stdout + again.stderr
    assert list(site.glob("**/.gengduo-shared-*")) == []


def test_worker_that_is_killed_in_the_middle_changes_no_byte(cluster, program, lay_out, local):
    site = lay_out()
    cluster.with_workers(2)
    done = program.run(PROJECT / "tests" / "killing_build.py", site, cluster.address, 6)
    assert (done.returncode, done.stderr) == (0, "")
    victim = next(worker for worker in cluster.workers if worker.pid == int(done.stdout))
    assert victim.wait(START_SECONDS) == -9
    assert_same(site, local)


def test_error_of_a_template_travels_and_leaves_the_output_alone(cluster, program, local, tmp_path):
    site = shutil.copytree(local, tmp_path / "site")
    cluster.with_workers(2)
    template = site / "templates" / "base.html"
    template.write_text(template.read_text("utf-8").replace("</body>", "{{ no_such_thing }}</body>"), "utf-8")
    here = program.build(site, "--jobs", "1")
    there = program.build(site, "--scheduler", cluster.address)
    assert "no_such_thing" in there.stderr
    assert (there.returncode, there.stderr) == (1, here.stderr)
    assert_same(site, local)


def test_worker_with_another_program_is_named_and_refused(cluster, program, lay_out, tmp_path):
    site = lay_out()
    cluster.with_workers(2)
    other = Program(tmp_path / "there")
    changed = other.folder / "gengduo" / "feeds.py"
    changed.write_text(changed.read_text("utf-8") + "\n# changed\n", "utf-8")
    worker = cluster.add_worker(other)
    try:
        cluster.wait_for_workers(3)
        done = program.build(site, "--scheduler", cluster.address)
    finally:
        worker.kill()
        worker.wait(START_SECONDS)
    assert done.returncode == 2
    assert done.stderr.startswith("tcp://127.0.0.1:")
    assert done.stderr.endswith(": this worker has another gengduo; install the same there, and start it again\n")
    assert len(done.stderr.splitlines()) == 1
    assert not (site / "public").exists()


# ------------------------------------------------------------------------------------------------- no such cluster


def test_no_scheduler_is_one_line(program, local):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # it does not listen, and keeps the port from others
        address = "{}:{}".format(*nobody.getsockname())
        done = program.build(local, "--scheduler", address)
    assert done.returncode == 2
    assert done.stderr == f"--scheduler: no scheduler answers at “{address}”; start one with: dask scheduler\n"


@pytest.mark.parametrize("address", ["somewhere", "127.0.0.1", "127.0.0.1:x", "http://127.0.0.1:8786", "a b:1", ":1"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ConfigError, match="write HOST:PORT, such as"):
        knock(address)


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "name.invalid:8786", f"{'x' * 70}.invalid:8786"])
def test_address_that_leads_nowhere_is_refused(address):
    with pytest.raises(ConfigError, match="no scheduler answers"):
        knock(address)


def test_server_that_says_nothing_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(cluster_room, "KNOCK_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ConfigError, match="no scheduler answers"):
        knock("{}:{}".format(*silent.getsockname()))


# ------------------------------------------------------------------------------------------------------ workers


class FakeClient:
    """A client whose cluster is as it is told to be."""

    def __init__(self, workers: dict[str, object]) -> None:
        self.workers = workers

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def wait_for_workers(self, count: int, timeout: float) -> None:  # noqa: ARG002 # Dask's form
        if len(self.workers) < count:
            raise TimeoutError

    def run(self, function, *args, on_error):
        assert on_error == "return"
        return {name: worker(function(*args)) if callable(worker) else worker for name, worker in self.workers.items()}

    def submit(self, *args, **kwargs):  # noqa: ARG002 # the same
        return SimpleNamespace(add_done_callback=lambda function: None)  # noqa: ARG005 # it is never done


def test_cluster_without_workers_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="has no worker; start one with: dask worker here:1"):
        check_workers(FakeClient({}), "here:1", [tmp_path])


def test_every_worker_that_cannot_do_the_work_is_named(tmp_path):
    workers = {
        "tcp://a:1": lambda answer: answer,
        "tcp://b:1": lambda answer: ({**answer[0], "python": "3.99", "jinja2": "1"}, answer[1]),
        "tcp://c:1": lambda answer: (answer[0], (str(tmp_path / "token"),)),
        "tcp://d:1": ModuleNotFoundError("No module named 'gengduo'"),
    }
    with pytest.raises(ConfigError) as caught:
        check_workers(FakeClient(workers), "here:1", [tmp_path, tmp_path / "not" / "yet"])
    here = own_program()
    assert [str(found) for found in caught.value.problems] == [
        f"tcp://b:1: this worker has python 3.99 and not {here['python']}, jinja2 1 and not {here['jinja2']}; "
        "install the same there, and start it again",
        f"tcp://c:1: this worker does not see {tmp_path}; share the folder under the same path",
        "tcp://d:1: this worker cannot run this program (No module named 'gengduo'); install gengduo there",
    ]
    assert list(tmp_path.iterdir()) == []


def test_differences_name_what_a_reader_can_act_on():
    here = {"python": "3.11", "jinja2": "3.1.6", "gengduo": "abc"}
    assert differences(here, here) == []
    assert differences(here, {"python": "3.11", "gengduo": "abd"}) == ["jinja2 ? and not 3.1.6", "another gengduo"]


def test_build_is_given_up_when_no_worker_is_left(monkeypatch):
    monkeypatch.setattr(cluster_room, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(cluster_room, "ALONE_SECONDS", 0.05)
    client = FakeClient({"tcp://a:1": None})
    with ClusterExecutor(client) as executor:
        future = executor.submit(len, "abc")
        client.workers.clear()
        with pytest.raises(StorageError, match="no worker has been there"):
            future.result(30)
    assert not future.cancel()


def test_shard_runs_where_the_program_is_the_same():
    assert run_shard(digest_of(own_program()), len, "abc") == 3
