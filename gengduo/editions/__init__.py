"""Editions: one library, several scripts.

The script a page was written in is its original; other editions are derived from it. Only words that a reader sees
are converted. URLs, ids, code and data attributes stay identical.
"""

from gengduo.editions.conversion import Conversion, Converter, convert_lines, glossary_problems
from gengduo.editions.glossary import Entry, Glossary, load_glossary
from gengduo.editions.overrides import escape_overrides
from gengduo.editions.script import ScriptReading, detect_script, foreign_characters, prevailing_script

__all__ = [
    "Conversion",
    "Converter",
    "Entry",
    "Glossary",
    "ScriptReading",
    "convert_lines",
    "detect_script",
    "escape_overrides",
    "foreign_characters",
    "glossary_problems",
    "load_glossary",
    "prevailing_script",
]
