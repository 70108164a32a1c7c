"""`site.toml`, read and checked."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gengduo.errors import ConfigError, Problem, did_you_mean, is_visible, problem
from gengduo.model import EditionSpec, EditionWords, SiteConfig
from gengduo.places import TomlPlaces, not_utf8, toml_problem
from gengduo.urls import address_fault

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
WORDS = ("title", "description", "footer")
"""What the site says of itself; an edition may say it in its own words."""
EDITION_KEYS: Mapping[str, type] = {"path": str, "lang": str, "label": str, "region": str, **dict.fromkeys(WORDS, str)}
SEED_KEYS: Mapping[str, type] = {"encoding": dict}
TYPE_WORDS = {str: "a text in quotes", int: "a whole number", list: "a list of tables", dict: "a table"}
BASE_URL = re.compile(r"https?://[^/?#'&]+(/([A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})*)?")
EDITION_PATH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
RESERVED_PATHS = frozenset({"static", "index", "404"})
DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""No folder can be called so on Windows."""
NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7"})
"""Codecs that Python counts among those of texts, and that no dump is written in."""


def load_config(path: Path, base_url: str | None = None) -> SiteConfig:
    """Return the configuration of the site; `base_url` replaces the one in the file.

    Raises ConfigError with every problem of the file, each at its line.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise ConfigError(problem(NAME, "this is no ordinary file; put the file itself here"))
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        advice = "no such file; run the command in the folder of a site, or name it with --site"
        raise ConfigError(problem(path, advice)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(not_utf8(NAME, data, error)) from None
    return parse_config(text, base_url)


def parse_config(text: str, base_url: str | None = None) -> SiteConfig:
    """Return the configuration that the text of a `site.toml` states."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(toml_problem(NAME, error, text)) from None
    checker = _Checker(text)
    config = checker.site(table, base_url)
    if config is None or checker.problems:
        raise ConfigError(sorted(checker.problems, key=lambda found: found.position))
    return config


class _Checker:
    """Collects the problems of one file; `site` returns None where it found any that hides others."""

    def __init__(self, text: str) -> None:
        self.places = TomlPlaces(text)
        self.problems: list[Problem] = []

    def complain(self, message: str, key: str, table: str = "", number: int = 0) -> None:
        self.problems.append(problem(NAME, message, *self.places.of(key, table, number)))

    def keys(self, values: Mapping[str, Any], known: Mapping[str, type], *table: Any) -> dict[str, Any]:
        """Return the entries that are known and of the right type; `table` is the name and number of theirs."""
        good = {}
        for key, value in values.items():
            if key not in known:
                self.complain(f"unknown key “{key}”{did_you_mean(key, known) or '; remove it'}", key, *table)
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self.complain(f"“{key}” must be {TYPE_WORDS[known[key]]}; correct it", key, *table)
            else:
                good[key] = value
        return good

    def site(self, table: Mapping[str, Any], base_url: str | None) -> SiteConfig | None:
        values = self.keys(table, SITE_KEYS)
        for key in ("title", "editions"):
            if key not in table:
                self.problems.append(problem(NAME, f"“{key}” is missing; add it", 1, 1))
        if "title" in values and not is_visible(values["title"]):
            self.complain("“title” shows nothing; write the name of the site", "title")
        url = base_url if base_url is not None else values.get("base_url", "http://127.0.0.1:8000/")
        if not _is_base(url):
            where = "--base-url" if base_url is not None else "base_url"
            message = f"“{url}” is not the address of a site; write {where} as in https://example.org/repo/"
            if base_url is not None:
                self.problems.append(problem("--base-url", message))
            else:
                self.complain(message, "base_url")
        page_size = values.get("page_size", 30)
        if not 1 <= page_size <= 1000:
            self.complain("“page_size” must lie between 1 and 1000; correct it", "page_size")
        editions, words = self.editions(values.get("editions", []))
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
            edition_words=words,
            seed_encodings=encodings,
        )

    def editions(self, tables: list[Any]) -> tuple[tuple[EditionSpec, ...], tuple[EditionWords, ...]]:
        editions: list[EditionSpec] = []
        words: list[EditionWords] = []
        for number, table in enumerate(tables):
            if not isinstance(table, dict):
                self.complain("“editions” must be written as [[editions]] tables; correct it", "editions")
                continue
            values = self.keys(table, EDITION_KEYS, "editions", number)
            if missing := [key for key in ("path", "lang", "label") if key not in table]:
                named = "”, “".join(missing)
                self.complain(f"this edition lacks “{named}”; add it", "", "editions", number)
            if any(key not in values for key in ("path", "lang", "label")):
                continue
            edition = self.edition(values, number)
            if edition.path in [known.path for known in editions]:
                self.complain(f"two editions have the path “{edition.path}”; rename one", "path", "editions", number)
            editions.append(edition)
            own = {key: values[key] for key in WORDS if key in values}
            if own:
                words.append(EditionWords(edition=edition.path, **own))
        if not editions and not self.problems:
            self.complain("there is no edition; add an [[editions]] table", "editions")
        if editions and not any(edition.script for edition in editions):
            message = "no edition is Chinese; give one the language zh-Hans or zh-Hant"
            self.complain(message, "lang", "editions")
        return tuple(editions), tuple(words)

    def edition(self, values: Mapping[str, Any], number: int) -> EditionSpec:
        place = ("editions", number)
        path, lang, region = values["path"], values["lang"], values.get("region", "neutral")
        if region not in REGIONS:
            self.complain(f"unknown region “{region}”; use neutral, tw or hk", "region", *place)
        if not EDITION_PATH.fullmatch(path) or path in RESERVED_PATHS or DEVICES.fullmatch(path):
            self.complain(f"“{path}” cannot be a folder here; use a name such as zh-hant", "path", *place)
        if not LANGUAGE.fullmatch(lang):
            self.complain(f"“{lang}” is not a language tag; use one such as zh-Hant", "lang", *place)
        for key in ("label", "title"):
            if not is_visible(values.get(key, "x")):
                self.complain(f"“{key}” shows nothing; write one", key, *place)
        return EditionSpec(path=path, lang=lang, label=values["label"], region=region)

    def encodings(self, table: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        found = []
        for prefix, codec in self.keys(table, SEED_KEYS, "seeds").get("encoding", {}).items():
            if isinstance(codec, str) and _holds_chinese(codec):
                found.append((prefix, codec))
            else:
                message = f"“{codec}” is no encoding of Chinese texts; use one such as gb18030, big5 or utf-16"
                self.complain(message, "encoding", "seeds")
        return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def _is_base(url: str) -> bool:
    """Tell whether a site can stand at an address."""
    return bool(BASE_URL.fullmatch(url)) and not address_fault(url) and "//" not in url[8:] and "/." not in url


def _holds_chinese(codec: str) -> bool:
    try:
        "中".encode(codec)
        return codecs.lookup(codec).name not in NO_CHARSETS
    except (LookupError, TypeError, ValueError):
        return False


def seed_encoding(config: SiteConfig, name: str) -> str:
    """Return the codec for the seed of this name (path under `seeds/`)."""
    return next((codec for prefix, codec in config.seed_encodings if name.startswith(prefix)), "utf-8")
