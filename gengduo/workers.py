"""Executors: who does the work of a shard, this process or several (for a cluster see `cluster`).

A shard is a list of items that one call of a pure function works on; single calls would cost more to send than to do.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar

from gengduo.errors import WorkerLostError, problem

Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[str, int, int], None]
"""(step, done, total)"""

IN_FLIGHT = 3
"""Shards under way for each worker: one in work, one at hand, one on its way."""
FEWEST_IN_FLIGHT = 8
"""Enough that one slow shard, whose result is awaited first, holds up no other worker."""


class SerialExecutor(Executor):
    """Does the work here and now."""

    width = 1
    """Workers: shards that are worked on at the same time."""

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
        self.width = jobs
        self.pool: Executor | None = None

    def submit(self, function: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Return the future of a call in one of the processes."""
        if self.pool is None:
            from concurrent.futures import ProcessPoolExecutor

            # Forked workers share what is imported already; elsewhere (macOS, Windows), and where a thread may hold
            # a lock that a fork would copy, they are spawned.
            method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
            context = multiprocessing.get_context(method)
            self.pool = ProcessPoolExecutor(self.width, mp_context=context, initializer=_start_worker)
        return self.pool.submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end."""
        if self.pool is not None:
            self.pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            self.pool = None


def _start_worker() -> None:
    """Let Ctrl-C reach the first process alone, which then ends the others; where it was killed, end with it.

    In a process group of its own no worker dies of what a terminal or a supervisor sends to the whole build: a pool
    that lost one while it is shut down may wait for ever.
    """
    gc.freeze()  # what the first process had loaded is not looked through again for circles
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_first, daemon=True).start()


def _end_with_first() -> None:
    """Wait for the end of the first process: a worker would wait for its next shard for ever."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def available_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def open_executor(jobs: int) -> Iterator[Executor]:
    """Yield the executor for a command on this machine: processes, or this process alone."""
    executor = LazyPool(jobs) if jobs > 1 else SerialExecutor()
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    executor.shutdown()


def shards_of(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Return the items in runs of at most `size`, in order."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def run_shards(
    executor: Executor, function: Callable[..., Result], shards: Iterable[tuple[Any, ...]]
) -> Generator[Result, None, None]:
    """Yield the result of each call, in the order of the shards, with a number of them under way that fits the workers.

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
            while len(waiting) >= _most_in_flight(executor) or (waiting and waiting[0].done()):
                yield waiting[0].result()
                waiting.popleft()
        while waiting:
            yield waiting[0].result()
            waiting.popleft()
    except BrokenExecutor:
        message = "a worker process was ended from outside (out of memory?); try again with --jobs 1"
        raise WorkerLostError(problem("gengduo", message)) from None
    finally:
        # A shard in work writes to the stage: nobody clears that before it has ended.
        wait([future for future in waiting if not future.cancel()])


def _most_in_flight(executor: Executor) -> int:
    """Return how many shards may be under way; asked again and again, since a cluster grows and shrinks."""
    return max(FEWEST_IN_FLIGHT, IN_FLIGHT * getattr(executor, "width", 1))
