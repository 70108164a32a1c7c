"""Front matter: what an editor may write, and where each mistake is told."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gengduo.content import Decision, decide, dump_lock, dump_page, load_lock, parse_page
from gengduo.content.frontmatter import _as_written, _Composer
from gengduo.content.lock import Digests, LockEntry
from gengduo.dates import is_edtf
from gengduo.errors import ContentError
from gengduo.model import Article, Teaser

HEAD = 'title: "标题"\nslug: "biao-ti"\nlang: "zh-Hans"\n'


def parse(front: str, body: str = "正文。\n") -> Article:
    return parse_page(f"---\n{front}---\n{body}".encode(), "content/a.md", is_edtf)[0]


def warnings_of(front: str) -> list[str]:
    found = parse_page(f"---\n{front}---\n正文。\n".encode(), "content/a.md", is_edtf)[1]
    return [str(warning) for warning in found]


def errors_in(data: str | bytes) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse_page(data if isinstance(data, bytes) else data.encode(), "content/a.md", is_edtf)
    return [str(found) for found in caught.value.problems]


def places_in(data: str | bytes) -> list[str]:
    """Where the errors of a page stand."""
    return [line.split(": ")[0].removeprefix("content/a.md") for line in errors_in(data)]


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        ("data", "place", "words"),
        [
            ("", ":1:1", "begins with a line “---”"),
            ("标题\n", ":1:1", "begins with a line “---”"),
            ("---js\ntitle: 1\n---\n", ":1:1", "begins with a line “---”"),
            ('---\ntitle: "a"\n', ":1:1", "not closed"),
            (f"---\n{HEAD}\n正文\n", ":1:1", "not closed"),
            ("---\n\ttitle: a\n---\n", ":2:1", "spaces, not with tabs"),
            ("---\nmore:\n\t- title: a\n---\n", ":3:1", "spaces, not with tabs"),
            ("---\nslug: a\ntitle: a: b\n---\n", ":3:9", "double quotes"),
            ("---\ntitle: a\nslug: b\ntitle: c\n---\n", ":4:1", "stands twice (also at line 2)"),
            ("---\nmore:\n  - title: a\n    title: b\n---\n", ":4:5", "stands twice"),
            ("---\ntitle: &name a\n---\n", ":2:8", "anchors and aliases"),
            ("---\ntitle: *name\n---\n", ":2:8", "anchors and aliases"),
            ("---\n<<: {title: a}\n---\n", ":2:1", "merge keys"),
            ("---\ntitle: !!python/object/apply:os.system [ls]\n---\n", ":2:8", "tag"),
            ("---\ntitle: !!int 3\n---\n", ":2:8", "tag"),
            ("---\ntitle: !custom 3\n---\n", ":2:8", "tag"),
            ("---\ntags: " + "[" * 40 + "]" * 40 + "\n---\n", ":2:19", "nested too deeply"),
            ("---\ntags: " + "[" * 100_000 + "\n---\n", ":2:19", "nested too deeply"),
            ("---\ntags:\n" + "".join(f"{' ' * n}- \n" for n in range(60)) + "---\n", "", ""),
            ('---\ntitle: "\\ud800"\n---\n', ":2:11", "Unicode"),
            ('---\ntitle: "\\x01"\n---\n', ":2:8", "control character"),
            ('---\ntitle: "\\ufffe"\n---\n', ":2:8", "control character"),
            ("---\ntitle: a\x00b\n---\n", ":2:9", "control character U+0000"),
            ("---\ntitle: a\n---\n正文\n\x1b[2J\n", ":5:1", "control character U+001B"),
            ("---\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> other\n---\n", ":2:1", "merge conflict"),
            ("---\ntitle: a\n=======\n---\n", ":3:1", "merge conflict"),
            ("---\n- a\n- b\n---\n", ":2:1", "key: value"),
            ("---\nonly words\n---\n", ":2:1", "key: value"),
            ("---\n[a]: b\n---\n", ":2:1", "a key must be a word"),
            ('---\nslug: a\ntitle: "a\n---\n', ":3:8", "double quotes"),
            ("---\nslug: a\nonly words\n---\n", ":3:1", "':'"),
            ("---\ntitle: a\n--- \nslug: b\n---\n", "", ""),
            (b"---\ntitle: a\nslug: \xff\n---\n", ":3:7", "not UTF-8"),
            ("---\ntitle: a\n---\n".encode("utf-16"), ":1:1", "not UTF-8"),
        ],
    )
    def test_it_is_told_at_its_line_and_column(self, data: str | bytes, place: str, words: str) -> None:
        errors = errors_in(data)
        if words:
            assert [error.split(": ")[0] for error in errors] == [f"content/a.md{place}"]
            assert words in errors[0]
            assert "; " in errors[0]
        assert all("\n" not in error for error in errors)

    def test_advice_of_python_itself_is_not_passed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gengduo.content.frontmatter.LOADER", yaml.SafeLoader)  # where libyaml is missing
        (error,) = errors_in("---\n%YAML 1." + "9" * 5000 + "\n---\n")
        assert error == (
            "content/a.md:2:1: the front matter cannot be read: it holds what no page needs; "
            "write plain keys and quoted texts"
        )

    def test_lines_count_whatever_ends_them(self) -> None:
        for end in ("\n", "\r\n", "\r"):
            assert places_in(f"---{end}slug: a{end}title: a: b{end}---{end}".encode()) == [":3:9"]

    @given(st.text(max_size=60))
    def test_no_text_is_answered_with_a_traceback(self, text: str) -> None:
        for data in (text, f"---\n{text}\n---\n", f"---\n{HEAD}x: {text}\n---\n{text}"):
            try:
                parse_page(data.encode("utf-8", "replace"), "content/a.md", is_edtf)
            except ContentError as error:
                assert all(found.position.path == "content/a.md" for found in error.problems)  # noqa: PT017

    @given(st.binary(max_size=60))
    def test_no_bytes_are_answered_with_a_traceback(self, data: bytes) -> None:
        try:
            parse_page(b"---\n" + data + b"\n---\n", "content/a.md", is_edtf)
        except ContentError as error:
            assert error.exit_code == 1  # noqa: PT017


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("line", "column", "words"),
        [
            ("date: 2018-02-30", 7, "not a date"),
            ("date: 2018-13-01", 7, "not a date"),
            ("date: yesterday", 7, "not a date"),
            ("date: [2018]", 7, "must be a text"),
            ("updated: 2018-08?", 10, "must be a date"),
            ("tags: 外事", 7, "must be a list"),
            ("tags: {a: b}", 7, "must be a list"),
            ("tags: [[a]]", 8, "must be a text"),
            ("draft: maybe", 8, "true or false"),
            ("lede: {a: b}", 7, "must be a text"),
            ("more: 标题", 7, "list of entries"),
            ("more: [标题]", 8, "must have keys"),
            ("more: [{title: a}]", 8, "lacks “slug”"),
            ("more: [{title: a, slug: ../b}]", 25, "may hold only"),
            ("more: [{title: a, slug: b, ref: B}]", 33, "may hold only"),
            ("aliases: [../x]", 10, "old address"),
            ("aliases: [/a/%2e%2e/b]", 10, "old address"),
            ("aliases: [.git/config]", 10, "old address"),
            ("source_url: javascript:alert(1)", 13, "https://"),
            ("source_url: //evil.example/", 13, "https://"),
            ("source_url: https:/a.example/", 13, "https://"),
            ("source_url: https://a.example:65536/", 13, "cannot be; correct “source_url”"),
            ("source_url: https://", 13, "no address of the web"),
            ("source_url: https://a.example/a b", 13, "no address of the web"),
            ("corrections: [{date: 2018-08-12}]", 15, "lacks “text”"),
            ("glossary: 3", 11, "glossary"),
        ],
    )
    def test_it_is_told_at_its_line_and_column(self, line: str, column: int, words: str) -> None:
        errors = errors_in(f"---\n{HEAD}{line}\n---\n")
        assert [error.split(": ")[0] for error in errors] == [f"content/a.md:5:{column}"]
        assert words in errors[0]

    @pytest.mark.parametrize(
        "slug",
        ["../x", "%2e%2e", "/etc", ".git", "index", "page", "con", "a b", "A", "a--b", "标题", "", "a" * 200, "a/b"],
    )
    def test_a_slug_that_could_be_another_path(self, slug: str) -> None:
        errors = errors_in(f'---\ntitle: "a"\nslug: "{slug}"\nlang: "zh-Hans"\n---\n')
        assert [error.split(": ")[0] for error in errors] == [f"content/a.md:3:{1 if not slug else 7}"]

    @pytest.mark.parametrize("title", ["\u200b", "\u2060\u00ad", "\u3164\u200d", "\u0301", "\u00a0\u3000"])
    def test_a_title_that_nobody_could_see(self, title: str) -> None:
        (error,) = errors_in(f'---\ntitle: "{title}"\nslug: "a"\nlang: "zh-Hans"\n---\n')
        assert error.startswith("content/a.md:2:8: “title” ")

    def test_all_of_a_page_are_told_in_one_run(self) -> None:
        assert places_in("---\ndate: x\ntags: y\nlang: zh-Hans\n---\n") == [":1:1", ":1:1", ":2:7", ":3:7"]

    def test_a_later_line_of_a_list_is_named(self) -> None:
        front = f"{HEAD}more:\n  - title: a\n    slug: a\n  - title: b\n    slug: B\n"
        assert places_in(f"---\n{front}---\n") == [":9:11"]

    def test_an_unknown_key_is_a_warning_with_the_nearest(self) -> None:
        assert warnings_of(HEAD + "tag: [a]\n") == ["content/a.md:5:6: unknown key “tag”; did you mean “tags”?"]
        assert warnings_of(HEAD + "xyzzy: 1\n") == ["content/a.md:5:8: unknown key “xyzzy”; it is ignored"]
        assert warnings_of(HEAD + "more:\n  - title: a\n    slug: a\n    captoin: b\n") == [
            "content/a.md:8:14: unknown key “captoin”; did you mean “caption”?"
        ]


class TestWhatIsRead:
    @pytest.mark.parametrize(
        "text",
        ["no", "12:30", "2021", "0123", "1e3", "0x1F", "~", "null", "true", "2018-08-12", "1_000", "9" * 5000, ".inf"],
    )
    def test_scalars_stay_what_was_written(self, text: str) -> None:
        assert parse(f"{HEAD}credit: {text}\n").credit == text

    def test_ref_false_forbids_a_link_and_a_quoted_one_is_a_slug(self) -> None:
        front = f'{HEAD}more:\n  - {{title: a, slug: a, ref: false}}\n  - {{title: b, slug: b, ref: "false"}}\n'
        assert [teaser.ref for teaser in parse(front).more] == [False, "false"]

    def test_line_ends_and_a_mark_at_the_beginning_do_not_matter(self) -> None:
        plain = f"---\n{HEAD}---\n一\n二\n"
        expected = parse_page(plain.encode(), "content/a.md", is_edtf)
        for end in ("\r\n", "\r"):
            assert parse_page(plain.replace("\n", end).encode("utf-8-sig"), "content/a.md", is_edtf) == expected

    def test_the_line_of_a_body_is_that_of_the_file(self) -> None:
        assert parse(HEAD).body_line == 6

    def test_a_rule_of_hyphens_in_the_body_is_no_front_matter(self) -> None:
        assert parse(HEAD, "一\n\n---\n\n二\n").body == "一\n\n---\n\n二\n"


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20).map(str.strip)
slugs = st.from_regex(r"[a-z]{2,8}(-[a-z0-9]{1,5}){0,2}x", fullmatch=True)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article as the importer writes it."""
    more = draw(st.lists(st.tuples(words.filter(bool), slugs, words, st.sampled_from(["", "2018-08-12?"])), max_size=3))
    return Article(
        source_path="content/a.md",
        title=draw(words.filter(bool)),
        slug=draw(slugs),
        lang="zh-Hant",
        date=draw(st.sampled_from(["", "2018-08-12", "XXXX-08-17", "[2017-09-02,2018-09-02]"])),
        date_basis=tuple(dict.fromkeys(draw(st.lists(words.filter(bool), max_size=2)))),
        lede=draw(words),
        byline=draw(words),
        tags=tuple(dict.fromkeys(draw(st.lists(words.filter(bool), max_size=3)))),
        more=tuple(Teaser(title=title, slug=slug, lede=lede, date=date) for title, slug, lede, date in more),
        seed=draw(words),
        body=draw(words) + "\n",
        body_line=0,
    )


@given(articles())
def test_a_page_that_was_written_reads_as_it_was(article: Article) -> None:
    read, warnings = parse_page(dump_page(article).encode(), "content/a.md", is_edtf)
    assert warnings == ()
    assert read.body == f"\n{article.body}"  # a blank line sets it off
    for name in set(Article.__struct_fields__) - {"body", "body_line", "more"}:
        assert getattr(read, name) == getattr(article, name)
    for made, given_ in zip(read.more, article.more, strict=True):
        assert (made.title, made.slug, made.lede, made.date) == (given_.title, given_.slug, given_.lede, given_.date)


ODD_LINES = (
    *("tags: []", "tags: [ ]", 'tags: ["a","b"]', 'tags: ["a", "b"]', 'tags: ["a", b]', "more:", "more: []", "more: ~"),
    *('  - title: "a"', '    slug: "b"', '  - slug: ""', "  - ", '   - title: "a"', '  title: "a"', '    - title: "a"'),
    *(
        "title:",
        'title: "a\\n"',
        'title: "a" # b',
        'title:  "a"',
        "title: 'a'",
        "title: a",
        "draft: true",
        "draft: yes",
    ),
    *("draft: false ", "draft: true"),
    *(
        '"title": "a"',
        'lede: "a\tb"',
        'lede: "a\u2028b"',
        'lede: " a "',
        'lede: "a',
        'Lede: "a"',
        "",
        "# a",
        "---",
        "...",
    ),
)


front_matters = articles().map(lambda article: dump_page(article).split("\n---\n")[0].split("\n")[1:])


@given(front_matters | st.builds(list), st.data())
def test_what_is_read_without_the_parser_is_what_the_parser_reads(lines: list[str], data: st.DataObject) -> None:
    """Front matter in the importer's own form, and the same with a few lines of an editor's between."""
    for line in data.draw(st.lists(st.sampled_from(ODD_LINES), max_size=4)):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    text = "".join(f"{line}\n" for line in lines)
    read = _as_written(text, 2)
    if read is not None:
        document = _Composer(text, "content/a.md", 2).document()
        assert read == (document.value if document else {})


class TestLock:
    ENTRIES = (
        LockEntry(seed="旧/b.txt", seed_digest="1", page="b.md", page_digest="2"),
        LockEntry(seed="a.txt", seed_digest="3", page="a.md", page_digest="4"),
    )

    def test_it_reads_as_it_was_written(self) -> None:
        lock = load_lock(dump_lock(self.ENTRIES), "import.lock")
        assert list(lock) == ["a.txt", "旧/b.txt"]
        assert set(lock.values()) == set(self.ENTRIES)

    def test_an_entry_is_a_line_in_the_order_of_names(self) -> None:
        lines = dump_lock(self.ENTRIES).decode().splitlines()
        assert len(lines) == 4
        assert '"a.txt"' in lines[1]
        assert '"旧/b.txt"' in lines[2]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"{",
            b"[]",
            b"{}",
            b'{"version": 2}',
            b'{"version": 1, "pages": [{}]}',
            b"\xff",
            b"<<<<<<< HEAD\n{}",
        ],
    )
    def test_a_damaged_one_is_an_error_with_advice(self, data: bytes) -> None:
        with pytest.raises(ContentError, match=r"^content/import\.lock: .*; restore it from history"):
            load_lock(data, "content/import.lock")

    @pytest.mark.parametrize(
        ("base", "current", "new", "decision"),
        [
            ("1", "1", "1", Decision.REMEMBER),
            ("1", "2", "2", Decision.REMEMBER),
            ("1", "1", "2", Decision.REPLACE),
            ("1", "2", "1", Decision.KEEP),
            ("1", "2", "3", Decision.ASK),
            (None, "1", "1", Decision.REMEMBER),
            (None, "1", "2", Decision.ASK),
        ],
    )
    def test_three_digests_decide(self, base: str | None, current: str, new: str, decision: Decision) -> None:
        assert decide(Digests(base, current, new)) is decision
