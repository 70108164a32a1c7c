"""Executors: who does the work of a shard, one process, several, or machines of a Dask cluster.

A shard is a list of items that one call of a pure function works on; single calls would cost more to send than to do.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar

from gengduo.errors import ConfigError, StorageError, problem

Item = TypeVar("Item")
Result = TypeVar("Result")


class SerialExecutor(Executor):
    """Does the work here and now."""

    def submit(self, function: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Return a future that is done."""
        future: Future[Result] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 # as in every executor, the caller of result() gets it
            future.set_exception(error)
        return future


class LazyPool(Executor):
    """Processes that start when the first shard is submitted, and serve until shutdown."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.pool: Executor | None = None

    def submit(self, function: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Return the future of a call in one of the processes."""
        if self.pool is None:
            from concurrent.futures import ProcessPoolExecutor

            # Forked workers share what is imported already; elsewhere (macOS, Windows) they are spawned.
            method = "fork" if sys.platform == "linux" else "spawn"
            context = multiprocessing.get_context(method)
            self.pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_leave_interrupts)
        return self.pool.submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end."""
        if self.pool is not None:
            self.pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            self.pool = None


def _leave_interrupts() -> None:
    """Let Ctrl-C reach the first process alone, which then ends the others: they have nothing to say of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def available_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def open_executor(jobs: int, scheduler: str = "") -> Iterator[Executor]:
    """Yield the executor for a command: Dask's where a scheduler is named, else processes, else this process alone."""
    if scheduler:
        with _dask_executor(scheduler) as executor:
            yield executor
        return
    executor = LazyPool(jobs) if jobs > 1 else SerialExecutor()
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    executor.shutdown()


@contextmanager
def _dask_executor(scheduler: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        message = "Dask is not installed; run pip install 'gengduo[dask]'"
        raise ConfigError(problem("--scheduler", message)) from None
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        message = f"no scheduler answers at “{scheduler}” ({error}); start one with dask scheduler"
        raise ConfigError(problem("--scheduler", message)) from None
    with client, client.get_executor(pure=False) as executor:
        yield executor


def shards_of(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Return the items in runs of at most `size`, in order."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def run_shards(
    executor: Executor,
    function: Callable[..., Result],
    shards: Iterable[tuple[Any, ...]],
    in_flight: int = 8,
) -> Iterator[Result]:
    """Yield the result of each call, in the order of the shards, with a bounded number of them under way.

    `shards` yields the arguments of each call, and is asked for the next only when there is room: what it makes is
    never all in memory at once. A single shard is worked on here and now: no process starts for a small site.
    """
    coming = iter(shards)
    first = next(coming, None)
    if first is None:
        return
    second = next(coming, None)
    if second is None:
        yield function(*first)
        return
    waiting: deque[Future[Result]] = deque()
    try:
        for arguments in chain((first, second), coming):
            waiting.append(executor.submit(function, *arguments))
            while len(waiting) >= in_flight or (waiting and waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor:
        message = "a worker process was ended from outside (out of memory?); try again with --jobs 1"
        raise StorageError(problem("gengduo", message)) from None
    finally:
        for future in waiting:
            future.cancel()
