"""The command line: arguments, exit codes, progress and the printing of errors. Nothing else in the program prints."""

from __future__ import annotations

import argparse
import gc
import io
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from gengduo.cli.arguments import COMMANDS as COMMANDS
from gengduo.cli.arguments import parse_arguments
from gengduo.cli.printing import build_fields, build_line, print_import, print_json, print_problems, say, shown_progress
from gengduo.errors import ConfigError, SiteError, problem
from gengduo.places import located

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from gengduo.job import Job
    from gengduo.model import BuildReport, ImportReport

Report = TypeVar("Report", "BuildReport", "ImportReport")

MISSING_ADVICE = "run “make site”, or “uv run build.py”, or “python3 -m venv .venv && .venv/bin/pip install .”"
EXIT_CONTENT, EXIT_USAGE, EXIT_STORAGE = 1, 2, 4
BEGINS_OTHERS = frozenset({"concurrent.futures.process", "distributed", "tornado"})
"""Modules that a command loads which begins processes or threads; Python has to see to their end."""
NOTHING_BUILT: dict[str, Any] = {
    **dict.fromkeys(("articles", "briefs"), 0),
    "editions": (),
    **dict.fromkeys(("pages", "written", "unchanged", "removed"), 0),
    "seconds": 0.0,
}
"""The fields of a report whose build ended in an error."""
SHOWN_ON_TERMINAL = 100
"""Findings of a review; a pipe gets all."""


def run() -> NoReturn:
    """Run the command of this process, and end it.

    Where no other process or thread was begun, it ends at once: to take apart, one by one, the values and dictionaries
    that it holds would cost a tenth of what an edit costs.
    """
    code = main()
    if not BEGINS_OTHERS.isdisjoint(sys.modules):
        sys.exit(code)
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except BrokenPipeError:
        pass  # nobody reads any more
    except OSError:
        code = code or EXIT_STORAGE
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code (0 done, 1 content, 2 usage, 3 locked, 4 storage, 130/143 interrupted)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr: a path in Han must not end a build with an error
    try:
        options = parse_arguments(given)
    except ConfigError as error:
        print_problems(error.problems)
        if "--json" in given:
            print_json({"warnings": [], "errors": error.problems})
        return error.exit_code
    os.umask(0o022)
    gc.set_threshold(
        500_000, 20, 50
    )  # values hold no circles: looking for some after each 700 costs a tenth of a build
    try:
        _load(options.command)
        return _run(options)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "gengduo":
            raise
        say(f"gengduo: the library “{error.name}” is not installed; {MISSING_ADVICE}")
        return EXIT_USAGE
    except KeyboardInterrupt:
        say("gengduo: interrupted; the next build will be right")
        return 130


def _load(command: str) -> None:
    """Import what a command needs.

    A signal ends the process at once meanwhile: nothing is under way, and libraries in C bear no exception then.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    if command in ("build", "import", "serve", "review"):
        import gengduo.pipeline  # noqa: F401 # only loaded here
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminated)


def _leave(signum: int, frame: object) -> NoReturn:  # noqa: ARG001 # the form of a signal handler
    if signum == signal.SIGINT:
        os.write(2, b"gengduo: interrupted; the next build will be right\n")
    os._exit(128 + signum)


def _terminated(signum: int, frame: object) -> NoReturn:  # noqa: ARG001 # the form of a signal handler
    raise SystemExit(128 + signum)


def _run(options: argparse.Namespace) -> int:
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "build": _build,
        "import": _import,
        "serve": _serve,
        "check": _check,
        "review": _review,
        "convert": _convert,
        "new": _new,
        "init": _init,
    }
    try:
        return commands[options.command](options)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 # so that the last flush finds a reader
        return 0
    except SiteError as error:
        problems, code = located(_root(options), error.problems), error.exit_code
    except OSError as error:
        message = f"{error.strerror or error}; check the disk and the rights to use it"
        problems, code = (problem(error.filename or "gengduo", message),), EXIT_STORAGE
    print_problems(problems)
    if options.json:
        with suppress(OSError):  # standard output itself may be what is full
            print_json((NOTHING_BUILT if options.command == "build" else {}) | {"warnings": [], "errors": problems})
    return code


# ------------------------------------------------------------------------------------------------------ commands


def _build(options: argparse.Namespace) -> int:
    from gengduo.pipeline import build

    job = _job(options)
    with _executor(options, job) as executor, shown_progress(options) as progress:
        report, imported = build(job, executor, progress)
    report = _told(job, report)
    print_problems(report.errors)
    print_problems(report.warnings, "warning: ")
    if options.json:
        print_json(build_fields(report))
    elif not options.quiet:
        print_import(imported)
        print(build_line(report, job.output))
    return EXIT_CONTENT if report.errors or (options.strict and report.warnings) else 0


def _told(job: Job, report: Report) -> Report:
    """Return the report with each of its problems at its line and column."""
    import msgspec

    errors, warnings = located(job.root, report.errors), located(job.root, report.warnings)
    return msgspec.structs.replace(report, errors=errors, warnings=warnings)


def _import(options: argparse.Namespace) -> int:
    from gengduo.pipeline import ingest

    job = _job(options)
    with _executor(options, job) as executor, shown_progress(options) as progress:
        report = _told(job, ingest(job, executor, progress))
    print_problems(report.errors)
    print_problems(report.warnings, "warning: ")
    if options.json:
        counts = {"created": report.created, "updated": report.updated, "waiting": report.waiting}
        print_json(counts | {"unchanged": report.unchanged, "warnings": report.warnings, "errors": report.errors})
    elif not options.quiet:
        print_import(report)
        if not report.created and not report.updated:
            print(f"Nothing to import: {report.unchanged} seeds are as they were.")
    failed = report.errors or report.waiting or (options.strict and report.warnings)
    return EXIT_CONTENT if failed else 0


def _serve(options: argparse.Namespace) -> int:
    from gengduo.serve import serve

    if options.scheduler:
        raise ConfigError(problem("--scheduler", "a preview is built on this machine; leave this option out"))
    if options.json:
        raise ConfigError(problem("--json", "a preview makes no report; leave this option out"))
    return serve(_job(options), options.host, options.port, _jobs(options), say)


def _check(options: argparse.Namespace) -> int:
    from gengduo.check import check_site
    from gengduo.config import NAME, load_config

    job = _job(options)
    config = load_config(job.root / NAME, options.base_url)
    report = check_site(job.output, config, _jobs(options))
    print_problems(report.errors)
    print_problems(report.warnings, "warning: ")
    if options.json:
        print_json({"files": report.files, "links": report.links, "warnings": report.warnings, "errors": report.errors})
    elif not options.quiet:
        found = f"{len(report.errors)} errors, {len(report.warnings)} warnings"
        print(f"Checked {report.files} files with {report.links} links in {job.output}: {found}.")
    return EXIT_CONTENT if report.errors or (options.strict and report.warnings) else 0


def _review(options: argparse.Namespace) -> int:
    from gengduo.review import check_place, render_lines, report_fields, review, take, write_html

    job = _job(options)
    done: list[str] = []
    if options.html:
        check_place(job, Path(options.html).absolute())
    with _executor(options, job) as executor, shown_progress(options) as progress:
        if options.accept:
            done = take(job, options.accept, executor, progress)
        if not options.accept or options.html or options.json:
            report = review(job, executor, progress)
    if options.html:
        write_html(report, Path(options.html).absolute(), options.limit)
        done.append(f"{options.html}: {len(report.findings)} findings, worst first")
    if options.json:
        print_json(report_fields(report, options.limit) | {"done": done})
    elif done:
        print("\n".join(done))
    elif not options.quiet:
        limit = options.limit or (SHOWN_ON_TERMINAL if sys.stdout.isatty() else None)
        print("\n".join(render_lines(report, limit)))
    return 0


def _convert(options: argparse.Namespace) -> int:
    import msgspec

    from gengduo.catalogue import load_names
    from gengduo.config import NAME, load_config
    from gengduo.editions import Converter, convert_lines
    from gengduo.model import EditionSpec
    from gengduo.places import not_utf8

    root = _root(options)
    glossary, _ = load_names(root)
    editions = {lang.lower(): EditionSpec(path=lang.lower(), lang=lang, label="") for lang in ("zh-Hans", "zh-Hant")}
    if (root / NAME).exists():
        editions |= {spec.path: spec for spec in load_config(root / NAME).editions if spec.script}
    edition = editions.get(options.edition.lower())
    if edition is None:
        advice = f"there is no edition “{options.edition}”; use {' or '.join(editions)}"
        raise ConfigError(problem("--edition", advice))
    if options.region:
        edition = msgspec.structs.replace(edition, region=options.region)
    named = options.file if options.file != "-" else None
    if named and not Path(named).is_file():
        raise ConfigError(problem(named, "no such file; name a text, or give it on standard input"))
    source = Path(named).read_bytes() if named else sys.stdin.buffer.read()
    try:
        lines = source.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        found = not_utf8(named or "standard input", source, error, "convert the text to UTF-8 first")
        raise ConfigError(found) from None
    converted = convert_lines(lines, Converter(edition, glossary))
    if options.json:
        print_json({"lines": list(converted)})
        return 0
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr] # a text stream, as main() needs
    sys.stdout.write("\n".join(converted))
    return 0


def _new(options: argparse.Namespace) -> int:
    from gengduo.scaffold import new_page

    path = new_page(_root(options), options.title, options.date)
    if options.json:
        print_json({"created": [path]})
    elif not options.quiet:
        print(
            f"Made {path}, a draft: write its text below the second line “---”.\n"
            "“serve --drafts” shows it; take out the line “draft: true” to publish it."
        )
    return 0


def _init(options: argparse.Namespace) -> int:
    from gengduo.scaffold import new_site

    files = new_site(Path(options.folder).absolute())
    if options.json:
        print_json({"created": files})
    elif not options.quiet:
        script = Path(sys.argv[0])
        command = f"python {script}" if script.name == "build.py" else "gengduo"
        print(
            f"Made a site of {len(files)} files in {options.folder}.\n"
            "1. Write its title and address into site.toml.\n"
            "2. Put texts (.txt, UTF-8) into seeds/.\n"
            f"3. Run: {command} serve --site {shlex.quote(options.folder)}"
        )
    return 0


# ------------------------------------------------------------------------------------ what a command is about


def _root(options: argparse.Namespace) -> Path:
    """Return the site's folder: the one named, else that of `build.py`, else the current one."""
    if options.site:
        return Path(options.site).absolute()
    script = Path(sys.argv[0]).absolute()
    if script.name == "build.py" and (script.parent / "site.toml").exists():
        return script.parent
    return Path.cwd()


def _job(options: argparse.Namespace) -> Job:
    from gengduo.job import Job

    root = _root(options)
    output = Path(options.output).absolute() if options.output else root / "public"
    seeds = tuple(_seed_name(root, name) for name in getattr(options, "seeds", ()))
    return Job(
        root=root,
        output=output,
        base_url=options.base_url,
        clean=options.clean,
        drafts=options.drafts,
        with_import=not options.no_import,
        seeds=seeds,
    )


def _seed_name(root: Path, given: str) -> str:
    """Return the path under `seeds/` of a seed that a user named by any path."""
    place = Path(given).absolute()
    folder = root / "seeds"
    return place.relative_to(folder).as_posix() if place.is_relative_to(folder) else given


def _jobs(options: argparse.Namespace) -> int:
    from gengduo.workers import available_cores

    return int(options.jobs) if options.jobs else available_cores()


def _executor(options: argparse.Namespace, job: Job) -> AbstractContextManager[Executor]:
    """Return who does the work: the cluster whose scheduler is named, else the processors of this machine."""
    if options.scheduler:
        from gengduo.cluster import open_cluster

        return open_cluster(options.scheduler, (job.cache, job.output))
    from gengduo.workers import open_executor

    return open_executor(_jobs(options))
