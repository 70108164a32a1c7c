"""Markdown bodies: what an editor writes, what a seed's text must not become, and what may not be linked."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it.token import Token

from gengduo.errors import ContentError
from gengduo.markdown import (
    _PARSER,
    MAX_NESTING,
    PLAIN_FIGURE,
    Surroundings,
    _image,
    escape_markdown,
    figure_markdown,
    parse_body,
    plain_text,
    render_body,
)

AROUND = Surroundings(
    base_path="/repo/",
    articles="/repo/zh-hans/articles/",
    photos={"photo-1.jpg": "/repo/static/photos/a/photo-1.jpg"},
    not_held="图片未存",
)


def render(markdown: str, skip: int | None = None) -> str:
    body = parse_body(markdown, "content/a.md", 5)
    return render_body(body, body.blocks, AROUND, skip)


def errors_in(markdown: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse_body(markdown, "content/a.md", 5)
    return [str(found) for found in caught.value.problems]


def words_of(html: str) -> str:
    """What a reader sees of a fragment."""
    return str(lxml_html.fragment_fromstring(html, create_parent="div").text_content())


# Dumps hold one line a paragraph, without control characters (see `decode_seed`) and without space around it.
lines = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
marks = (
    st.text("\\`*_{}[]()<>#+-.!|~&;:=\"'0123456789ab/甲，。“” ", min_size=1, max_size=24).map(str.strip).filter(bool)
)
PAYLOADS = (
    "<script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "---",
    "===",
    "***",
    "[a](javascript:alert(1))",
    "![a](x.jpg)",
    "<https://evil.example>",
    "&lt;b&gt; &#60; &#x3c;",
    "1. 一",
    "1986. 年",
    "1) 一",
    "+ 一",
    "- 一",
    "# 一",
    "####### 一",
    "> 一",
    "```",
    "~~~",
    "~~删~~",
    "a~~b~~",
    "[a]: http://x",
    "| a | b |",
    "    四格",
    "a\\",
    "a\\*b",
    "*甲*乙_丙_",
    "<!-- -->",
    "<?php ?>",
    "]]>",
    "-{甲;乙}-",
    "http://example.org/a_b_c",
    "a  b",
)


class TestSeedText:
    @given(st.one_of(lines, marks, st.sampled_from(PAYLOADS)))
    def test_a_paragraph_reads_as_it_stands_in_the_seed(self, text: str) -> None:
        text = text.strip()
        html = render(escape_markdown(text) + "\n")
        assert html.startswith("<p>")
        assert html.endswith("</p>")
        assert html.count("<") == 2
        assert plain_text(parse_body(escape_markdown(text)).blocks) == text

    @given(st.one_of(lines, marks, st.sampled_from(PAYLOADS)), st.one_of(st.just(""), lines, marks))
    @example("a\\", "b\\")
    @example('"', "\"'")
    def test_a_caption_and_its_credit_read_as_they_stand(self, caption: str, credit: str) -> None:
        caption, credit = caption.strip(), credit.strip()
        body = parse_body(figure_markdown(caption, "photo-1.jpg", credit) + "\n")
        assert body.blocks == (((caption, credit) if credit else (caption,)),)

    @given(st.lists(st.one_of(lines, marks), min_size=2, max_size=4))
    def test_paragraphs_stay_apart(self, texts: list[str]) -> None:
        body = parse_body("\n\n".join(map(escape_markdown, texts)) + "\n")
        assert ["".join(block) for block in body.blocks] == texts


class TestWhatAnEditorWrites:
    @pytest.mark.parametrize(
        ("markdown", "html"),
        [
            ("**真，**她", "<p><strong>真，</strong>她</p>"),
            ("他说**“好”**了", "<p>他说<strong>“好”</strong>了</p>"),
            ("**《公报》**发表", "<p><strong>《公报》</strong>发表</p>"),
            ("甲*乙*丙", "<p>甲<em>乙</em>丙</p>"),
            ("甲***乙***丙", "<p>甲<em><strong>乙</strong></em>丙</p>"),
            ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
            ("a_b_c", "<p>a_b_c</p>"),
            ("~~旧~~新", "<p><s>旧</s>新</p>"),
            ("# 一\n\n###### 二", "<h2>一</h2>\n<h6>二</h6>"),
            ("一行\n接着", "<p>一行接着</p>"),
            ("one\ntwo", "<p>one\ntwo</p>"),
            ("一行\nword", "<p>一行\nword</p>"),
            ("`a<b`", "<p><code>a&lt;b</code></p>"),
            ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
            ("[甲](wai-shi.md)", '<p><a href="/repo/zh-hans/articles/wai-shi/">甲</a></p>'),
            ("[甲](wai-shi.md#more)", '<p><a href="/repo/zh-hans/articles/wai-shi/#more">甲</a></p>'),
            ("[甲](/static/a.pdf)", '<p><a href="/repo/static/a.pdf">甲</a></p>'),
            ("[甲](https://a.example/?a&b)", '<p><a href="https://a.example/?a&amp;b" rel="noopener">甲</a></p>'),
            ("<b>粗</b>", "<p>&lt;b&gt;粗&lt;/b&gt;</p>"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ],
    )
    def test_it_becomes(self, markdown: str, html: str) -> None:
        assert render(markdown) == html

    def test_a_table_is_a_table(self) -> None:
        assert "<td>2</td>" in render("| a | b |\n|---|---|\n| 1 | 2 |")


class TestFigures:
    def test_a_photo_that_is_held(self) -> None:
        figure = render('![合影](photo-1.jpg "图自越通社")')
        assert '<img src="/repo/static/photos/a/photo-1.jpg" alt="合影"' in figure
        assert '<figcaption>合影 <span class="credit">图自越通社</span></figcaption>' in figure
        assert "<p>" not in figure

    def test_one_that_is_not_held_shows_its_caption_marked(self) -> None:
        figure = render('![合影](photo-2.jpg "图自越通社")')
        assert "<img" not in figure
        assert "合影" in figure
        assert '<span class="not-held">图片未存</span>' in figure

    def test_one_inside_a_paragraph_is_no_figure(self) -> None:
        assert render("前![合影](photo-2.jpg)后") == "<p>前<em>合影</em>后</p>"
        assert "<figure" not in render("前![合影](photo-1.jpg)后")

    def test_an_image_from_elsewhere_is_not_loaded(self) -> None:
        assert "<img" not in render("![合影](https://tracker.example/a.gif)")

    def test_markup_in_a_caption_is_words(self) -> None:
        figure = render('![<b onclick="x">](photo-1.jpg "\\"><script>")')
        assert "<b" not in figure
        assert "<script" not in figure
        assert words_of(figure) == '<b onclick="x"> "><script>'


class TestDangers:
    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "&#106;avascript:alert(1)",
            "data:text/html,x",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "vbscript:x",
            "blob:https://a/b",
            "file:///etc/passwd",
            "//evil.example/",
            "&#47;/evil.example/",
        ],
    )
    def test_an_address_that_must_not_stand(self, address: str) -> None:
        for markdown in (f"一\n\n[甲]({address})", f"一\n\n![甲]({address})", f"一\n\n[甲]\n\n[甲]: {address}"):
            errors = errors_in(markdown)
            assert len(errors) == 1
            assert errors[0].startswith("content/a.md:7: ")
            assert "; write another address" in errors[0]
        if "&" not in address and ":" in address:
            assert errors_in(f"<{address}>")

    @pytest.mark.parametrize(
        "address",
        ["java&Tab;script:alert(1)", "&#x01;javascript:alert(1)", "\\\\\\\\evil.example/", "/\\\\evil.example/"],
    )
    def test_an_address_that_encoding_has_made_harmless(self, address: str) -> None:
        link = lxml_html.fragment_fromstring(render(f"[甲]({address})")).find("a").get("href")
        target = urlsplit(urljoin("https://example.org/repo/zh-hans/", link))
        assert (target.scheme, target.netloc) == ("https", "example.org")

    def test_all_of_a_body_are_told(self) -> None:
        errors = errors_in("[a](javascript:1)\n\n> [b](data:2)\n")
        assert [error.split(": ")[0] for error in errors] == ["content/a.md:5", "content/a.md:7"]

    @pytest.mark.parametrize("address", ["mailto:a@b.example", "tel:+84", "https://a.example", "#more", "a.md", "/x"])
    def test_an_address_that_may(self, address: str) -> None:
        assert "<a href=" in render(f"[甲]({address})")

    @pytest.mark.parametrize("start", ["> ", "- ", "1. ", "> - "])
    def test_text_nested_too_deep_is_told_and_never_dropped(self, start: str) -> None:
        for depth in range(1, MAX_NESTING + 10, 7):
            try:
                assert "深处" in render(start * depth + "深处\n")
            except ContentError as error:
                assert "nested too deeply" in str(error)  # noqa: PT017

    def test_brackets_without_end_are_quick(self) -> None:
        for text in ("[" * 3_000, "*甲" * 20_000, "![](" * 2_000, "`" * 30_000 + "甲", "> " * 20_000):
            try:
                render(text)
            except ContentError as error:
                assert "nested" in str(error)  # noqa: PT017


class TestWordsAndStructure:
    def test_blocks_are_what_a_reader_sees_and_code_is_not(self) -> None:
        body = parse_body('甲**乙**`code` [丙](a.md "丁")\n\n![戊](p.jpg "己")\n')
        seen = [[text for text in block if text] for block in body.blocks]
        assert seen == [["甲", "乙", " ", "丁", "丙"], ["戊", "己"]]

    def test_words_of_another_edition_take_their_places(self) -> None:
        body = parse_body('甲**乙**`乙` [丙](a.md "丁")\n')
        other = {"甲": "1", "乙": "2", "丙": "3", "丁": "4"}
        html = render_body(body, [[other.get(text, text) for text in block] for block in body.blocks], AROUND)
        assert html == ('<p>1<strong>2</strong><code>乙</code> <a href="/repo/zh-hans/articles/a/" title="4">3</a></p>')

    def test_links_to_pages_are_named_with_their_lines(self) -> None:
        body = parse_body("一\n\n[甲](wai-shi.md) [乙](https://a.example/b.md)\n", "content/a.md", 5)
        assert body.links == (("wai-shi", 7),)

    @pytest.mark.parametrize(
        ("markdown", "opening"),
        [("一\n\n二", 0), ("![图](p.jpg)\n\n二", 1), ("# 题\n\n> 引\n\n三", 2), ("- 一", None), ("", None)],
    )
    def test_the_opening_is_the_first_plain_paragraph(self, markdown: str, opening: int | None) -> None:
        assert parse_body(markdown).opening == opening

    def test_the_opening_can_be_left_out(self) -> None:
        assert render("一\n\n二", skip=0) == "<p>二</p>"
        assert render("![图](p.jpg)\n\n一\n\n二", skip=1).endswith("<p>二</p>")


STARTS = (
    *("", "越南", "2018年", "3.5万", "A1", "1. ", "12) ", "1", "- ", "+", "# ", "> ", "    ", "  ", "\t", "```", "~~~"),
    *("===", "---", "| a |", "|-|", "![图](photo-1.jpg)", "![图](a.jpg '信')", "[x](y.md)", "[x]: /u", "**粗**", "`c`"),
    *("<b>", "&amp;", "\\"),
    *("\u3000", "~~d~~", "“引”", "：", "!", "a  ", "\xa0", "_", "*"),
)


@given(st.lists(st.lists(st.sampled_from(STARTS), max_size=3).map("".join), min_size=1, max_size=6), st.booleans())
def test_what_is_read_without_the_parser_is_what_the_parser_reads(lines: list[str], apart: bool) -> None:
    text = ("\n\n" if apart else "\n").join(lines)
    body = parse_body(text, "content/a.md", 5)
    if body.paragraphs is None:
        return
    parsed = parse_body(f"{text}\n\n***", "content/a.md", 5)  # a rule is nothing but for the parser
    assert parsed.paragraphs is None
    assert (parsed.blocks, parsed.links, parsed.opening) == (body.blocks, body.links, body.opening)
    assert render_body(parsed, parsed.blocks, AROUND) == (render_body(body, body.blocks, AROUND) + "\n<hr />").strip()


figure_words = st.text("越南图 摄（）:()'\"!-.1a<&\\*", min_size=1, max_size=8)


@given(
    figure_words, st.sampled_from(["photo-1.jpg", "a", "b.c-d", "a b", "é.jpg", "p(1).jpg"]), st.none() | figure_words
)
@example("合影", "photo-1.jpg", "越通社记者 摄")
def test_a_figure_without_marks_is_what_the_parser_reads(caption: str, address: str, credit: str | None) -> None:
    text = f"![{caption}]({address})" if credit is None else f'![{caption}]({address} "{credit}")'
    found = PLAIN_FIGURE.fullmatch(text)
    parsed: list[Token] = []
    _PARSER.inline.parse(text, _PARSER, {}, parsed)
    assert found is None or [_image(*found.groups())] == parsed
