"""Addresses that may stand in a page, and those that may not."""

from __future__ import annotations

import pytest

from gengduo.urls import address_fault, link_danger


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "http://a.example:8000/x?y=1#z",
        "https://[::1]:8000/",
        "https://127.0.0.1/",
        "https://例子.中国/新闻/一.html",
        "https://a_b.example./(x)!*",
    ],
)
def test_whole_addresses_have_no_fault(address: str) -> None:
    assert address_fault(address) == ""
    assert link_danger(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.example",
        "//a.example/",
        "ftp://a.example/",
        "https:a.example",
        "https://",
        "https:///x",
        "https://u:p@a.example/",
        "https://a.example:",
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a.example:x/",
        "https://[::1/",
        "https://[a]/",
        "https://a]b/",
        "https://a..example/",
        "https://-a.example/",
        f"https://{'a' * 64}.example/",
        "https://1.2.3/",
        "https://a.example/a b",
        'https://a.example/"',
        "https://a.example/\\b",
        "https://a.example/\n",
    ],
)
def test_what_is_no_whole_address_says_why(address: str) -> None:
    assert address_fault(address)


@pytest.mark.parametrize("address", ["a.md", "/a/", "#b", "?c", "../d", "mailto:a@b.example", "tel:1", "HTTPS://a.b/"])
def test_addresses_that_may_stand_in_a_page(address: str) -> None:
    assert link_danger(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "\x01data:text/html,x",
        "//evil",
        "\\\\evil",
        "http:evil",
        "http:/evil",
        "https:///evil",
        "https:\\\\evil",
        "h\nttps:evil",
        "https:",
        "blob:x",
    ],
)
def test_addresses_that_lead_where_no_author_meant(address: str) -> None:
    assert link_danger(address)
