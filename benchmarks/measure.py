"""What a command costs: seconds, CPU seconds and the memory of all its processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SAMPLE_SECONDS = 0.1
SETTLE_SECONDS = 0.05
"""Between two commands, so that one's last closing of files is not the other's first second."""


class Cost(NamedTuple):
    """What one run of a command took."""

    seconds: float
    cpu_seconds: float
    """User and system time of the command and every process that it waited for."""


class CommandError(Exception):
    """A measured command failed; its figures would mean nothing."""


def time_command(command: Sequence[str | Path]) -> Cost:
    """Return what the command costs, nothing watching it meanwhile."""
    time.sleep(SETTLE_SECONDS)
    with tempfile.TemporaryFile() as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        require_success(process.returncode, command, told.fileno())
    return Cost(seconds, usage.ru_utime + usage.ru_stime)


def weigh_command(command: Sequence[str | Path]) -> float | None:
    """Return the peak of the memory of all its processes, in bytes, or None where the system does not tell it.

    The proportional set size is summed: what processes share is counted once. Sampling it slows a command down, so a
    run is either timed or weighed.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    peak = 0
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT, start_new_session=True
        )
        while process.poll() is None:
            peak = max(peak, sum(map(read_share, list_session(process.pid))))
            time.sleep(SAMPLE_SECONDS)
        require_success(process.returncode, command, told.fileno())
    return float(peak)


def list_session(leader: int) -> list[int]:
    """Return the processes that the leader started, itself included, however deep."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[3]) == leader:
                members.append(int(entry.name))
    return members


def read_share(process: int) -> int:
    """Return a process's proportional set size in bytes; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_bytes().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:")), 0)


def require_success(code: int, command: Sequence[str | Path], told: int) -> None:
    """Raise CommandError with the last words of a command that failed."""
    if code:
        size = os.fstat(told).st_size
        words = os.pread(told, 2000, max(0, size - 2000)).decode("utf-8", "replace")
        raise CommandError(f"exit {code} of {' '.join(map(str, command))}\n{words}")


def available_memory() -> int:
    """Return how many bytes can be had without swapping."""
    if (meminfo := Path("/proc/meminfo")).exists():
        for line in meminfo.read_text("utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")


def describe_machine() -> str:
    """Return the machine in a line: processor, cores, memory, system, Python."""
    model = ""
    if (cpuinfo := Path("/proc/cpuinfo")).exists():
        lines = cpuinfo.read_text("utf-8", "replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = ".".join(map(str, sys.version_info[:3]))
    system = os.uname()
    return f"{model or system.machine}, {os.cpu_count()} cores, {memory:.0f} GiB, {system.sysname}, Python {python}"
