"""Numbers as dates write them."""

from __future__ import annotations

_CHINESE_DIGITS = {"〇": 0, "○": 0, "零": 0, "Ｏ": 0} | {
    digit: value for value, digit in enumerate("一二三四五六七八九", 1)
}


def number(text: str) -> int:
    """Return the value of Arabic or Chinese numerals: 2018, 二〇一八, 十二, 廿三, 一百零七; 0 for anything else."""
    if text.isdecimal():
        return int(text)
    if "十" in text or "廿" in text or "百" in text:
        return _tens(text)
    value = 0
    for character in text:
        if character not in _CHINESE_DIGITS:
            return 0
        value = value * 10 + _CHINESE_DIGITS[character]
    return value


def _tens(text: str) -> int:
    value = 0
    hundreds, found, rest = text.partition("百")
    if found:
        value, text = 100 * (number(hundreds) or 1), rest.lstrip("零〇○")
    text = text.replace("廿", "二十")
    tens, found, ones = text.partition("十")
    if found:
        return value + 10 * (number(tens) or 1) + number(ones)
    return value + number(text)
