"""HTML: from a view to the text of its file, through the site's Jinja templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import jinja2
from markupsafe import Markup

from gengduo.errors import ContentError, one_line, problem
from gengduo.model import ArticlePage, ArticleText, PageView, SiteView
from gengduo.render.compiled import CompiledTemplates
from gengduo.render.edition import FOLDER, edition_environment
from gengduo.render.printers import load_printers
from gengduo.render.structured import json_ld
from gengduo.render.theme import TEMPLATES

MANY = ("article", "brief", "list", "front")
"""Kinds of pages for which it is worth while to make a function; one page of the others would take less."""


def kind_of(page: PageView) -> str:
    """Return the tag of a view."""
    return str(page.__struct_config__.tag)


class Renderer:
    """The templates of an edition, ready to render."""

    def __init__(self, files: Mapping[str, bytes], site: SiteView, compiled: CompiledTemplates | None = None) -> None:
        """Take what lies in `templates/`, by name."""
        self.site = site
        self.environment = edition_environment(files, site, compiled)
        self.files = files

    @cached_property
    def printers(self) -> dict[str, Callable[..., bytes]]:
        """What prints the kinds of pages of which a site has many."""
        return load_printers(self.environment, {kind: TEMPLATES[kind] for kind in MANY}, self.files)

    def render(self, page: PageView, text: ArticleText | None) -> bytes:
        """Return the HTML of a page. Raises ContentError at the line of the template that failed."""
        kind = kind_of(page)
        name = TEMPLATES[kind]
        structured = Markup(json_ld(self.site, page, text)) if isinstance(page, ArticlePage) and text else ""  # noqa: S704
        if kind in MANY and (printer := self.printers.get(kind)):
            try:
                return printer(page, text, structured)
            except Exception:  # noqa: BLE001 # whatever it is, Jinja itself knows what to do, or what to tell
                del self.printers[kind]
        try:
            html = self.environment.get_template(name).render(page=page, text=text, structured=structured)
            return html.encode("utf-8", "surrogatepass")
        except jinja2.TemplateSyntaxError as error:
            message = f"{one_line(error.message or 'syntax error')}; correct the template"
            raise ContentError(problem(f"templates/{error.name or name}", message, error.lineno)) from None
        except jinja2.TemplateNotFound as error:
            where, line = _line_in_template(error)
            message = f"there is no template “{error.name}” in templates/; add it or correct its name"
            raise ContentError(problem(where or f"templates/{name}", message, line)) from None
        except RecursionError as error:
            where, line = _line_in_template(error)
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
            RuntimeError,
            SyntaxError,  # Python's own, of what is nested too deeply for it
        ) as error:
            where, line = _line_in_template(error)
            message = (
                f"{one_line(str(error))} (while rendering {page.permalink or 'the root page'}); correct the template"
            )
            raise ContentError(problem(where or f"templates/{name}", message, line)) from None


def _line_in_template(error: BaseException) -> tuple[str, int]:
    """Return the innermost template of a traceback, and the line in it; Jinja rewrites frames to the template's."""
    found, trace = ("", 0), error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(FOLDER):
            found = (path, trace.tb_lineno)
        trace = trace.tb_next
    return found
