"""The command line: arguments, exit codes, progress and the printing of errors. Nothing else in the program prints."""

from __future__ import annotations

import argparse
import gc
import io
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from gengduo.errors import Problem
    from gengduo.job import Job
    from gengduo.model import BuildReport, ImportReport

COMMANDS = ("build", "import", "serve", "check", "review", "convert", "new", "init")
MISSING_ADVICE = "run “make site”, or “uv run build.py”, or “python3 -m venv .venv && .venv/bin/pip install .”"
EXIT_STORAGE, EXIT_USAGE, EXIT_CONTENT = 4, 2, 1
NOTHING_BUILT: dict[str, Any] = {
    **dict.fromkeys(("articles", "briefs"), 0),
    "editions": (),
    **dict.fromkeys(("pages", "written", "unchanged", "removed"), 0),
    "seconds": 0.0,
}
"""The fields of a report whose build ended in an error."""
PROGRESS_AFTER = 1.0
"""Seconds of work after which a terminal shows how far it is."""
SHOWN_ON_TERMINAL = 100
"""Findings of a review; a pipe gets all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code (0 done, 1 content, 2 usage, 3 locked, 4 storage, 130/143 interrupted)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not any(argument in COMMANDS for argument in given[:1]) and not _asks_for_help(given):
        given.insert(0, "build")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr: a path in Han must not end a build with an error
    options = _parser().parse_args(given)
    os.umask(0o022)
    gc.set_threshold(50_000, 20, 50)  # values hold no circles: looking for some after each 700 costs a tenth of a build
    try:
        _load(options.command)
        return _run(options)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "gengduo":
            raise
        _say(f"gengduo: the library “{error.name}” is not installed; {MISSING_ADVICE}")
        return EXIT_USAGE
    except KeyboardInterrupt:
        _say("gengduo: interrupted; the next build will be right")
        return 130


def _asks_for_help(given: Sequence[str]) -> bool:
    return bool(given) and given[0] in ("-h", "--help", "--version")


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
    from gengduo.errors import SiteError

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
        _print_problems(error.problems)
        if options.json:
            _print_json(
                (NOTHING_BUILT if options.command == "build" else {}) | {"warnings": [], "errors": error.problems}
            )
        return error.exit_code
    except OSError as error:
        _say(f"{error.filename or 'gengduo'}: {error.strerror or error}; check the disk and the rights to use it")
        return EXIT_STORAGE


# ------------------------------------------------------------------------------------------------------ commands


def _build(options: argparse.Namespace) -> int:
    from gengduo.pipeline import build

    job = _job(options)
    with _executor(options, job) as executor, _progress(options) as progress:
        report, imported = build(job, executor, progress)
    _print_problems(report.errors)
    _print_problems(report.warnings, "warning: ")
    if options.json:
        _print_json(_report_fields(report))
    elif not options.quiet:
        _print_import(imported)
        print(_summary(report, job.output))
    return EXIT_CONTENT if report.errors or (options.strict and report.warnings) else 0


def _import(options: argparse.Namespace) -> int:
    from gengduo.pipeline import ingest

    job = _job(options)
    with _executor(options, job) as executor, _progress(options) as progress:
        report = ingest(job, executor, progress)
    _print_problems(report.errors)
    _print_problems(report.warnings, "warning: ")
    if options.json:
        counts = {"created": report.created, "updated": report.updated, "waiting": report.waiting}
        _print_json(counts | {"unchanged": report.unchanged, "warnings": report.warnings, "errors": report.errors})
    elif not options.quiet:
        _print_import(report)
        if not report.created and not report.updated:
            print(f"Nothing to import: {report.unchanged} seeds are as they were.")
    failed = report.errors or report.waiting or (options.strict and report.warnings)
    return EXIT_CONTENT if failed else 0


def _serve(options: argparse.Namespace) -> int:
    from gengduo.errors import ConfigError, problem
    from gengduo.serve import serve

    if options.scheduler:
        raise ConfigError(problem("--scheduler", "a preview is built on this machine; leave this option out"))
    return serve(_job(options), options.host, options.port, _jobs(options), _say)


def _check(options: argparse.Namespace) -> int:
    from gengduo.check import check_site
    from gengduo.config import NAME, load_config

    job = _job(options)
    config = load_config(job.root / NAME, options.base_url)
    report = check_site(job.output, config, _jobs(options))
    _print_problems(report.errors)
    _print_problems(report.warnings, "warning: ")
    if options.json:
        _print_json(
            {"files": report.files, "links": report.links, "warnings": report.warnings, "errors": report.errors}
        )
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
    with _executor(options, job) as executor, _progress(options) as progress:
        if options.accept:
            done = take(job, options.accept, executor, progress)
        if not options.accept or options.html or options.json:
            report = review(job, executor, progress)
    if options.html:
        write_html(report, Path(options.html).absolute(), options.limit)
        done.append(f"{options.html}: {len(report.findings)} findings, worst first")
    if options.json:
        _print_json(report_fields(report, options.limit) | {"done": done})
    elif done:
        print("\n".join(done))
    elif not options.quiet:
        limit = options.limit or (SHOWN_ON_TERMINAL if sys.stdout.isatty() else None)
        print("\n".join(render_lines(report, limit)))
    return 0


def _convert(options: argparse.Namespace) -> int:
    import msgspec

    from gengduo.config import NAME, load_config
    from gengduo.editions import Converter, convert_lines, load_glossary
    from gengduo.errors import ConfigError, problem
    from gengduo.model import EditionSpec

    root = _root(options)
    glossary = load_glossary(root / "content" / "glossary.toml")
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
        place = options.file or "standard input"
        raise ConfigError(problem(place, f"byte {error.start} is not UTF-8; convert the text to UTF-8 first")) from None
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr] # a text stream, as main() needs
    sys.stdout.write("\n".join(convert_lines(lines, Converter(edition, glossary))))
    return 0


def _new(options: argparse.Namespace) -> int:
    from gengduo.scaffold import new_page

    path = new_page(_root(options), options.title, options.date)
    if options.json:
        _print_json({"created": [path]})
    elif not options.quiet:
        print(f"Made {path}; write its text below the second line “---”.")
    return 0


def _init(options: argparse.Namespace) -> int:
    from gengduo.scaffold import new_site

    files = new_site(Path(options.folder).absolute())
    if options.json:
        _print_json({"created": files})
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


# ------------------------------------------------------------------------------------------------------ arguments


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


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must lie between 0 and 65535")
    return number


def _common(builds: bool) -> argparse.ArgumentParser:
    """Return the options of every command; the help of one that builds nothing leaves out what only builds heed."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--site", metavar="DIR", help="folder of the site (default: build.py's, or this)")
    common.add_argument("--output", metavar="DIR", help="where the site goes (default: public/)")
    common.add_argument("--base-url", metavar="URL", help="address of the site, not that in site.toml")

    def build_option(name: str, text: str, **form: Any) -> None:
        common.add_argument(name, help=text if builds else argparse.SUPPRESS, **form)

    build_option("--jobs", "processes (default: one a processor)", metavar="N", type=_positive)
    build_option("--scheduler", "let a Dask cluster do the work", metavar="HOST:PORT", default="")
    build_option("--clean", "ignore the cache", action="store_true")
    build_option("--no-import", "leave seeds/ alone", action="store_true")
    build_option("--drafts", "publish drafts as well", action="store_true")
    common.add_argument("--strict", action="store_true", help="warnings count as errors")
    common.add_argument("--json", action="store_true", help="a machine-readable report on standard output")
    common.add_argument("--quiet", action="store_true", help="print errors and warnings only")
    return common


def _help_form(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, max_help_position=27)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Turn a folder of Chinese news texts into a bilingual static newspaper.",
        epilog="Without a command: build. Each command has its own --help.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str, example: str, arguments: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=text,
            usage=f"build.py {name} [OPTION]… {arguments}".rstrip(),
            description=text[0].upper() + text[1:] + ".",
            epilog=f"Example: {example}",
            parents=[_common(name in ("build", "import", "serve"))],
            formatter_class=_help_form,
        )

    command(
        "build",
        "import what is new, then render what changed",
        "python build.py --base-url https://me.github.io/paper/",
    )
    importer = command(
        "import", "turn seeds into pages of content/, and nothing else", "python build.py import seeds/a.txt", "[SEED…]"
    )
    importer.add_argument("seeds", nargs="*", metavar="SEED", help="only these seeds (default: all)")
    server = command("serve", "preview with live reload", "python build.py serve --port 8000")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    server.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000; 0: any free one)")
    command("check", "audit the built site: links, references, editions", "python build.py check")
    reviewer = command(
        "review", "list what an editor should look at, worst first", "python build.py review --accept 3fa2cq7d=寮國"
    )
    reviewer.add_argument("--html", metavar="FILE", help="write the list as a page by itself")
    reviewer.add_argument(
        "--accept", nargs="+", action="extend", metavar="ID", help="take these findings as they are; ID=TEXT: so"
    )
    reviewer.add_argument("--limit", type=_positive, metavar="N", help="show N findings (on a terminal: 100)")
    converter = command(
        "convert", "convert text by the site's glossary", "python build.py convert --edition zh-hant < a.txt", "[FILE]"
    )
    converter.add_argument("--edition", required=True, metavar="NAME", help="zh-hant or zh-hans")
    converter.add_argument("--region", choices=("neutral", "tw", "hk"), help="whose words and glyphs")
    converter.add_argument("file", nargs="?", metavar="FILE", help="text to convert (default: standard input)")
    writer = command("new", "make an empty page", "python build.py new 外事工作会议闭幕 --date 2018-08-12", "TITLE")
    writer.add_argument("title", metavar="TITLE", help="headline of the story, in quotes where it has spaces")
    writer.add_argument("--date", metavar="EDTF", default="", help="day of the story (default: left out)")
    starter = command("init", "lay out a new site with the default theme", "python build.py init ~/paper", "DIR")
    starter.add_argument("folder", metavar="DIR", help="a folder that is new or empty")
    return parser


def _version() -> str:
    from gengduo import __version__

    return f"gengduo {__version__}"


# ------------------------------------------------------------------------------------------------------ printing


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _print_problems(problems: Sequence[Problem], mark: str = "") -> None:
    for found in problems:
        position, _, message = str(found).partition(": ")
        _say(f"{position}: {mark}{message}")


def _print_import(report: ImportReport) -> None:
    for verb, paths in (("Imported", report.created), ("Updated", report.updated)):
        if len(paths) > 8:
            print(f"{verb} {len(paths)} pages.")
        else:
            for path in paths:
                print(f"{verb} {path}")


def _summary(report: BuildReport, output: Path) -> str:
    shown = os.path.relpath(output)
    stories = f"{report.articles} articles and {report.briefs} briefs in {len(report.editions)} editions"
    if not report.written and not report.removed:
        return (
            f"Nothing changed: {report.pages} pages of {stories} in {shown}/ are up to date ({report.seconds:.2f} s)."
        )
    changes = f"{report.written} files written, {report.unchanged} unchanged, {report.removed} removed"
    return f"Built {stories}: {report.pages} pages in {shown}/; {changes} ({report.seconds:.2f} s)."


def _report_fields(report: BuildReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__struct_fields__}


def _print_json(fields: dict[str, Any]) -> None:
    import json

    def plain(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return value

    shown = {key: plain(value) for key, value in fields.items() if key not in ("warnings", "errors")}
    for key in ("warnings", "errors"):
        shown[key] = [
            {
                "path": found.position.path,
                "line": found.position.line,
                "column": found.position.column,
                "message": found.message,
            }
            for found in fields.get(key, ())
        ]
    # Han stay as they are wherever the stream can hold them; elsewhere JSON's own escapes say the same.
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(shown, ensure_ascii=not is_utf8))


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that shows how far a step is: a bar on a terminal after a second of work, nothing elsewhere."""
    if options.quiet or options.json or not sys.stderr.isatty():
        yield lambda step, done, total: None  # noqa: ARG005 # the form of a progress function
        return
    started = time.monotonic()
    bar: Any = None
    tasks: dict[str, Any] = {}

    def show(step: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            if time.monotonic() - started < PROGRESS_AFTER:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            bar.start()
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done, total=total)
        bar.refresh()

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()
