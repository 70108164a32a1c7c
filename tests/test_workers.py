"""Executors: the same results in the same order, whoever does the work; failures that can be read."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from threading import Timer
from typing import Any

import pytest

from gengduo.errors import ContentError, StorageError, problem
from gengduo.workers import LazyPool, SerialExecutor, open_executor, run_shards, shards_of


def double(number: int) -> int:
    return 2 * number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ContentError(problem("content/a.md", "wrong; mend it", 3, 1))
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_results_come_in_the_order_of_the_shards(jobs: int, count: int) -> None:
    with open_executor(jobs) as executor:
        found = list(run_shards(executor, double, ((number,) for number in range(count))))
    assert found == [2 * number for number in range(count)]


def test_only_some_are_under_way_at_once() -> None:
    asked: list[int] = []

    def arguments() -> Iterator[tuple[int]]:
        for number in range(50):
            asked.append(number)
            yield (number,)

    results = run_shards(SerialExecutor(), double, arguments())
    next(results)
    assert len(asked) < 12


def test_a_single_shard_starts_no_process() -> None:
    with open_executor(2) as executor:
        assert list(run_shards(executor, double, [(1,)])) == [2]
        assert isinstance(executor, LazyPool)
        assert executor.pool is None


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_keeps_its_place_on_the_way_from_a_worker(jobs: int) -> None:
    with open_executor(jobs) as executor, pytest.raises(ContentError, match=r"^content/a\.md:3:1: wrong; mend it$"):
        list(run_shards(executor, fail_at_three, ((number,) for number in range(6))))


def test_a_worker_that_is_killed_is_told_in_a_line() -> None:
    with open_executor(2) as executor, pytest.raises(StorageError, match="a worker process was ended") as caught:
        list(run_shards(executor, die, ((number,) for number in range(6))))
    assert caught.value.exit_code == 4


class Slow(Executor):
    """Does a call when its result is asked for; `most` is how many were under way at once."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.waiting = self.most = 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        slow = self

        class Lazy(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:  # noqa: ARG002 # the form of a future
                slow.waiting -= 1
                return function(*args, **kwargs)

        self.waiting += 1
        self.most = max(self.most, self.waiting)
        return Lazy()


@pytest.mark.parametrize("width", [1, 2, 20])
def test_every_worker_has_another_shard_at_hand(width: int) -> None:
    executor = Slow(width)
    assert list(run_shards(executor, double, ((number,) for number in range(100)))) == list(range(0, 200, 2))
    assert max(8, 2 * width) <= executor.most <= max(8, 3 * width)


def test_an_error_is_told_when_the_shards_in_work_have_ended() -> None:
    class Pair(Executor):
        def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            del function, kwargs
            future: Future[Any] = Future()
            future.set_running_or_notify_cancel()
            if args == (0,):
                future.set_exception(ContentError(problem("content/a.md", "wrong; mend it")))
            else:
                Timer(0.05, lambda: future.set_result(ended.append(args))).start()
            return future

    ended: list[Any] = []
    with pytest.raises(ContentError):
        list(run_shards(Pair(), double, [(0,), (1,)]))
    assert ended == []  # it was known before the second shard was sent
    with pytest.raises(ContentError):
        list(run_shards(Pair(), double, [(1,), (0,), (2,)]))
    assert sorted(ended) == [(1,), (2,)]


def test_shards_hold_all_items_in_order() -> None:
    assert shards_of(range(5), 2) == [range(2), range(2, 4), range(4, 5)]
    assert shards_of([], 2) == []
