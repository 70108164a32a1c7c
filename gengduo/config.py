"""`site.toml`, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gengduo.errors import ConfigError, Problem, did_you_mean, problem
from gengduo.model import EditionSpec, SiteConfig

NAME = "site.toml"
REGIONS = ("neutral", "tw", "hk")
SITE_KEYS: Mapping[str, type] = {
    "title": str,
    "description": str,
    "base_url": str,
    "page_size": int,
    "footer": str,
    "editions": list,
    "seeds": dict,
}
EDITION_KEYS: Mapping[str, type] = {"path": str, "lang": str, "label": str, "region": str}
SEED_KEYS: Mapping[str, type] = {"encoding": dict}
TYPE_WORDS = {str: "a text in quotes", int: "a whole number", list: "a list of tables", dict: "a table"}
BASE_URL = re.compile(r"https?://[^/\s?#@\"'<>&]+(/[A-Za-z0-9._~%/-]*)?")
EDITION_PATH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
RESERVED_PATHS = frozenset({"static", "index", "404"})


def load_config(path: Path, base_url: str | None = None) -> SiteConfig:
    """Return the configuration of the site; `base_url` replaces the one in the file.

    Raises ConfigError with every problem of the file, each at its line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        advice = "no such file; run the command in the folder of a site, or name it with --site"
        raise ConfigError(problem(path, advice)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(problem(NAME, f"byte {error.start} is not UTF-8; save the file as UTF-8")) from None
    return parse_config(text, base_url)


def parse_config(text: str, base_url: str | None = None) -> SiteConfig:
    """Return the configuration that the text of a `site.toml` states."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(toml_problem(NAME, error)) from None
    checker = _Checker(text)
    config = checker.site(table, base_url)
    if config is None or checker.problems:
        raise ConfigError(checker.problems)
    return config


def toml_problem(path: str, error: Exception) -> Problem:
    """Return what tomllib found, at its place; beside its own error it raises ValueError and RecursionError."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    message = re.sub(r" \(at .*\)$", "", str(error))
    line, column = (int(found[1]), int(found[2])) if found else (0, 0)
    return problem(path, f"not valid TOML: {message}; mend this line", line, column)


def line_of_key(text: str, key: str, occurrence: int = 0) -> int:
    """Return the line on which a key or a table of a TOML text stands for the n-th time, 0 when it is not found."""
    pattern = re.compile(rf"""^\s*(\[+\s*)?["']?{re.escape(key)}["']?\s*(=|\])""", re.MULTILINE)
    matches = list(pattern.finditer(text))
    return text.count("\n", 0, matches[min(occurrence, len(matches) - 1)].end()) + 1 if matches else 0


class _Checker:
    """Collects the problems of one file; `site` returns None where it found any that hides others."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []

    def complain(self, key: str, message: str, occurrence: int = 0) -> None:
        self.problems.append(problem(NAME, message, line_of_key(self.text, key, occurrence)))

    def keys(self, table: Mapping[str, Any], known: Mapping[str, type], occurrence: int = 0) -> dict[str, Any]:
        """Return the entries that are known and of the right type."""
        good = {}
        for key, value in table.items():
            if key not in known:
                self.complain(key, f"unknown key “{key}”{did_you_mean(key, known) or '; remove it'}", occurrence)
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self.complain(key, f"“{key}” must be {TYPE_WORDS[known[key]]}; correct it", occurrence)
            else:
                good[key] = value
        return good

    def site(self, table: Mapping[str, Any], base_url: str | None) -> SiteConfig | None:
        values = self.keys(table, SITE_KEYS)
        for key in ("title", "editions"):
            if not values.get(key) and key not in table:
                self.problems.append(problem(NAME, f"“{key}” is missing; add it"))
        url = base_url if base_url is not None else values.get("base_url", "http://127.0.0.1:8000/")
        if not BASE_URL.fullmatch(url) or "//" in url.split("://", 1)[1] or "/." in url:
            where = "--base-url" if base_url is not None else "base_url"
            message = f"“{url}” is not the address of a site; write {where} as in https://example.org/repo/"
            if base_url is not None:
                self.problems.append(problem("--base-url", message))
            else:
                self.complain("base_url", message)
        page_size = values.get("page_size", 30)
        if not 1 <= page_size <= 1000:
            self.complain("page_size", "“page_size” must lie between 1 and 1000; correct it")
        editions = self.editions(values.get("editions", []))
        encodings = self.encodings(values.get("seeds", {}))
        if self.problems:
            return None
        return SiteConfig(
            title=values["title"],
            description=values.get("description", ""),
            base_url=url.rstrip("/") + "/",
            page_size=page_size,
            footer=values.get("footer", ""),
            editions=editions,
            seed_encodings=encodings,
        )

    def editions(self, tables: list[Any]) -> tuple[EditionSpec, ...]:
        editions: list[EditionSpec] = []
        for index, table in enumerate(tables):
            if not isinstance(table, dict):
                self.complain("editions", "“editions” must be written as [[editions]] tables; correct it", index)
                continue
            values = self.keys(table, EDITION_KEYS, index)
            missing = [key for key in ("path", "lang", "label") if not values.get(key)]
            if missing:
                named = "”, “".join(missing)
                self.complain("editions", f"this edition lacks “{named}”; add it", index)
                continue
            region = values.get("region", "neutral")
            if region not in REGIONS:
                self.complain("region", f"unknown region “{region}”; use neutral, tw or hk", index)
                continue
            if not EDITION_PATH.fullmatch(values["path"]) or values["path"] in RESERVED_PATHS:
                self.complain("path", f"“{values['path']}” cannot be a folder here; use a name such as zh-hant", index)
            if not LANGUAGE.fullmatch(values["lang"]):
                self.complain("lang", f"“{values['lang']}” is not a language tag; use one such as zh-Hant", index)
            if values["path"] in [edition.path for edition in editions]:
                self.complain("path", f"two editions have the path “{values['path']}”; rename one", index)
            editions.append(EditionSpec(path=values["path"], lang=values["lang"], label=values["label"], region=region))
        if not editions and not self.problems:
            self.complain("editions", "there is no edition; add an [[editions]] table")
        if editions and not any(edition.script for edition in editions):
            self.complain("lang", "no edition is Chinese; give one the language zh-Hans or zh-Hant")
        return tuple(editions)

    def encodings(self, table: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        found = []
        for prefix, codec in self.keys(table, SEED_KEYS).get("encoding", {}).items():
            try:
                "a".encode(codec)
            except (LookupError, TypeError, ValueError):
                self.complain("encoding", f"unknown encoding “{codec}”; use one such as gb18030, big5 or utf-16")
                continue
            found.append((prefix, codec))
        return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def seed_encoding(config: SiteConfig, name: str) -> str:
    """Return the codec for the seed of this name (path under `seeds/`)."""
    return next((codec for prefix, codec in config.seed_encodings if name.startswith(prefix)), "utf-8")
