"""Sidecars: `seeds/name.toml` or `name.json` beside a dump states what an editor knows about it."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from gengduo.dates import is_edtf
from gengduo.errors import ContentError, Problem, did_you_mean, problem
from gengduo.model import Sidecar
from gengduo.places import Place, TomlPlaces, not_utf8, place_of, toml_problem
from gengduo.urls import address_fault

SUFFIXES = (".toml", ".json")
KEYS = ("url", "date", "title", "source")


def parse_sidecar(data: bytes, path: str) -> tuple[Sidecar, tuple[Problem, ...]]:
    """Return what a sidecar states, and a warning for each unknown key.

    Raises ContentError with every problem of the file, each at its line.
    """
    try:
        text = data.decode("utf-8-sig")
        table = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ContentError(not_utf8(path, data, error)) from None
    except json.JSONDecodeError as error:
        raise ContentError(
            problem(path, f"not valid JSON: {error.msg}; mend this line", error.lineno, error.colno)
        ) from None
    except (ValueError, RecursionError) as error:
        if path.endswith(".json"):  # of what Python's own limits stop, its advice is for programmers
            message = "not valid JSON: a number is too long or lists are nested too deeply; mend it"
            raise ContentError(problem(path, message, 1, 1)) from None
        raise ContentError(toml_problem(path, error, text)) from None
    if not isinstance(table, dict):
        raise ContentError(problem(path, f"a sidecar holds the keys {', '.join(KEYS)}; correct it", 1, 1))
    problems, warnings = [], []
    values: dict[str, str] = {}
    for key, value in table.items():
        place = _place(text, key, path)
        if key not in KEYS:
            warnings.append(problem(path, f"unknown key “{key}”{did_you_mean(key, KEYS) or '; it is ignored'}", *place))
        elif fault := _fault(key, words := _words(value)):
            problems.append(problem(path, fault, *place))
        else:
            values[key] = words
    if problems:
        raise ContentError(problems)
    return Sidecar(**values), tuple(warnings)


def _words(value: Any) -> str:
    """Return a value as text; TOML has dates of its own."""
    if isinstance(value, str):
        return " ".join(value.split())
    return value.isoformat()[:10] if hasattr(value, "isoformat") and hasattr(value, "year") else "\0"


def _fault(key: str, words: str) -> str:
    if words == "\0":
        return f"“{key}” must be a text in quotes; correct it"
    if key == "date" and words and not is_edtf(words):
        return f"“{words}” is not a date that can be; write it as 2018-08-12 or 2018-08-12?"
    if key == "url" and words and not re.match(r"https?://", words):
        return "“url” must begin with https:// or http://; correct it"
    if key == "url" and words and (fault := address_fault(words)):
        return f"{fault}; correct “url”"
    return ""


def _place(text: str, key: str, path: str) -> Place:
    if path.endswith(".toml"):
        return TomlPlaces(text).of(key)
    return place_of(text, max(text.find(json.dumps(key, ensure_ascii=False)), 0))
