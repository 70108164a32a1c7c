"""HTML of pages: what lies in `templates/`, Jinja for one edition, and what it makes of a view."""

from gengduo.render.compiled import CompiledTemplates, forget_compiled
from gengduo.render.page import Renderer, kind_of
from gengduo.render.structured import script_json
from gengduo.render.theme import TEMPLATES, WORDS_OF_VIEWS, load_words, template_digests, template_files

__all__ = [
    "TEMPLATES",
    "WORDS_OF_VIEWS",
    "CompiledTemplates",
    "Renderer",
    "forget_compiled",
    "kind_of",
    "load_words",
    "script_json",
    "template_digests",
    "template_files",
]
