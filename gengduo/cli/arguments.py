"""What a command line may say."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from gengduo import __version__
from gengduo.errors import ConfigError, did_you_mean, problem

COMMANDS = ("build", "import", "serve", "check", "review", "convert", "new", "init")
MOST_JOBS = 512
"""Processes; they all start at once, and a slip of the finger must not take the machine down."""


class _ArgumentParser(argparse.ArgumentParser):
    """Tells what is wrong as every other error of the program is told."""

    def error(self, message: str) -> NoReturn:
        """Raise ConfigError with what argparse found."""
        named = re.fullmatch(r"argument ([^ :/]+)[^:]*: (.*)", message, re.DOTALL)
        place, what = named.groups() if named else (self.prog, message)
        what = re.sub(r"'([^']*)'", r"“\1”", what)
        raise ConfigError(problem(place, f"{what}; see {self.prog} --help"))


def parse_arguments(given: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says; without a command: build. Raises ConfigError where it says nothing known."""
    first = given[0] if given else ""
    if not first.startswith("-") and first not in (*COMMANDS, ""):
        advice = did_you_mean(first, COMMANDS) or f"; use one of {', '.join(COMMANDS)}"
        raise ConfigError(problem("build.py", f"there is no command “{first}”{advice}"))
    if first not in (*COMMANDS, "-h", "--help", "--version"):
        given = ["build", *given]
    options, left = _parser().parse_known_args(given)
    for word in left:
        known = [f"--{name.replace('_', '-')}" for name in vars(options)]
        advice = did_you_mean(word, known) or f"; see build.py {options.command} --help"
        if word in COMMANDS:
            advice = "; write the command first, and its options after it"
        raise ConfigError(problem("build.py", f"“{word}” has no meaning here{advice}"))
    return options


def _number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number that lies between two others."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"“{text}” is no whole number from {least} to {most}")
        return int(text)

    return read


def _common(command: str) -> _ArgumentParser:
    """Return the options of every command; its help names those that it heeds."""
    common = _ArgumentParser(add_help=False)

    def option(name: str, text: str, commands: Sequence[str] = COMMANDS, **form: Any) -> None:
        common.add_argument(name, help=text if command in commands else argparse.SUPPRESS, **form)

    def switch(name: str, text: str, commands: Sequence[str]) -> None:
        option(name, text, commands, action="store_true")

    option("--site", "folder of the site (default: build.py's, or this)", metavar="DIR")
    place = ".cache/preview/" if command == "serve" else "public/"
    option("--output", f"where the site goes (default: {place})", ("build", "serve", "check"), metavar="DIR")
    option("--base-url", "address of the site, not that in site.toml", ("build", "serve", "check"), metavar="URL")
    working = ("build", "import", "serve", "check", "review")
    jobs = _number(1, MOST_JOBS)
    option("--jobs", "processes (default: one a processor)", working, metavar="N", type=jobs)
    far = ("build", "import", "review")
    option("--scheduler", "let a Dask cluster do the work", far, metavar="HOST:PORT", default="")
    switch("--clean", "ignore the cache", ("build", "import", "serve"))
    switch("--no-import", "leave seeds/ alone", ("build", "serve"))
    switch("--drafts", "publish drafts as well", ("build", "serve", "review"))
    switch("--strict", "warnings count as errors", ("build", "import", "check"))
    told = [name for name in COMMANDS if name != "serve"]
    switch("--json", "a machine-readable report on standard output", told)
    switch("--quiet", "print errors and warnings only", told)
    return common


def _help_form(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, max_help_position=27)


def _parser() -> argparse.ArgumentParser:
    parser = _ArgumentParser(
        prog="build.py",
        description="Turn a folder of Chinese news texts into a bilingual static newspaper.",
        epilog="Without a command: build. Each command has its own --help.",
    )
    parser.add_argument("--version", action="version", version=f"gengduo {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str, example: str, arguments: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=text,
            usage=f"build.py {name} [OPTION]… {arguments}".rstrip(),
            description=text[0].upper() + text[1:] + ".",
            epilog=f"Example: {example}",
            parents=[_common(name)],
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
    server.add_argument(
        "--port", type=_number(0, 65535), default=8000, help="port to listen on (default: 8000; 0: any free one)"
    )
    command("check", "audit the built site: links, references, editions", "python build.py check")
    reviewer = command(
        "review", "list what an editor should look at, worst first", "python build.py review --accept 3fa2cq7d=寮國"
    )
    reviewer.add_argument("--html", metavar="FILE", help="write the list as a page by itself")
    reviewer.add_argument(
        "--accept", nargs="+", action="extend", metavar="ID", help="take these findings as they are; ID=TEXT: so"
    )
    reviewer.add_argument("--limit", type=_number(1, 10**9), metavar="N", help="show N findings (on a terminal: 100)")
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
