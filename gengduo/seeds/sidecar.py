"""Sidecars: `seeds/name.toml` or `name.json` beside a dump states what an editor knows about it."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from gengduo.config import line_of_key, toml_problem
from gengduo.dates import is_edtf
from gengduo.errors import ContentError, Problem, did_you_mean, problem
from gengduo.model import Sidecar
from gengduo.urls import link_danger

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
        raise ContentError(problem(path, f"byte {error.start} is not UTF-8; save the file as UTF-8")) from None
    except json.JSONDecodeError as error:
        raise ContentError(
            problem(path, f"not valid JSON: {error.msg}; mend this line", error.lineno, error.colno)
        ) from None
    except (ValueError, RecursionError) as error:
        raise ContentError(toml_problem(path, error)) from None
    if not isinstance(table, dict):
        raise ContentError(problem(path, f"a sidecar holds the keys {', '.join(KEYS)}; correct it", 1, 1))
    problems, warnings = [], []
    values: dict[str, str] = {}
    for key, value in table.items():
        line = _line(text, key, path)
        if key not in KEYS:
            warnings.append(problem(path, f"unknown key “{key}”{did_you_mean(key, KEYS) or '; it is ignored'}", line))
        elif fault := _fault(key, words := _words(value)):
            problems.append(problem(path, fault, line))
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
    if key == "url" and words and (not re.match(r"https?://", words) or link_danger(words)):
        return "“url” must begin with https:// or http://; correct it"
    return ""


def _line(text: str, key: str, path: str) -> int:
    if path.endswith(".toml"):
        return line_of_key(text, key)
    at = text.find(json.dumps(key, ensure_ascii=False))
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
