"""A build on a cluster, in a process of its own, that kills one of the workers while it has work in hand.

    python killing_build.py SITE HOST:PORT SHARDS

The worker goes, by SIGKILL, when so many shards were sent; its process id is printed.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from gengduo.cluster import ClusterExecutor, open_cluster
from gengduo.pipeline import Job, build


class Killer:
    """Passes shards on, and ends a worker on the way."""

    def __init__(self, executor: ClusterExecutor, shards: int) -> None:
        self.executor = executor
        self.left = shards

    @property
    def width(self) -> int:
        return self.executor.width

    def submit(self, function: Any, /, *args: Any) -> Any:
        future = self.executor.submit(function, *args)
        self.left -= 1
        if self.left == 0:
            self.kill(self.executor._client)
        return future

    def kill(self, client: Any) -> None:
        pids = client.run(os.getpid)
        while not (busy := [worker for worker, shards in client.processing().items() if shards]):
            time.sleep(0.005)
        os.kill(pids[busy[0]], signal.SIGKILL)
        sys.stdout.write(f"{pids[busy[0]]}\n")


def main(site: str, scheduler: str, shards: str) -> None:
    job = Job(root=Path(site), output=Path(site) / "public")
    with open_cluster(scheduler, (job.cache, job.output)) as executor:
        killer: Any = Killer(executor, int(shards))
        report, _ = build(job, killer, lambda *_: None)
    assert killer.left <= 0, "the build ended before a worker was killed"
    assert report.written


if __name__ == "__main__":
    main(*sys.argv[1:])
