"""Dates: EDTF as the archive knows it, and what a story's own words say about its day."""

from gengduo.dates.edtf import Day, Edtf, is_edtf, parse_edtf
from gengduo.dates.inference import DateReading, infer_date
from gengduo.dates.passages import Passage
from gengduo.dates.stamps import read_code, read_stamp

__all__ = ["DateReading", "Day", "Edtf", "Passage", "infer_date", "is_edtf", "parse_edtf", "read_code", "read_stamp"]
