"""What lies in `templates/`: its files, what they depend on, and the words of the interface."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import jinja2
from jinja2 import meta

from gengduo.cache import digest_bytes, digest_of, is_plain_file, is_unicode, scan_tree
from gengduo.errors import ContentError, Problem, problem
from gengduo.model import EditionSpec
from gengduo.places import TomlPlaces, not_utf8, toml_problem

TEMPLATES: Mapping[str, str] = {
    "article": "article.html",
    "brief": "brief.html",
    "list": "list.html",
    "front": "front.html",
    "tags": "tags.html",
    "dates": "dates.html",
    "missing": "missing.html",
    "root": "root.html",
    "alias": "alias.html",
}
"""Tag of a view → its template; the other views are not made by templates."""

STRINGS = "strings.toml"

WORDS_OF_VIEWS = (
    "archive_by_date",
    "dates",
    "home",
    *("kind_organisation", "kind_person", "kind_place", "kind_topic"),
    *("list_one_of", "list_one_of_note", "list_undated", "list_undated_note"),
    *("list_year_unknown", "list_year_unknown_note"),
    "missing",
    "page_number",
    "pager_index",
    "photo_not_held",
    "tags",
    "year",
)
"""Words that views are made with; a missing one that only a template uses is told at the template's line."""


def template_files(templates: Path) -> dict[str, bytes]:
    """Return the bytes of each file under `templates/` by its name: all pages of a build are made of these.

    Raises ContentError for what is no ordinary file.
    """
    found = scan_tree(templates)
    problems = [
        problem(f"templates/{name}", "this is no ordinary file with a UTF-8 name; put the template itself here")
        for name, status in found.items()
        if not is_plain_file(status) or not is_unicode(name)
    ]
    if problems:
        raise ContentError(problems)
    return {name: (templates / name).read_bytes() for name in found}


def template_digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return, for each view's tag, the digest of its template and of all that it extends, includes and imports.

    A template that names another by an expression depends on all of them.
    """
    environment = jinja2.Environment(autoescape=True)
    digests: dict[str, str] = {}
    names: dict[str, set[str | None]] = {}
    for name, data in files.items():
        digests[name] = digest_bytes(data)
        try:
            names[name] = set(meta.find_referenced_templates(environment.parse(data.decode("utf-8"))))
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError, RecursionError):
            names[name] = set()  # rendering tells what is wrong, if a page needs the template
    return {
        tag: digest_of([(name, digests[name]) for name in sorted(_reached(template, names)) if name in digests])
        for tag, template in TEMPLATES.items()
    }


def _reached(template: str, names: Mapping[str, set[str | None]]) -> set[str]:
    reached: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        for other in names.get(name, ()):
            waiting.extend(names if other is None else [other])
    return reached


def load_words(templates: Path, editions: tuple[EditionSpec, ...]) -> dict[str, dict[str, str]]:
    """Return the words of the interface by edition; an edition in another language uses its own table, or the first.

    Raises ContentError where a word is missing in one table, or is no text.
    """
    path = f"templates/{STRINGS}"
    try:
        data = (templates / STRINGS).read_bytes()
        text = data.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        raise ContentError(problem(path, "no such file; copy it from the default theme")) from None
    except UnicodeDecodeError as error:
        raise ContentError(not_utf8(path, data, error)) from None
    except (ValueError, RecursionError) as error:
        raise ContentError(toml_problem(path, error, text)) from None
    problems: list[Problem] = []
    places = TomlPlaces(text)
    known = sorted({*WORDS_OF_VIEWS, *(key for table in tables.values() if isinstance(table, dict) for key in table)})
    for lang, table in tables.items():
        for key in known:
            if not isinstance(table, dict) or not isinstance(table.get(key), str):
                message = f"the word “{key}” is missing in [{lang}]; add it"
                is_there = isinstance(table, dict) and key in table
                problems.append(problem(path, message, *places.of(key if is_there else "", lang)))
    if problems:
        raise ContentError(problems)
    words: dict[str, dict[str, str]] = {}
    for edition in editions:
        table = tables.get(edition.lang) or tables.get(edition.lang[:7]) or next(iter(tables.values()), None)
        if table is None:
            raise ContentError(problem(path, f"there is no table [{edition.lang}]; add it", 1, 1))
        words[edition.path] = dict(sorted(table.items()))
    return words
