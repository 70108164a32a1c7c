"""Templates: what they may include, where their mistakes are told, and that no text breaks out of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import jinja2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from trials import PLAIN_THEME, PROJECT, build_here, site_view, write

from gengduo.errors import ContentError
from gengduo.model import Item, Link, ListPage, MissingPage, SiteView
from gengduo.render import (
    TEMPLATES,
    WORDS_OF_VIEWS,
    CompiledTemplates,
    Renderer,
    forget_compiled,
    load_words,
    script_json,
    template_digests,
    template_files,
)
from gengduo.render.edition import clauses
from gengduo.render.page import MANY

SITE = site_view()
VIEW = MissingPage(edition="zh-hans", output_path="zh-hans/404.html", permalink="zh-hans/404.html", title="<b>&\"'")
LIST = ListPage(
    edition="zh-hans",
    output_path="zh-hans/404.html",
    permalink="zh-hans/404.html",
    title="<b>&\"'",
    heading="",
    total_articles=0,
    total_briefs=0,
    items=(),
)
"""A page of a kind of which a site has many: it is printed in another way, with the same result."""


def theme(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        write(folder / name, text)
    return folder


def render(folder: Path, **files: str) -> str:
    theme(folder, {f"{name.replace('__', '/')}.html": text for name, text in files.items()})
    return Renderer(template_files(folder), SITE).render(VIEW, None).decode()


def error_in(folder: Path, **files: str) -> str:
    with pytest.raises(ContentError) as caught:
        render(folder, **files)
    (found,) = caught.value.problems
    as_list = {name: data.replace(b"missing.html", b"list.html") for name, data in template_files(folder).items()}
    with pytest.raises(ContentError) as caught:
        Renderer(as_list | {"list.html": as_list.pop("missing.html")}, SITE).render(LIST, None)
    (same,) = caught.value.problems
    if "itself" not in found.message:  # told where Python had enough of it
        assert str(same).replace("list.html", "missing.html").replace("ListPage", "MissingPage") == str(found)
    return str(found)


class TestMistakes:
    @pytest.mark.parametrize(
        ("template", "place", "words"),
        [
            ("一\n{{ page.titel }}", "missing.html:2", "titel"),
            ("{{ nothing }}", "missing.html:1", "“nothing”|'nothing' is undefined"),
            ("{% if page.nothing %}{% endif %}", "missing.html:1", "nothing"),
            ("{{ site.words['nothing'] }}", "missing.html:1", "nothing"),
            ("一\n二\n{% for %}", "missing.html:3", "Expected"),
            ("{% block a %}", "missing.html:1", "endblock"),
            ("{{ 1 / 0 }}", "missing.html:1", "division by zero"),
            ("一\n{{ site.title.replace('a') }}", "missing.html:2", "replace expected"),
            ("一\n{{ page.title|shout }}", "missing.html:2", "shout"),
            ("一\n{{ cycler() }}", "missing.html:2", "one item"),
            ("一\n{{ page.title|safe(1) }}", "missing.html:2", "argument"),
            ("{% for a in 'a' %}" * 25 + "{% endfor %}" * 25, "missing.html", "nested"),
            ("{{ page.title + 1 }}", "missing.html:1", "str"),
            ("一\n{% include 'partials/none.html' %}", "missing.html:2", "no template “partials/none.html”"),
            ("{% extends 'none.html' %}", "missing.html:1", "no template “none.html”"),
            ("{% include '../secret.html' %}", "missing.html:1", "no template"),
            ("{% include '/etc/passwd' %}", "missing.html:1", "no template"),
            ("{% include '.hidden.html' %}", "missing.html:1", "no template"),
            ("{% include 'missing.html' %}", "missing.html:1", "includes itself"),
            ("{% extends 'missing.html' %}", "missing.html", "itself"),
        ],
    )
    def test_one_is_told_at_the_line_of_the_template(
        self, template: str, place: str, words: str, tmp_path: Path
    ) -> None:
        write(tmp_path / "secret.html", "secret")
        write(tmp_path / "templates" / ".hidden.html", "hidden")
        error = error_in(tmp_path / "templates", missing=template)
        assert error.startswith(f"templates/{place}"), error
        assert any(word in error for word in words.split("|")), error
        assert "; " in error

    def test_one_in_a_partial_is_told_at_the_partial(self, tmp_path: Path) -> None:
        files = {"missing": "{% include 'partials/a.html' %}", "partials__a": "一\n\n{{ page.titel }}"}
        assert error_in(tmp_path, **files).startswith("templates/partials/a.html:3: ")
        files = {"missing": "{% include 'partials/a.html' %}", "partials__a": "一\n{% include 'none.html' %}"}
        assert error_in(tmp_path, **files).startswith("templates/partials/a.html:2: ")
        files = {"missing": "{% include 'partials/a.html' %}", "partials__a": "一\n{% endif %}"}
        assert error_in(tmp_path, **files).startswith("templates/partials/a.html:2: ")

    def test_two_that_include_each_other(self, tmp_path: Path) -> None:
        files = {"missing": "{% include 'a.html' %}", "a": "{% include 'missing.html' %}"}
        assert "includes itself" in error_in(tmp_path, **files)


class TestEscaping:
    def test_values_are_text(self, tmp_path: Path) -> None:
        assert render(tmp_path, missing="{{ page.title }}") == "&lt;b&gt;&amp;&#34;&#39;"

    def test_whatever_the_suffix_of_what_is_included(self, tmp_path: Path) -> None:
        write(tmp_path / "a.svg", "{{ page.title }}")
        assert "<b>" not in render(tmp_path, missing="{% include 'a.svg' %}")

    @given(st.recursive(st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)))
    def test_json_in_a_script_is_inert_and_says_the_same(self, value: object) -> None:
        text = script_json(value)
        assert not set(text) & set("<>&\u2028\u2029")
        assert json.loads(text) == value

    @pytest.mark.parametrize(
        "payload",
        [
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "]]><script>alert(1)</script>",
            "--><script>alert(1)</script>",
            "</title><script>alert(1)</script>",
            '" onmouseover="alert(1)',
            "' onmouseover='alert(1)",
            "{{7*7}}{% raw %}",
            "${7*7}",
            "</textarea></style></noscript><img src=x onerror=alert(1)>",
            "\u2028alert(1)\u2029",
            "&lt;script&gt;",
        ],
    )
    def test_no_text_of_a_page_breaks_out_of_the_theme(self, payload: str, make_site: Callable[..., Path]) -> None:
        quoted = json.dumps(payload, ensure_ascii=True)
        front = (
            f"---\ntitle: {quoted}\nslug: a\nlang: zh-Hans\ndate: 2019-03-05\nlede: {quoted}\nbyline: {quoted}\n"
            f"dateline: {quoted}\ncredit: {quoted}\nsection: {quoted}\ndate_basis: [{quoted}]\ntags: [{quoted}]\n"
            f"withdrawn: ''\ncorrections: [{{date: 2019-03-06, text: {quoted}}}]\nsource_url: https://a.example/?a=1&b='\n"
            f"more:\n  - title: {quoted}\n    slug: b\n    lede: {quoted}\n    caption: {quoted}\n---\n"
        )
        site = make_site(pages={"a.md": f"{front}\n正文。\n"})
        done = build_here(site)
        assert done.report is not None, done.errors
        for path in sorted((site / "public").rglob("*.html")):
            document = lxml_html.fromstring(path.read_bytes())
            scripts = document.xpath("//script[not(@type='application/ld+json')]")
            assert all("alert" not in (script.text or "") and script.get("src") for script in scripts), path
            assert not document.xpath("//@onmouseover | //@onerror"), path
            for script in document.xpath("//script[@type='application/ld+json']"):
                assert json.loads(script.text)["@type"] == "NewsArticle"
        article = lxml_html.fromstring((site / "public/zh-hans/articles/a/index.html").read_bytes().decode())
        shown = "".join(payload.split())
        assert "".join(article.xpath("string(//article//h1)").split()) == shown
        for path in sorted((site / "public").rglob("*.xml")):
            lxml_html.etree.fromstring(path.read_bytes())


class TestDigests:
    def test_each_view_depends_on_all_that_its_template_reaches(self, tmp_path: Path) -> None:
        folder = theme(tmp_path, PLAIN_THEME) / "templates"
        before = template_digests(template_files(folder))
        assert set(before) == set(TEMPLATES)
        for name, touched in {
            "base.html": set(TEMPLATES),
            "partials/mast.html": set(TEMPLATES),
            "partials/mark.svg": set(TEMPLATES),
            "article.html": {"article"},
            "list.html": {"list"},
            "strings.toml": set(),
        }.items():
            path = folder / name
            text = path.read_text("utf-8")
            path.write_text(f"{text}\n", "utf-8")
            after = template_digests(template_files(folder))
            assert {tag for tag in before if before[tag] != after[tag]} == touched, name
            path.write_text(text, "utf-8")

    @pytest.mark.parametrize(
        "call",
        [
            "{% include 'x.html' %}",
            "{% import 'x.html' as x %}",
            "{% from 'x.html' import a %}",
            "{% extends 'x.html' %}",
            "{% include ['none.html', 'x.html'] %}",
            "{% include 'x.html' ignore missing %}",
            "{% include page.title %}",
            "{% include 'x' ~ '.html' %}",
        ],
    )
    def test_whatever_way_a_template_names_another(self, call: str, tmp_path: Path) -> None:
        folder = theme(tmp_path, {"missing.html": call, "x.html": "1"})
        before = template_digests(template_files(folder))["missing"]
        write(folder / "x.html", "2")
        assert template_digests(template_files(folder))["missing"] != before

    def test_one_that_comes_or_goes(self, tmp_path: Path) -> None:
        folder = theme(tmp_path, {"missing.html": "{% include 'x.html' ignore missing %}"})
        before = template_digests(template_files(folder))["missing"]
        write(folder / "x.html", "1")
        assert template_digests(template_files(folder))["missing"] != before


class TestWords:
    def test_a_word_that_is_missing_in_one_script_or_in_both_is_told(self, tmp_path: Path) -> None:
        words = "".join(f'{word} = "词"\n' for word in WORDS_OF_VIEWS)
        for text, missing in (
            (f'["zh-Hans"]\n{words}more = "更多"\n["zh-Hant"]\n{words}', "the word “more” is missing in [zh-Hant]"),
            (f'["zh-Hans"]\n{words.replace("home", "hoem")}', "the word “home” is missing in [zh-Hans]"),
            (f'["zh-Hans"]\n{words}more = 1\n', "the word “more” is missing in [zh-Hans]"),
        ):
            write(tmp_path / "strings.toml", text)
            with pytest.raises(ContentError) as caught:
                load_words(tmp_path, ())
            (found,) = [found for found in caught.value.problems if missing in found.message]
            line = text.split("\n")[found.position.line - 1]
            assert line.startswith(("more = 1", missing.rpartition(" ")[2].replace("[", '["').replace("]", '"]')))
            assert found.position.column == 1

    def test_those_that_views_need_are_all_asked_for(self) -> None:
        source = "".join(
            path.read_text("utf-8")
            for path in sorted(Path(load_words.__code__.co_filename).parent.parent.rglob("*.py"))
        )
        named = set(re.findall(r'site\.words\["([a-z_0-9]+)"\]', source))
        named |= set(re.findall(r'self\.words\("([a-z_0-9]+)"', source))
        assert len(named) > 5
        assert named <= set(WORDS_OF_VIEWS)


class TestSpecialised:
    """What an edition's values do to its templates changes no byte."""

    SITE = msgspec.structs.replace(
        SITE,
        title="<更多>",
        nav=(Link(title="首页 & 更多", href="/zh-hans/"), Link(title="日期", href="/zh-hans/dates/")),
        footer="版权\n\n联系",
        words={"brief": "简讯", "items": "条目", "n": "{n} 条"},
        assets={"icon.svg": "/static/icon.svg"},
    )
    PARTS = (
        "{{ site.title }}{{ site.title|safe }}{{ site.assets['icon.svg'] }}{{ site.words.brief }}",
        "{{ site.words['items'] }}{{ site.words.items()|list|length }}{{ site.words.n.replace('{n}', '7') }}",
        "{% for link in site.nav %}{{ link.title }}{% if link.href == page.permalink %}!{% endif %}{% endfor %}",
        "{% for link in site.nav %}{{ loop.index }}{{ link.href }}{% else %}-{% endfor %}",
        "{% for link in site.nav if link.count %}{{ link.href }}{% else %}-{% endfor %}",
        "{% for link in site.nav %}{% set link = 'x' %}{{ link }}{% endfor %}",
        "{% for link in site.nav %}{% include 'partials/one.html' %}{% endfor %}",
        "{% for link in site.nav %}{% for c in 'ab' %}{{ c }}{{ link.title }}{% endfor %}{% endfor %}",
        "{% for line in site.footer.splitlines() %}{% if line.strip() %}<p>{{ line }}</p>{% endif %}{% endfor %}",
        "{% macro a(site) %}{{ site.title }}{% endmacro %}{{ a(page) }}{{ site.title }}",
        "{% set site = page %}{{ site.title }}",
        "{% for site in [page] %}{{ site.title }}{% endfor %}{{ site.title }}",
        "{% macro b(x, y='2', z='<') %}{{ x }}{{ y }}{{ z }}{% endmacro %}{{ b('<', z='>') }}{{ b(1, 2, 3) }}",
        "{% macro c() %}{{ caller() }}{{ varargs }}{% endmacro %}{% call c(1) %}<i>{{ site.title }}{% endcall %}",
        "{{ page.nothing is defined }}{{ site.nothing is defined }}{{ site.words.nothing is defined }}",
        "{{ 'a' ~ site.title ~ '<b>'|safe }}{{ 'y' if site.lang.startswith('zh') else 'z' }}",
        "{% for link in site.nav %}{{ link['title'] }}{{ link.count }}{{ link is defined }}{% endfor %}",
        "{% macro d(x) %}[{{ x.title }}]{% endmacro %}{% for link in site.nav %}{{ d(link) }}{% endfor %}",
        "{% macro e(called, self_=1) %}{{ called }}{% endmacro %}{{ e(called=3) }}",
        "{% macro f(x) %}{{ x }}{% endmacro %}{% autoescape false %}{{ f('<') + '<b>' }}{% endautoescape %}",
        "{% autoescape page.title == '' %}{{ site.title }}{% endautoescape %}{{ site.title }}",
        "{% set site = page %}{% include 'partials/title.html' %}",
        "{% for site in [page] %}{% include 'partials/title.html' %}{% endfor %}",
        "{% with site = page %}{% include 'partials/title.html' %}{% endwith %}",
        "{% set site = page %}{% extends 'partials/title.html' %}",
        "{% set site = page %}{% import 'partials/macro.html' as m with context %}{{ m.title() }}",
        "{% import 'partials/macro.html' as site %}{{ site.title() }}",
        "{% from 'partials/macro.html' import own as site %}{{ site.title }}",
        "{% macro site() %}{% endmacro %}{{ site.name }}",
    )

    @pytest.mark.parametrize("part", PARTS)
    def test_it_is_what_jinja_itself_makes(self, part: str) -> None:
        files = {
            "list.html": part.encode(),
            "partials/one.html": b"[{{ link.title }}]",
            "partials/title.html": b"{{ site.title }}",
            "partials/macro.html": b"{% macro title() %}{{ site.title }}{% endmacro %}{% set own = {'title': 'own'} %}",
        }
        plain = jinja2.Environment(
            loader=jinja2.DictLoader({name: data.decode() for name, data in files.items()}),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )
        plain.globals["site"] = self.SITE
        expected = plain.get_template("list.html").render(page=LIST)
        assert Renderer(files, self.SITE).render(LIST, None).decode() == expected

    FRAME = (
        "{% set url = site.title ~ page.permalink %}{% set n = 1 %}<{% block layout %}inner{% endblock %}>{{ n }}"
        "{% if page.title %}{% block body %}{% block masthead %}[{% block nav %}"
        "{% for link in site.nav %}{{ link.title }}{% endfor %}{{ url }}{% endblock %}]{% endblock %}"
        "{% block main %}{% endblock %}{% endblock %}{% endif %}"
    )
    MACROS = (
        "{% macro own(x, y='2') %}{{ x }}{{ y }}{{ inner(x) }}{% endmacro %} {% macro inner(z) %}<{{ z }}{% endmacro %}"
    )
    OWN = "{% from 'm.html' import own %}"

    @pytest.mark.parametrize(
        ("is_single", "outside", "main"),
        [
            (True, "{% block layout %}list{% endblock %}", "{{ page.title }}{{ url }}"),
            (True, OWN, "{{ own('&', y=own(1)) }}{{ own(page.title) }}{{ own('x') ~ '<' }}{{ own|string|length > 9 }}"),
            (True, "{% block masthead %}{{ super() }}-{{ self.nav() }}{{ self.main() }}{% endblock %}", "-"),
            (True, "{% block nav %}{% set url = '/' %}{{ url }}{% endblock %}", "{{ url }}"),
            (False, "{% block nav %}{% set url = '/' %}{{ url }}{{ super() }}{% endblock %}", "{{ url }}"),
            (True, "", "{% for n in [2, 3] %}{{ n }}{{ loop.first }}{% endfor %}{{ n }}"),
            (True, "", "{% set f = namespace(n=1) %}{% set f.n = 2 %}{{ f.n }}{{ page.nothing is defined }}"),
            (True, "", "{{ page.nothing }}"),
            (True, "", "{{ page.title|safe }}{{ 1|safe }}{{ 1.5 }}{{ none }}{{ ['<', '中']|join('<') }}"),
            (True, OWN, "{% set call = own %}{{ call('<') }}{{ 1 if call }}{{ own(own(1), 2) }}"),
            (True, OWN, "{{ (own('<') if page.title else '-') }}{% for x in [own('>')] %}{{ x }}{% endfor %}"),
            (False, "", "{% set stories = page.title %}{{ stories }}"),
            (False, "", "{% set x %}<b>{{ page.title }}{% endset %}{{ x }}"),
            (False, "", "{% filter upper %}a{{ page.title }}{% endfilter %}"),
            (False, "", "{% macro own(x) %}<{{ x }}{% endmacro %}{{ own(1) }}"),
            (False, "", "{% for x in [1, [2]] recursive %}{{ loop(x) if x is iterable else x }}{% endfor %}"),
            (False, "{% block masthead %}{% set n = 2 %}{% block nav %}{{ n }}{% endblock %}{% endblock %}", ""),
            (False, "{% from 'm.html' import own as other %}", "{{ other(1) }}"),
            (False, OWN, "{{ inner is defined }}{{ own(1) }}"),
            (False, "", "{% for n in [1] %}{% block each %}{{ n }}{% endblock %}{% endfor %}"),
            (False, "{% import 'm.html' as m %}", "{{ m.own(1) }}"),
            (False, "{% set n = 3 %}", "{{ n }}"),
            (False, "", "{% set page = site %}{{ page.title }}"),
            (False, "", "{% include 'part.html' %}"),
            (False, "", "{{ super is defined }}"),
            (False, "{% block main %}{% endblock %}", ""),
            (False, "{% block nav %}{% endblock %}" + OWN, "{{ own(1) }}"),
            (True, OWN, "{{ own(*['<', 2]) }}{% for a, b in zip(*[['<'], [2]]) %}{{ a }}{{ b }}{% endfor %}"),
            (True, "", "{{ page.__class__.__name__ }}{{ page.__doc__ is none }}"),
        ],
    )
    def test_a_frame_with_its_blocks_and_macros_too(self, is_single: bool, outside: str, main: str) -> None:
        page = f"{{% extends 'base.html' %}}{outside}{{% block main %}}{main}{{% endblock %}}"
        files = {"list.html": page, "base.html": self.FRAME, "m.html": self.MACROS, "part.html": "{{ page.title }}"}
        plain = jinja2.Environment(loader=jinja2.DictLoader(files), autoescape=True, undefined=jinja2.StrictUndefined)
        plain.globals |= {"site": self.SITE, "zip": zip}
        renderer = Renderer({name: text.encode() for name, text in files.items()}, self.SITE)
        assert ("list" in renderer.printers) == is_single
        try:
            expected = plain.get_template("list.html").render(page=LIST)
        except jinja2.TemplateError:
            with pytest.raises(ContentError):
                renderer.render(LIST, None)
        else:
            assert renderer.render(LIST, None).decode() == expected

    def test_what_a_page_uses_before_it_is_imported_is_unknown_there(self) -> None:
        files = {
            "list.html": b"{{ a is defined }}{% from 'm.html' import a %}",
            "m.html": b"{% macro a() %}{% endmacro %}",
        }
        assert Renderer(files, self.SITE).render(LIST, None) == b"False"

    def test_a_macro_that_is_called_as_what_prints_a_page_prints_none(self) -> None:
        macro = b"{% macro print_list(x, y, z) %}{{ y }}{% endmacro %}{% macro a() %}{% endmacro %}"
        page = b"{% from 'm.html' import print_list %}{{ print_list(1, 2, 3) }}"
        renderer = Renderer({"list.html": page, "front.html": b"{% from 'm.html' import a %}", "m.html": macro}, SITE)
        assert renderer.render(LIST, None) == b"2"

    def test_what_stories_were_made_of_a_page_s_own_macro_is_not_kept_for_ever(self) -> None:
        page = b"{% macro own(item) %}{{ item.title }}{{ page.title }}{% endmacro %}{{ stories(own, page.items) }}"
        renderer = Renderer({"list.html": page}, SITE)
        for number in range(200):
            items = (Item(text="", href="", kind="article", title="<"),)
            view = msgspec.structs.replace(LIST, title=str(number), items=items)
            assert renderer.render(view, None).decode() == f"&lt;{number}"
        assert len(renderer.environment.globals["stories"].made) <= 50

    def test_the_theme_has_its_pages_printed_so(self) -> None:
        renderer = Renderer(template_files(PROJECT / "templates"), SITE)
        assert tuple(renderer.printers) == MANY

    def test_arguments_that_a_macro_does_not_take_are_refused(self) -> None:
        files = {"list.html": b"{% macro a(x) %}{{ x }}{% endmacro %}\n{{ a(1, 2) }}"}
        with pytest.raises(ContentError, match=r"templates/list.html:2: .*not more than 1 argument"):
            Renderer(files, self.SITE).render(LIST, None)

    @pytest.mark.parametrize(
        ("title", "parts"),
        [
            ("越南外长：访问“成功”，双方满意", ["越南外长：", "访问“成功”，", "双方满意"]),
            ("“来吧！”他说", ["“来吧！”", "他说"]),
            ("为什么？！ 没有人知道", ["为什么？！", " ", "没有人知道"]),
            ("：", ["："]),
            ("", []),
        ],
    )
    def test_clauses_of_a_headline_are_the_whole_of_it(self, title: str, parts: list[str]) -> None:
        assert clauses(title) == parts
        assert "".join(parts) == title


class TestCompiled:
    FILES: ClassVar = {"missing.html": b"{{ site.title }} {{ page.title }}"}

    def test_what_was_compiled_is_used_again_and_no_other(self, tmp_path: Path) -> None:
        def render(files: Mapping[str, bytes], site: SiteView, program: str = "1") -> str:
            return Renderer(files, site, CompiledTemplates(tmp_path, program, site)).render(VIEW, None).decode()

        other = msgspec.structs.replace(SITE, title="大报")
        edited = {"missing.html": b"{{ page.title }}"}
        for _ in range(2):
            assert render(self.FILES, SITE).startswith("小报 ")
            assert render(self.FILES, other).startswith("大报 ")
            assert render(edited, SITE) == "&lt;b&gt;&amp;&#34;&#39;"
        assert len(list(tmp_path.iterdir())) == 2
        render(self.FILES, SITE, program="2")
        forget_compiled(tmp_path, "1", [SITE])
        assert len(list(tmp_path.iterdir())) == 1

    @pytest.mark.parametrize("damage", [b"", b"\0" * 40, b"cut"])
    def test_damaged_code_is_compiled_anew(self, damage: bytes, tmp_path: Path) -> None:
        def render() -> bytes:
            return Renderer(self.FILES, SITE, CompiledTemplates(tmp_path, "1", SITE)).render(VIEW, None)

        whole = render()
        (place,) = tmp_path.iterdir()
        good = place.read_bytes()
        place.write_bytes(good[:-1] if damage == b"cut" else damage)
        assert render() == whole
        assert place.read_bytes() == good

    def test_a_folder_that_cannot_be_written_does_no_harm(self, tmp_path: Path) -> None:
        write(tmp_path / "file", "")
        compiled = CompiledTemplates(tmp_path / "file" / "templates", "1", SITE)
        assert Renderer(self.FILES, SITE, compiled).render(VIEW, None).startswith("小报".encode())
