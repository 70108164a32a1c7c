"""What an editor states beside a dump: each mistake is told at its line and column."""

from __future__ import annotations

import pytest

from gengduo.errors import ContentError
from gengduo.seeds.sidecar import parse_sidecar


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.toml", b'title = "\xff"', "a.toml:1:10: byte 9 is not UTF-8; save the file as UTF-8"),
        ("a.toml", b"date = 2018\n  url = 'https://'", "a.toml:1:1: “date” must be a text in quotes; correct it"),
        (
            "a.toml",
            b"\n  url = 'https://a.example:0/'",
            "a.toml:2:3: host or port of “https://a.example:0/” cannot be; ",
        ),
        ("a.json", b'{\n "url": "https://"}', "a.json:2:2: “https://” is no address of the web; correct “url”"),
        ("a.json", b'{"date": ' + b"9" * 5000 + b"}", "a.json:1:1: not valid JSON: a number is too long or "),
        ("a.toml", b'title = """', "a.toml:1:12: not valid TOML: "),
    ],
)
def test_mistakes_in_a_sidecar_have_their_line_and_column(name: str, text: bytes, told: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_sidecar(text, name)
    assert str(caught.value).startswith(told)
    assert "sys." not in str(caught.value)
