"""What an archive costs as it grows: CPU of the first process and of its workers, memory, bytes and files.

    python benchmarks/scale.py DIR [--counts 2000 10000] [--jobs 2]

DIR should lie in memory (/dev/shm). The table is that of docs/scale.md. CPU seconds count, so that a busy machine
changes little; a build is that from seeds, with nothing there before, and then the same with one page edited.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sites import PROJECT, lay_out_site

BUILD = """
import json, resource, sys
sys.path.insert(0, sys.argv.pop(1))
from gengduo.cli import main
if main(sys.argv[1:]):
    raise SystemExit("the build failed")
own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
seconds = [who.ru_utime + who.ru_stime for who in (own, workers)]
print(json.dumps(seconds + [who.ru_maxrss * 1024 for who in (own, workers)]))
"""
ROWS = (
    "stories",
    "pages",
    "files",
    "output MB",
    "gzip MB",
    "content MB",
    "cache MB",
    "first process CPU s",
    "workers CPU s",
    "first process MB",
    "largest worker MB",
    "one edit CPU s",
)
GZIP_EACH = 50
"""One file of so many is compressed, to tell how small all would be."""


def run_build(site: Path, jobs: int) -> tuple[list[float], dict[str, int]]:
    """Return the CPU seconds and peak bytes of the first process and its workers (of the largest), and the report."""
    command = [sys.executable, "-c", BUILD, str(PROJECT), "build", "--site", str(site), "--jobs", str(jobs), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    report, costs = done.stdout.splitlines()
    return json.loads(costs), json.loads(report)


def size_of(folder: Path) -> tuple[int, int]:
    """Return the number of files below a folder, and their bytes."""
    sizes = [path.stat().st_size for path in files_of(folder)]
    return len(sizes), sum(sizes)


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder."""
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)


def gzipped_size(folder: Path) -> float:
    """Return what the files would take, each compressed by itself, as hosts send them."""
    import gzip

    sample = sorted(files_of(folder))[::GZIP_EACH]
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in sample) * GZIP_EACH


def measure(folder: Path, count: int, jobs: int) -> list[float]:
    """Return a column of the table."""
    site = folder / f"site-{count}"
    lay_out_site(site, count)
    (own, workers, *peaks), report = run_build(site, jobs)
    page = next((site / "content").glob("*.md"))
    page.write_text(page.read_text("utf-8") + "\n编辑补充一句。\n", "utf-8")
    edit = sum(run_build(site, jobs)[0][:2])
    files, output = size_of(site / "public")
    _, content = size_of(site / "content")
    _, cache = size_of(site / ".cache")
    mega = [size / 1e6 for size in (output, gzipped_size(site / "public"), content, cache)]
    return [count, report["pages"], files, *mega, own, workers, *(peak / 1e6 for peak in peaks), edit]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, with what each thousand stories add in the last column."""
    parser = argparse.ArgumentParser(description="Tell what an archive costs as it grows.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--counts", type=int, nargs="+", default=[2000, 10000], help="stories (default: 2000 10000)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    options = parser.parse_args(arguments)
    columns = [measure(options.folder, count, options.jobs) for count in options.counts]
    first, last = columns[0], columns[-1]
    print(f"| | {' | '.join(f'{column[0]:,.0f}' for column in columns)} | each 1,000 more |")
    print("|---" * (len(columns) + 2) + "|")
    for number, name in list(enumerate(ROWS))[1:]:
        more = (last[number] - first[number]) / (last[0] - first[0]) * 1000 if last is not first else 0
        print(f"| {name} | {' | '.join(f'{column[number]:,.1f}' for column in columns)} | {more:,.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
