"""Bytes of a dump → its text, or the reason why it cannot be read."""

from __future__ import annotations

import re

from gengduo.errors import ContentError, Problem, problem

MAX_BYTES = 20_000_000
"""A dump is a page; what is larger is none."""
MAX_LINE = 500_000
"""Characters."""
MAX_LINES = 20_000

_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029\x0b\x0c]")
# Control characters, noncharacters and the byte order mark: no reader ever sees them.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_SIGNATURES = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 200_000


def decode_seed(data: bytes, path: str, encoding: str = "utf-8") -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a dump with a line feed for every line break, and warnings about what was taken out of it.

    `path` is the dump's own (`seeds/a/x.txt`), for messages. Raises ContentError for what cannot be read; the encoding
    is never guessed, only named. Each kind of line break counts for one, so lines are those that an editor shows.
    """
    _refuse_size(data, path)
    text = _decode(data, path, encoding)
    if text.startswith("\ufeff"):
        text = text[1:]
    warnings: tuple[Problem, ...] = ()
    plain = _is_plain(text)
    if not plain:
        text = _BREAKS.sub("\n", text)
    _refuse_lines(text, path)
    if not plain and _CONTROLS.search(text):
        text, warnings = _strip_controls(text, path)
    if not text.strip():
        raise ContentError(problem(path, "the dump is empty; fill it or take it away", 1, 1))
    return text, warnings


def _is_plain(text: str) -> bool:
    """Tell, at little cost, that the text holds no line break but the line feed and no control character."""
    return text.replace("\n", "").replace("\u3000", "").replace("\xa0", "").isprintable()


def _refuse_size(data: bytes, path: str) -> None:
    if len(data) > MAX_BYTES:
        raise ContentError(
            problem(path, f"{len(data):,} bytes are no news story; split the file or take it away", 1, 1)
        )


def _refuse_lines(text: str, path: str) -> None:
    """Raise ContentError for a line, or a number of lines, that no story has."""
    if len(text) <= min(MAX_LINE, MAX_LINES):
        return
    rows = text.split("\n")
    if len(rows) > MAX_LINES and sum(1 for row in rows if row and not row.isspace()) > MAX_LINES:
        raise ContentError(
            problem(path, f"{len(rows):,} lines are no news story; split the file or take it away", MAX_LINES, 1)
        )
    longest = max(map(len, rows))
    if longest > MAX_LINE:
        line = next(number for number, row in enumerate(rows, 1) if len(row) == longest)
        raise ContentError(
            problem(path, f"a line of {longest:,} characters is no news story; split it or take the file away", line, 1)
        )


def _decode(data: bytes, path: str, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ContentError(_decode_problem(data, path, encoding, error)) from None
    except LookupError:
        raise ContentError(
            problem(path, f"unknown encoding “{encoding}”; name one that Python knows in [seeds] of site.toml")
        ) from None
    nul = text.find("\x00") if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else -1
    if nul >= 0 and data.count(b"\x00") > len(data) // 5:
        raise ContentError(_foreign(data, path, "byte 0x00 in every other place", nul, "utf-16"))
    return text


def _decode_problem(data: bytes, path: str, encoding: str, error: UnicodeDecodeError) -> Problem:
    """Return where the bytes stop being text and what they probably are."""
    at = error.start
    line, column = _place(data, at, encoding)
    if encoding.lower() not in ("utf-8", "utf8"):
        return problem(
            path,
            f"byte 0x{data[at]:02x} at offset {at} is not {encoding}; correct the encoding of this folder in [seeds] of"
            " site.toml",
            line,
            column,
        )
    if error.reason == "unexpected end of data" and at >= len(data) - 3:
        return problem(
            path,
            f"the file ends in the middle of a character at byte offset {at}; fetch it again",
            line,
            column,
        )
    return _foreign(data, path, f"byte 0x{data[at]:02x} at offset {at} is not UTF-8", at, likely_encoding(data))


def _foreign(data: bytes, path: str, what: str, at: int, likely: str) -> Problem:
    line, column = _place(data, at, "utf-8")
    folder, slash, name = path.removeprefix("seeds/").rpartition("/")
    looks = f" and the file looks like {likely}" if likely else ", and the file is too short to tell what it is"
    codec = likely or "gb18030, big5, or what it is"
    return problem(
        path,
        f"{what}{looks}; save it as UTF-8, or write in site.toml:"
        f' [seeds] encoding = {{ "{folder + slash or name}" = "{codec}" }}',
        line,
        column,
    )


def _place(data: bytes, at: int, encoding: str) -> tuple[int, int]:
    """Return line and column of a byte."""
    before = data[:at].decode(encoding, "replace")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def likely_encoding(data: bytes) -> str:
    """Return the codec that turns the bytes into the most plausible Chinese, or nothing."""
    for signature, codec in _SIGNATURES:
        if data.startswith(signature):
            return codec
    sample = data[:_SAMPLE]
    if sample.count(b"\x00") > len(sample) // 20:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        return "utf-16-be" if even > odd else "utf-16-le"
    scores = {codec: _plausibility(sample, codec) for codec in ("gb18030", "big5", "utf-16-le", "utf-16-be")}
    best = max(scores, key=lambda codec: scores[codec])
    return best if scores[best] > 0.2 else ""


# The marks and particles that no page of news does without.
_FREQUENT = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年月日，。、：“”「」"
)


def _plausibility(sample: bytes, codec: str) -> float:
    """Return the share of frequent Chinese characters among those that are not ASCII; negative if it cannot be read."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return -1.0
        text = sample[: error.start].decode(codec)
    foreign = [character for character in text if character > "\x7f"]
    if not foreign:
        return -1.0
    return sum(character in _FREQUENT for character in foreign) / len(foreign)


def _strip_controls(text: str, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text without control characters, and one warning for each kind at the first of its places."""
    warnings: list[Problem] = []
    seen: set[str] = set()
    for match in _CONTROLS.finditer(text):
        character = match[0]
        if character in seen:
            continue
        seen.add(character)
        start = text.rfind("\n", 0, match.start()) + 1
        number = text.count("\n", 0, match.start()) + 1
        count = text.count(character)
        warnings.append(
            problem(
                path,
                f"control character U+{ord(character):04X} ({count} times) was left out; see that the text reads well",
                number,
                match.start() - start + 1,
            )
        )
        if len(seen) >= 20:
            break
    return _CONTROLS.sub("", text), tuple(warnings)
