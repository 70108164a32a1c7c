"""Dates: EDTF as the archive knows it, and what a story's own words say about its day."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gengduo.dates.edtf import Day, Edtf, is_edtf, parse_edtf

if TYPE_CHECKING:
    from gengduo.dates.inference import DateReading, infer_date
    from gengduo.dates.passages import Passage, PassageKind
    from gengduo.dates.stamps import read_code, read_stamp

__all__ = [
    "DateReading",
    "Day",
    "Edtf",
    "Passage",
    "PassageKind",
    "infer_date",
    "is_edtf",
    "parse_edtf",
    "read_code",
    "read_stamp",
]

_READERS = {
    "DateReading": "inference",
    "Passage": "passages",
    "PassageKind": "passages",
    "infer_date": "inference",
    "read_code": "stamps",
    "read_stamp": "stamps",
}


def __getattr__(name: str) -> object:
    """Return what reads dates in a dump; it takes long to load, and only an import needs it."""
    if name in _READERS:
        return getattr(import_module(f"gengduo.dates.{_READERS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
