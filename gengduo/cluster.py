"""A Dask cluster as the executor of a build: the same shards, on many machines.

Workers run this very program (each of them is asked) and see the site under the same path: they read pages and write
files themselves. Through the network go only views, settings and lists of what was made.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from gengduo.cache import digest_of, program_parts
from gengduo.errors import ConfigError, Problem, StorageError, problem

Result = TypeVar("Result")

ADDRESS = re.compile(r"(tcp://|tls://)?(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
KNOCK_SECONDS = 5
"""How long the machine of a scheduler may take to answer at all."""
CONNECT_SECONDS = 10
"""How long a scheduler, and then its first worker, are waited for."""
LOOK_SECONDS = 2.0
"""Time between two looks at who is there."""
ALONE_SECONDS = 60.0
"""How long a build waits for a worker after the last one was lost."""
LOST_SCHEDULER = "the scheduler was lost"
SHARED = ".gengduo-shared-"
"""Begins the name of a file that lies in the site for a moment, to see whether the workers see it."""


class ClusterExecutor(Executor):
    """Sends each call to a worker of the cluster; where a worker dies, another does its calls again."""

    def __init__(self, client: Any) -> None:
        self.width = len(client.nthreads())
        """Workers: shards that are worked on at the same time."""
        self._client = client
        self._program = digest_of(own_program())
        self._pending: set[Future[Any]] = set()
        self._closing = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, function: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Return the future of a call, which fails with StorageError where the cluster is lost.

        It counts as under way from the start: a call that was given up here would still be worked on there.
        """
        from distributed.client import ClosedClientError

        future: Future[Result] = Future()
        future.set_running_or_notify_cancel()
        self._pending.add(future)
        try:
            remote = self._client.submit(run_shard, self._program, function, *args, pure=False, **kwargs)
        except ClosedClientError:
            self._fail(future, LOST_SCHEDULER)
        else:
            remote.add_done_callback(lambda done: self._hand_over(done, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 # nothing to end
        """Let go of the cluster, which stays as it is."""
        self._closing.set()

    def _hand_over(self, remote: Any, future: Future[Any]) -> None:
        """Give the outcome of a call to the one who waits for it."""
        from distributed import KilledWorker

        if future.done():
            return  # it was given up; of a client that is closed nothing may be asked any more
        try:
            if remote.status == "cancelled":
                raise CancelledError
            result = remote.result()
        except KilledWorker:
            self._fail(future, "several workers died of the same pages (out of memory?)")
        except (CancelledError, TimeoutError):
            self._fail(future, LOST_SCHEDULER)
        except BaseException as error:  # noqa: BLE001 # as in every executor, the caller of result() gets it
            with suppress(InvalidStateError):
                future.set_exception(error)
        else:
            with suppress(InvalidStateError):
                future.set_result(result)
        self._pending.discard(future)

    def _fail(self, future: Future[Any], reason: str) -> None:
        message = f"{reason}; try again, or without --scheduler"
        with suppress(InvalidStateError):
            future.set_exception(StorageError(problem("--scheduler", message)))

    def _watch(self) -> None:
        """Keep `width`, and give the work up when nobody has been there for long: else a build would wait for ever."""
        seen = time.monotonic()
        while not self._closing.wait(LOOK_SECONDS):
            try:
                self.width = len(self._client.nthreads())
            except Exception:  # noqa: BLE001 # closed, refused, timed out: the same to us
                self.width = 0
            if self.width:
                seen = time.monotonic()
            elif time.monotonic() - seen > ALONE_SECONDS:
                for future in list(self._pending):
                    self._fail(future, f"no worker has been there for {ALONE_SECONDS:.0f} s")


_one_at_a_time = threading.Lock()


def run_shard(program: str, function: Callable[..., Result], /, *args: Any) -> Result:
    """Return what the call returns, on a worker; raises ConfigError where the worker runs another program.

    One shard at a time: converters and templates belong to one thread, and a worker of several has one process only.
    """
    if program != digest_of(own_program()):
        from distributed import get_worker

        message = "this worker came while the build ran, and its program is another one; install the same there"
        raise ConfigError(problem(get_worker().address, message))
    with _one_at_a_time:
        return function(*args)


@lru_cache(maxsize=1)
def own_program() -> dict[str, str]:
    """Return what this process runs: asked once, since what was imported stays when the files change."""
    return program_parts()


def look_around(paths: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return, from a worker, what it runs, and which of these paths it does not see."""
    return own_program(), tuple(path for path in paths if not os.path.lexists(path))


@contextmanager
def open_cluster(scheduler: str, folders: Sequence[Path]) -> Iterator[ClusterExecutor]:
    """Yield the executor of the cluster whose scheduler is named; `folders` are those that its workers must share.

    Raises ConfigError where there is no scheduler or worker, or one that would not do the same work as this process,
    and StorageError where the cluster was lost on the way.
    """
    with _connect(scheduler) as client:
        check_workers(client, scheduler, folders)
        executor = ClusterExecutor(client)
        try:
            yield executor
        finally:
            executor.shutdown()


def knock(scheduler: str) -> None:
    """Raise ConfigError where no scheduler answers: Dask's own client would wait long, or for ever, to tell."""
    found = ADDRESS.fullmatch(scheduler)
    if found is None:
        message = f"“{scheduler}” is no address of a scheduler; write HOST:PORT, such as 127.0.0.1:8786"
        raise ConfigError(problem("--scheduler", message))
    protocol, host, port = found.groups()
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_SECONDS) as knocking:
            is_scheduler = protocol == "tls://" or knocking.recv(1) != b""  # it greets whoever comes
    except (OSError, OverflowError, UnicodeError):
        is_scheduler = False
    if not is_scheduler:
        message = f"no scheduler answers at “{scheduler}”; start one with: dask scheduler"
        raise ConfigError(problem("--scheduler", message))


@contextmanager
def _connect(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise ConfigError(problem("--scheduler", "Dask is not installed; run pip install 'gengduo[dask]'")) from None
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":  # each has a handler; what matters is told by us, in one line
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module="distributed")
    knock(scheduler)
    connect: Any = Client  # its constructor has no types
    try:
        client = connect(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError) as error:
        message = f"the scheduler at “{scheduler}” takes no client ({error}); look at what it prints"
        raise ConfigError(problem("--scheduler", message)) from None
    with client:
        yield client


# ------------------------------------------------------------------------------------------------------ workers


def check_workers(client: Any, scheduler: str, folders: Sequence[Path]) -> None:
    """Raise ConfigError, with a line for each worker that would not do the same work as this process."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        message = f"the scheduler has no worker; start one with: dask worker {scheduler}"
        raise ConfigError(problem("--scheduler", message)) from None
    with ExitStack() as files:
        paths = [files.enter_context(_file_in(folder)) for folder in folders]
        answers = client.run(look_around, paths, on_error="return")
    found = [complaint for worker, answer in sorted(answers.items()) for complaint in _complaints(worker, answer)]
    if found:
        raise ConfigError(found)


@contextmanager
def _file_in(folder: Path) -> Iterator[str]:
    """Yield the path of a file that lies, for a moment, in the folder or in the nearest one above that is there."""
    while not folder.is_dir():
        folder = folder.parent
    with tempfile.NamedTemporaryFile(prefix=SHARED, dir=folder) as file:
        yield file.name


def _complaints(worker: str, answer: Any) -> Iterator[Problem]:
    if isinstance(answer, BaseException):
        yield problem(worker, f"this worker cannot run this program ({answer}); install gengduo there")
        return
    parts, unseen = answer
    if found := differences(own_program(), parts):
        message = f"this worker has {', '.join(found)}; install the same there, and start it again"
        yield problem(worker, message)
    for path in unseen:
        yield problem(worker, f"this worker does not see {Path(path).parent}; share the folder under the same path")


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Return in which parts (see `program_parts`) the program of another process is not the one here."""
    found = [name for name, version in here.items() if there.get(name) != version]
    return [
        "another gengduo" if name == "gengduo" else f"{name} {there.get(name, '?')} and not {here[name]}"
        for name in found
    ]
