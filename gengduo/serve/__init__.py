"""The preview: builds, serves what was built, follows every change, and reloads the browsers that look at it.

The pages lie in `.cache/preview/`, not in `public/`: what is published comes from `build` alone, and a preview with
drafts never mixes with it. Addresses are those of the configured base URL; only its path counts here.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from socket import gaierror, socket

import msgspec
from tornado.netutil import bind_sockets

from gengduo.cache import Cache, Memory
from gengduo.config import NAME, load_config
from gengduo.errors import ConfigError, Problem, StorageError, problem
from gengduo.job import FOLDERS, Job, Survey, survey
from gengduo.output import PREVIEW, check_output, is_ours
from gengduo.serve.door import Door, raise_file_limit
from gengduo.serve.preview import Preview
from gengduo.serve.rebuilding import Outcome, hindered, rebuild
from gengduo.serve.watching import Watch
from gengduo.serve.web import application
from gengduo.workers import open_executor

__all__ = ["serve"]

Say = Callable[[str], None]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BACKLOG = 1024
PAUSE = 1.0
"""Seconds between two looks at the site's files, where no change was told; with very many files, more."""
SETTLING = 0.15
"""Seconds in which a change is told that a look found first: more than `watching.STEP_MS`."""
PATIENCE = 1.0
"""Seconds after which a build begins even where changes go on."""
LOOKING = 0.05
"""Share of the time that such looks may take."""
BODY_TIMEOUT = 30.0
IDLE_TIMEOUT = 60.0
FAREWELL = 2.0
"""Seconds that open connections have to end when the server does."""
HEADER_LIMIT = 2 * 1024 * 1024
"""Bytes that are read of a request's head, so that one that is too long gets an answer and not just a closed door."""
BODY_LIMIT = 1 << 50
"""A body is never kept; it is read and dropped until the time is up."""


def serve(job: Job, host: str, port: int, jobs: int, say: Say) -> int:
    """Build, then serve until a signal ends it, and return 130 (Ctrl-C) or 143; port 0 takes any that is free.

    Raises ConfigError or LockedError where the first build cannot even begin; every other error is shown, in the
    browser as well, until it is mended.
    """
    config = load_config(job.root / NAME, job.base_url)
    if job.output == job.root / "public":
        job = msgspec.structs.replace(job, output=job.root / PREVIEW)
    check_output(job.output, job.root)
    for door in _listen(host, port):  # to be told now, not after a long build
        door.close()
    with open_executor(jobs) as executor:
        memory, found = Memory(), survey(job)
        outcome = rebuild(job, config, executor, memory, found, wait=False)
        Cache(job.cache, memory).write_down()
        job = msgspec.structs.replace(job, clean=False)
        if jobs > 1:
            executor.submit(os.getpid).result()  # processes start here, where no thread and no socket is yet
        preview = Preview(job.output, config, outcome)
        _tell(outcome, (), say)
        try:
            asyncio.run(_run(job, preview, found, memory, _listen(host, port), host, executor, say))
        except KeyboardInterrupt:
            say("Stopped.")
        except asyncio.CancelledError:
            return 128 + signal.SIGTERM
    return 128 + signal.SIGINT


def _listen(host: str, port: int) -> list[socket]:
    """Return the open doors. Raises ConfigError for an address that is not ours, StorageError for one that is taken."""
    try:
        return bind_sockets(port, address=host, backlog=BACKLOG)
    except (gaierror, UnicodeError):
        raise ConfigError(problem("--host", f"“{host}” is no address; use 127.0.0.1")) from None
    except OSError as error:
        message = f"cannot listen on port {port} of “{host}” ({error.strerror}); name another with --port"
        raise StorageError(problem("--port", message)) from None


async def _run(
    job: Job,
    preview: Preview,
    before: Survey,
    memory: Memory,
    doors: list[socket],
    host: str,
    executor: Executor,
    say: Say,
) -> None:
    server = Door(
        application(preview, host),
        limit=raise_file_limit(),
        max_header_size=HEADER_LIMIT,
        max_body_size=BODY_LIMIT,
        body_timeout=BODY_TIMEOUT,
        idle_connection_timeout=IDLE_TIMEOUT,
    )
    server.add_sockets(doors)
    _end_in_order()
    try:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{doors[0].getsockname()[1]}"
        if host not in LOOPBACK:
            say(f"warning: whoever reaches this machine as “{host}” can read the preview; 127.0.0.1 is for you alone")
        say(f"Serving {address}{preview.base_path} (Ctrl-C stops)")
        await _follow(job, preview, before, memory, executor, say)
    finally:
        server.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await server.close_all_connections()


def _end_in_order() -> None:
    """Let SIGTERM end this task between two steps, as asyncio does it with Ctrl-C: never in the middle of one."""
    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


async def _follow(
    job: Job, preview: Preview, before: Survey | None, memory: Memory, executor: Executor, say: Say
) -> None:
    """Rebuild after every change, one build at a time, and tell the browsers; the loop stays free for them."""
    loop = asyncio.get_running_loop()
    watch = Watch(job.root, FOLDERS)
    pause = PAUSE
    try:
        while True:
            touched = await watch.wait(pause)
            started = loop.time()
            try:
                if before is None or not touched or "" in touched:
                    found = await asyncio.to_thread(survey, job)
                    pause = max(PAUSE, (loop.time() - started) / LOOKING)
                else:  # the others are looked at when nothing was told
                    found = await asyncio.to_thread(survey, job, [name for name in FOLDERS if name in touched], before)
                # Somebody may have emptied the cache, in which the pages lie.
                if _is_same(found, before) and (preview.is_stale or is_ours(job.output)):
                    continue
                if not touched:
                    found = await _settled(job, watch, found)
            except OSError as error:
                outcome = hindered(job, error)
            else:
                before = found
                outcome = await asyncio.to_thread(_rebuild_anew, job, executor, memory, found)
            if outcome.is_hindered:
                before, pause = None, max(PAUSE, (loop.time() - started) / LOOKING)
            if preview.is_news(outcome):
                _tell(outcome, preview.warnings, say)
                await preview.show(outcome)
            await asyncio.to_thread(Cache(job.cache, memory).write_down)
    finally:
        watch.close()


async def _settled(job: Job, watch: Watch, found: Survey) -> Survey:
    """Return what the folders hold when they have come to rest: a look may come in the middle of a save."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while loop.time() < end:
        touched = await watch.wait(SETTLING)
        later = await asyncio.to_thread(survey, job)
        if touched or _is_same(later, found):
            return later
        found = later
    return found


def _is_same(found: Survey, before: Survey | None) -> bool:
    return before is not None and all(look.name == before.looks[folder].name for folder, look in found.looks.items())


def _rebuild_anew(job: Job, executor: Executor, memory: Memory, found: Survey) -> Outcome:
    try:
        config = load_config(job.root / NAME, job.base_url)
    except ConfigError as error:
        return Outcome(problems=tuple(error.problems))
    except OSError as error:
        return hindered(job, error)
    return rebuild(job, config, executor, memory, found, wait=True)


def _tell(outcome: Outcome, told: tuple[Problem, ...], say: Say) -> None:
    for found in outcome.problems:
        say(str(found))
    for found in outcome.warnings:
        if found not in told:
            say(f"{found.position}: warning: {str(found).partition(': ')[2]}")
    say(outcome.summary)
