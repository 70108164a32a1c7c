"""HTML: from a view to the text of its file, through the site's Jinja templates."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta
from markupsafe import Markup

from gengduo.cache import digest_bytes, digest_of, is_plain_file, is_unicode, scan_tree
from gengduo.config import toml_problem
from gengduo.errors import ContentError, Problem, one_line, problem
from gengduo.model import ArticlePage, ArticleText, EditionSpec, Item, PageView, SiteView

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


class _TemplateFolder(jinja2.FileSystemLoader):
    """The templates that a build knows: names that begin with a dot are passed over, as everywhere."""

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        if any(part.startswith(".") for part in template.split("/")):
            raise jinja2.TemplateNotFound(template)
        return super().get_source(environment, template)


def kind_of(page: PageView) -> str:
    """Return the tag of a view."""
    return str(page.__struct_config__.tag)


class _Once:
    """`once(macro, item, site, …)` in a template: `macro(item, site.words, …)`, made once for all lists with the item.

    The same story stands in the river, in lists of tags, and in those of its year, month and day.
    """

    KEPT = 10_000

    def __init__(self) -> None:
        self.made: dict[tuple[Any, ...], str] = {}

    def __call__(self, macro: Callable[..., str], item: Item, site: SiteView, **options: Any) -> str:
        key = (macro, site.lang, item, *options.items())
        found = self.made.get(key)
        if found is None:
            if len(self.made) >= self.KEPT:
                self.made.clear()
            found = self.made[key] = macro(item, site.words, **options)
        return found


class Renderer:
    """The templates of a site, ready to render."""

    def __init__(self, templates: Path) -> None:
        self.folder = templates
        self.environment = jinja2.Environment(
            loader=_TemplateFolder(templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self.environment.globals["once"] = _Once()

    def render(self, site: SiteView, page: PageView, text: ArticleText | None) -> str:
        """Return the HTML of a page. Raises ContentError at the line of the template that failed."""
        name = TEMPLATES[kind_of(page)]
        structured = Markup(json_ld(site, page, text)) if isinstance(page, ArticlePage) and text else ""  # noqa: S704
        try:
            return self.environment.get_template(name).render(site=site, page=page, text=text, structured=structured)
        except jinja2.TemplateSyntaxError as error:
            message = f"{one_line(error.message or 'syntax error')}; correct the template"
            raise ContentError(problem(f"templates/{error.name or name}", message, error.lineno)) from None
        except jinja2.TemplateNotFound as error:
            where, line = _line_in_template(error, self.folder)
            message = f"there is no template “{error.name}” in templates/; add it or correct its name"
            raise ContentError(problem(where or f"templates/{name}", message, line)) from None
        except RecursionError as error:
            where, line = _line_in_template(error, self.folder)
            raise ContentError(
                problem(where or f"templates/{name}", "the template includes itself; break the circle", line)
            ) from None
        except (
            jinja2.TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            MemoryError,
        ) as error:
            where, line = _line_in_template(error, self.folder)
            message = (
                f"{one_line(str(error))} (while rendering {page.permalink or 'the root page'}); correct the template"
            )
            raise ContentError(problem(where or f"templates/{name}", message, line)) from None


def _line_in_template(error: BaseException, folder: Path) -> tuple[str, int]:
    """Return the innermost template of a traceback, and the line in it; Jinja rewrites frames to the template's."""
    found, trace = ("", 0), error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(folder):
            found = (f"templates/{path.relative_to(folder).as_posix()}", trace.tb_lineno)
        trace = trace.tb_next
    return found


# ------------------------------------------------------------------------------------------------------ digests


def template_files(templates: Path) -> dict[str, bytes]:
    """Return the bytes of each file under `templates/`. Raises ContentError for what is no ordinary file."""
    found = scan_tree(templates)
    problems = [
        problem(f"templates/{name}", "this is no ordinary file with a UTF-8 name; put the template itself here")
        for name, status in found.items()
        if not is_plain_file(status) or not is_unicode(name)
    ]
    if problems:
        raise ContentError(problems)
    return {name: (templates / name).read_bytes() for name in found}


def template_digests(templates: Path) -> dict[str, str]:
    """Return, for each view's tag, the digest of its template and of all that it extends, includes and imports.

    A template that names another by an expression depends on all of them.
    """
    environment = jinja2.Environment(autoescape=True)
    digests: dict[str, str] = {}
    names: dict[str, set[str | None]] = {}
    for name, data in template_files(templates).items():
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
        tables = tomllib.loads(data.decode("utf-8"))
    except FileNotFoundError:
        raise ContentError(problem(path, "no such file; copy it from the default theme")) from None
    except UnicodeDecodeError as error:
        raise ContentError(problem(path, f"byte {error.start} is not UTF-8; save the file as UTF-8")) from None
    except (ValueError, RecursionError) as error:
        raise ContentError(toml_problem(path, error)) from None
    problems: list[Problem] = []
    known = sorted({*WORDS_OF_VIEWS, *(key for table in tables.values() if isinstance(table, dict) for key in table)})
    for lang, table in tables.items():
        for key in known:
            if not isinstance(table, dict) or not isinstance(table.get(key), str):
                message = f"the word “{key}” is missing in [{lang}]; add it"
                problems.append(problem(path, message))
    if problems:
        raise ContentError(problems)
    words: dict[str, dict[str, str]] = {}
    for edition in editions:
        table = tables.get(edition.lang) or tables.get(edition.lang[:7]) or next(iter(tables.values()), None)
        if table is None:
            raise ContentError(problem(path, f"there is no table [{edition.lang}]; add it"))
        words[edition.path] = dict(sorted(table.items()))
    return words


# ------------------------------------------------------------------------------------------------- structured data


def json_ld(site: SiteView, page: ArticlePage, text: ArticleText) -> str:
    """Return schema.org's NewsArticle as JSON that is inert inside a script element."""
    url = site.base_url + page.permalink
    value: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": text.title,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": site.lang,
        "description": page.description or None,
        "datePublished": page.published or None,
        "dateModified": page.modified or None,
        "image": page.photo or None,
        "author": {"@type": "Organization", "name": text.byline} if text.byline else None,
        "publisher": {"@type": "Organization", "name": site.title, "url": site.base_url},
        "keywords": list(page.tag_names) or None,
        "isBasedOn": page.source_url or None,
        "translationOfWork": {"@id": _absolute(site, page.original.href)} if page.original else None,
        "citation": list(page.citations) or None,
        "correction": [
            {"@type": "CorrectionComment", "text": item.text, "datePublished": item.date or None}
            for item in text.corrections
        ]
        or None,
    }
    return script_json({key: entry for key, entry in value.items() if entry is not None})


def script_json(value: object) -> str:
    """Return JSON that can stand in a script element: no `<`, `>`, `&`, and no line separators."""
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda match: escapes[match[0]], text)


def _absolute(site: SiteView, href: str) -> str:
    return site.base_url[: -len(site.base_path)] + href
