"""The audit of a built site: a whole one has nothing to be said of it, a damaged one just what was damaged."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import msgspec
import pytest
from preview_process import lay_out_site, write_page

from gengduo.cache import digest_bytes
from gengduo.check import check_site
from gengduo.check.addresses import permalink_of, resolve
from gengduo.check.markup import read_markup
from gengduo.check.pages import foreign_words
from gengduo.config import load_config
from gengduo.errors import ConfigError
from gengduo.output import load_manifest, write_manifest

STORY = "zh-hans/articles/yi/index.html"
OTHER = "zh-hant/articles/yi/index.html"
SITEMAP_INDEX = (
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>https://example.org/repo/sitemap-1.xml</loc></sitemap></sitemapindex>"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory, run_build):
    """A site that was built; not to be changed."""
    site = lay_out_site(tmp_path_factory.mktemp("check") / "site")
    write_page(site, "yi", "会议闭幕", "会议在河内闭幕，[代表团](er.md)今天离开。\n\n## 后续\n\n`代码` 与范明政。")
    done = run_build(site)
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def config(built):
    return load_config(built / "site.toml")


@pytest.fixture
def public(built, tmp_path):
    """The built pages, to be damaged."""
    shutil.copytree(built / "public", tmp_path / "public")
    return tmp_path / "public"


class Damage:
    """Changes files, and has the manifest agree, so that only what the change means is found."""

    def __init__(self, public: Path) -> None:
        self.public = public

    def write(self, path: str, data: str | bytes) -> None:
        place = self.public / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())
        self.sign(path)

    def edit(self, path: str, pattern: str, new: str) -> None:
        text = (self.public / path).read_text("utf-8")
        changed, count = re.subn(pattern, new, text, count=1)
        assert count == 1, f"{pattern} is not in {path}"
        self.write(path, changed)

    def remove(self, path: str) -> None:
        (self.public / path).unlink()
        self.sign(path)

    def sign(self, path: str) -> None:
        manifest = load_manifest(self.public)
        place = self.public / path
        if place.exists():
            manifest[path] = digest_bytes(place.read_bytes())
        else:
            manifest.pop(path, None)
        write_manifest(self.public, manifest)


@pytest.fixture
def damage(public):
    return Damage(public)


def told(report, kind="errors"):
    return [str(found) for found in getattr(report, kind)]


def test_a_whole_site_has_nothing_to_be_said_of_it(public, config):
    report = check_site(public, config)
    assert (told(report), told(report, "warnings")) == ([], [])
    assert report.files == sum(len(names) for _, _, names in os.walk(public)) - 1  # the manifest
    assert report.links > 300


def test_several_processes_find_the_same(public, config, damage, monkeypatch):
    monkeypatch.setattr("gengduo.check.SHARD", 3)
    for path in sorted(public.rglob("*.html")):
        text = path.read_text("utf-8")
        damage.write(path.relative_to(public).as_posix(), text.replace("</main>", '<a href="/repo/no/">无</a></main>'))
    alone, together = check_site(public, config), check_site(public, config, 2)
    assert alone == together
    pages = len(list(public.rglob("*.html")))
    assert len(alone.errors) == 1
    assert f"(and {pages - 1} times elsewhere)" in told(alone)[0]


# ------------------------------------------------------------------------------------------------ damage to pages

LINK = 'href="/repo/zh-hans/articles/er/"'
HTML_DAMAGE = [
    (LINK, 'href="/repo/zh-hans/articles/san/"', "“/repo/zh-hans/articles/san/” leads nowhere"),
    (LINK, 'href="../san/"', "“../san/” leads nowhere"),
    (LINK, 'href="/zh-hans/articles/er/"', "leads out of the site, which lies under /repo/"),
    (LINK, 'href="//evil.example/"', "leads to another host"),
    (LINK, 'href="javascript:alert(1)"', "the scheme “javascript:” is not allowed"),
    (LINK, 'href="/repo/zh-hans/tags/#nothing"', "names nothing on the page /repo/zh-hans/tags/"),
    (LINK, 'href="/repo/zh-hant/articles/er/"', "leads into the edition zh-hant"),
    (LINK, 'href="/repo/%6eo/"', "“/repo/%6eo/” leads nowhere"),
    ('href="#main"', 'href="#mian"', "“#mian” names nothing on this page"),
    ('src="/repo/static/js/gengduo.js"', 'src="/repo/static/js/other.js"', "“/repo/static/js/other.js” leads nowhere"),
    (
        'href="/repo/static/css/gengduo.css"',
        'href="/repo/static/css/other.css"',
        "“/repo/static/css/other.css” leads nowhere",
    ),
    ("</main>", '<img src="/repo/static/photos/no.jpg" alt=""></main>', "“/repo/static/photos/no.jpg” leads nowhere"),
    ("</main>", '<img alt="" srcset="/repo/no-1.jpg 1x, /repo/no-1.jpg 2x"></main>', "“/repo/no-1.jpg” leads nowhere"),
    ("</main>", '<img src="/repo/static/icon.svg"></main>', "a picture has no alt"),
    ("</main>", "<h1>二</h1></main>", "there are 2 h1 headings, not one"),
    ("<h1>.*?</h1>", "", "there is no h1 heading"),
    ("<title>.*?</title>", "", "there is no title"),
    ("</main>", '<p id="main">二</p></main>', "the id “main” stands twice on the page"),
    ('<html lang="zh-Hans">', '<html lang="zh-Hant">', "html has lang “zh-Hant”, the edition is in “zh-Hans”"),
    ('(<link rel="canonical" href="[^"]*)/yi/"', r'\1/er/"', "the canonical address is “https://"),
    ('<link rel="canonical"[^>]*>', "", "there are 0 canonical addresses, not one"),
    ('<link rel="alternate" hreflang="zh-Hant"[^>]*>', "", "the hreflang links are not"),
    ('(<link rel="alternate" hreflang="zh-Hant" href="[^"]*)/yi/"', r'\1/er/"', "the hreflang links are not"),
    ('<link rel="alternate" hreflang="x-default"[^>]*>', "", "there is not one hreflang x-default"),
    (
        '(<a lang="zh-Hant" hreflang="zh-Hant" href="[^"]*)articles/yi/"',
        r'\1"',
        "the way to the edition zh-hant leads to “/repo/zh-hant/”",
    ),
    ('"@type":"NewsArticle",', '"@type":,', "the JSON-LD is not valid JSON"),
]


@pytest.mark.parametrize(("old", "new", "message"), HTML_DAMAGE)
def test_damaged_page_is_found_at_its_place(public, config, damage, old, new, message):
    damage.edit(STORY, old, new)
    found = told(check_site(public, config))
    assert any(re.match(rf"public/{STORY}(:\d+:\d+)?: .*{re.escape(message)}.*; .+", line) for line in found), found
    assert len(found) <= 2


def test_place_of_an_error_is_that_of_the_tag(public, config, damage):
    damage.edit(STORY, "</main>", '\n  <a href="/repo/no/">无</a></main>')
    lines = (public / STORY).read_text("utf-8").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "/repo/no/" in text)
    assert told(check_site(public, config)) == [
        f"public/{STORY}:{line}:3: “/repo/no/” leads nowhere; correct the address, or make the page"
    ]


def test_link_without_its_slash_is_a_warning(public, config, damage):
    damage.edit(STORY, 'href="/repo/zh-hans/articles/er/"', 'href="/repo/zh-hans/articles/er"')
    report = check_site(public, config)
    assert told(report) == []
    assert "leads on to “/repo/zh-hans/articles/er/”; add the slash" in told(report, "warnings")[0]


def test_links_that_are_right_in_other_forms_pass(public, config, damage):
    good = (
        '<a href="">一</a><a href="#">二</a><a href="#top">三</a><a href="../er/">四</a><a href="../../../">五</a>'
        '<a href="/repo/zh-hans/articles/er/#main">六</a><a href="https://example.org/repo/">七</a>'
        '<a href="https://example.org/elsewhere/">八</a><a href="https://other.example/no">九</a>'
        '<a href="mailto:a@example.org">十</a><a href="/repo/zh-hans/feed.xml?a=b">甲</a>'
        '<a href="/repo/zh%2Dhans/articles/%65r/">乙</a><a href="/repo/index.html">丙</a>'
        "<!-- <a href='/repo/no/'> --><script>'<a href=\"/repo/no/\">'</script><p title='1 > 0'>丁</p>"
    )
    damage.edit(STORY, "</main>", good + "</main>")
    report = check_site(public, config)
    assert (told(report), told(report, "warnings")) == ([], [])


def test_page_without_its_counterpart(public, config, damage):
    damage.remove(OTHER)
    found = told(check_site(public, config))
    assert f"public/{STORY}: the edition zh-hant has no such page; build again with --clean" in found
    assert any("zh-hant/articles/yi/” leads nowhere" in line for line in found)


def test_old_address_needs_no_counterpart_but_noindex(built, tmp_path, run_build):
    site = tmp_path / "aliased"
    shutil.copytree(built, site, ignore=shutil.ignore_patterns(".cache", "public"))
    page = site / "content" / "er.md"
    page.write_text(page.read_text("utf-8").replace("tags:", 'aliases: ["zh-hans/old/er"]\ntags:'), "utf-8")
    assert run_build(site).returncode == 0
    config = load_config(site / "site.toml")
    report = check_site(site / "public", config)
    assert (told(report), told(report, "warnings")) == ([], [])
    alias = site / "public/zh-hans/old/er/index.html"
    alias.write_text(
        alias.read_text("utf-8").replace("noindex", "index").replace("articles/er/", "articles/no/"), "utf-8"
    )
    found = "\n".join(told(check_site(site / "public", config)))
    assert "an old address that leads on may be indexed" in found
    assert "“/repo/zh-hans/articles/no/” leads nowhere" in found


# ------------------------------------------------------------------------------------------------ purity


@pytest.mark.parametrize(
    ("path", "old", "new", "character"),
    [
        (OTHER, "</main>", "<p>他们在会上发言。</p></main>", "们"),
        (OTHER, "</main>", '<img src="/repo/static/icon.svg" alt="会议"></main>', "会"),
        (OTHER, '<meta name="description" content="', '<meta name="description" content="国', "国"),
        (OTHER, '"headline":"', '"headline":"国', "国"),
        (OTHER, "<title>", "<title>国", "国"),
        (STORY, "</main>", "<p>他們在會上發言。</p></main>", "們"),
        (STORY, "</main>", '<p lang="zh-Hant">國<b>國</b></p><p>國</p></main>', "國"),
        ("zh-hant/feed.xml", "<title>", "<title>国", "国"),
        ("zh-hant/feed.xml", "&lt;p&gt;", "&lt;p&gt;国", "国"),
    ],
)
def test_leak_of_the_other_script_is_a_warning_with_the_sentence(public, config, damage, path, old, new, character):
    damage.edit(path, old, new)
    report = check_site(public, config)
    assert told(report) == []
    kind = "Simplified" if path.startswith("zh-hant") else "Traditional"
    assert len(report.warnings) == 1
    assert told(report, "warnings")[0].startswith(f"public/{path}:")
    assert f"“{character}” is {kind} only, in “" in told(report, "warnings")[0]


@pytest.mark.parametrize(
    "harmless",
    [
        '<p lang="zh-Hans">国家</p>',
        '<div lang="zh-Hans"><div>国家</div>国家</div>',
        '<p translate="no">国家<i>国</i></p>',
        "<pre><code>国家</code></pre>",
        '<a data-original hreflang="zh-Hans" lang="zh-Hans" title="国" href="/repo/zh-hans/articles/yi/">国</a>',
        '<p data-note="国">國</p>',
        "<!-- 国家 -->",
        "<style>/* 国 */</style>",
    ],
)
def test_what_is_marked_or_not_shown_is_no_leak(public, config, damage, harmless):
    damage.edit(OTHER, "</main>", harmless + "</main>")
    assert told(check_site(public, config), "warnings") == []


def test_the_same_leak_on_many_pages_is_told_once(public, config, damage):
    for path in sorted((public / "zh-hant").rglob("*.html")):
        text = path.read_text("utf-8")
        damage.write(path.relative_to(public).as_posix(), text.replace("</main>", "<p>国</p></main>"))
    found = told(check_site(public, config), "warnings")
    assert len(found) == 1
    assert "times elsewhere" in found[0]


# ------------------------------------------------------------------------------------------------ damage to others


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("sitemap.xml", r"<url><loc>[^<]*zh-hans/articles/yi/</loc>.*?</url>", "", "zh-hans/articles/yi/” is missing"),
        (
            "sitemap.xml",
            "zh-hans/articles/yi/</loc>",
            "zh-hans/articles/no/</loc>",
            "articles/no/” is no page that may be indexed",
        ),
        (
            "sitemap.xml",
            "zh-hans/articles/yi/</loc>",
            "zh-hans/404.html</loc>",
            "404.html” is no page that may be indexed",
        ),
        (
            "sitemap.xml",
            '<xhtml:link rel="alternate" hreflang="zh-Hant"[^>]*/>',
            "",
            "are not those that the page names",
        ),
        ("sitemap.xml", "(<url>.*?</url>)", r"\1\1", "stands twice"),
        ("sitemap.xml", "</urlset>", "", "not well-formed XML"),
        ("sitemap.xml", "(?s)<urlset.*", SITEMAP_INDEX, "there is no sitemap “sitemap-1.xml”"),
        ("robots.txt", "Sitemap: .*", "", "it does not name the sitemap of this site"),
        ("zh-hans/feed.xml", "</feed>", "", "not well-formed XML"),
        ("zh-hans/feed.xml", "<id>[^<]*</id>", "", "the feed has no id"),
        ("zh-hans/feed.xml", "(?s)(<entry>.*?)<title>[^<]*</title>", r"\1", "an entry has no title"),
        ("zh-hans/feed.xml", "(<updated>)[^<]*", r"\g<1>yesterday", "“yesterday” is no time of RFC 3339"),
        (
            "zh-hans/feed.xml",
            '(href="[^"]*)zh-hans/articles/yi/"',
            r'\1zh-hans/articles/no/"',
            "articles/no/” leads to no page of the site",
        ),
        (
            "zh-hans/feed.xml",
            '(href="[^"]*)zh-hans/articles/yi/"',
            r'\1zh-hant/articles/yi/"',
            "articles/yi/” leads out of its edition",
        ),
        ("zh-hans/feed.xml", '(rel="self"[^>]*)feed.xml"', r'\1other.xml"', "as its own address"),
        ("zh-hans/feed.xml", "(?s)<feed .*", "<rss/>", "this is no Atom feed"),
        ("static/css/gengduo.css", r"\A", 'a { background: url("no.png") }\n', "“no.png” leads nowhere"),
    ],
)
def test_damaged_file_for_machines(public, config, damage, path, old, new, message):
    damage.edit(path, old, new)
    found = told(check_site(public, config))
    assert any(line.startswith(f"public/{path}") and message in line for line in found), found


def test_json_feed(public, config, damage):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://example.org/repo/zh-hans/",
        "feed_url": "https://example.org/repo/zh-hans/feed.json",
        "items": [{"id": "a", "url": "https://example.org/repo/zh-hans/articles/yi/"}],
    }
    damage.write("zh-hans/feed.json", json.dumps(feed))
    damage.write("zh-hant/feed.json", json.dumps(feed).replace("zh-hans", "zh-hant"))
    assert told(check_site(public, config)) == []
    damage.write("zh-hans/feed.json", json.dumps(feed).replace("articles/yi", "articles/no"))
    assert "articles/no/” leads to no page of the site" in told(check_site(public, config))[0]
    damage.write("zh-hans/feed.json", "{}")
    assert "this is no JSON Feed" in told(check_site(public, config))[0]


def test_missing_pieces(public, config, damage):
    for path in ("sitemap.xml", "robots.txt", "zh-hans/404.html", ".nojekyll"):
        damage.remove(path)
    report = check_site(public, config)
    found = "\n".join(told(report))
    assert "there is no sitemap “sitemap.xml”" in found
    assert "public/robots.txt: the file is missing" in found
    assert "public/zh-hans/404.html: the page for unknown addresses is missing" in found
    assert "public/.nojekyll: the file is missing" in told(report, "warnings")[0]


# ------------------------------------------------------------------------------------------------ manifest, hosting


def test_files_are_compared_with_the_manifest(public, config):
    (public / STORY).write_bytes((public / STORY).read_bytes() + b"\n")
    (public / "static/css/gengduo.css").write_bytes(b"")
    (public / "zh-hans/feed.xml").unlink()
    (public / "left-over.txt").write_text("")
    (public / "CNAME").write_text("example.org")
    report = check_site(public, config)
    found = told(report)
    for path in (STORY, "static/css/gengduo.css"):
        assert f"public/{path}: this file is not as it was built; build again with --clean" in found
    assert "public/zh-hans/feed.xml: this file of the site is missing; build again with --clean" in found
    assert told(report, "warnings") == [
        "public/left-over.txt: no build made this file; remove it, or put it into static/"
    ]


def test_page_that_is_not_text(public, config, damage):
    damage.write(STORY, b"<html>\xff")
    assert any("byte 6 is not UTF-8" in line for line in told(check_site(public, config)))


def test_folder_without_a_manifest(public, config):
    (public / ".gengduo/manifest").unlink()
    assert "there is no manifest" in told(check_site(public, config))[0]


def test_limits_of_github_pages(public, config, damage):
    for name, size in (("large.bin", 101), ("other.bin", 99)):
        damage.write(name, b"")
        os.truncate(public / name, size * 1024 * 1024)
    (public / "link.txt").symlink_to("robots.txt")
    (public / "zh-hans/dead.html").symlink_to("nowhere")
    os.mkfifo(public / "zh-hans/pipe.xml")
    found = told(check_site(public, config))
    assert any("public/large.bin: this file has 101 MB, more than the 100 MB" in line for line in found)
    assert not any("other.bin: this file has" in line for line in found)
    assert any("public/link.txt: this is no ordinary file" in line for line in found)


def test_size_of_the_whole_site(public, config, monkeypatch):
    total = sum(path.stat().st_size for path in public.rglob("*") if path.is_file() and ".gengduo" not in path.parts)
    monkeypatch.setattr("gengduo.check.tree.LARGEST_SITE", int(total / 0.85))
    report = check_site(public, config)
    assert told(report) == []
    assert "of the 0 MB that GitHub Pages allows" in told(report, "warnings")[0]
    monkeypatch.setattr("gengduo.check.tree.LARGEST_SITE", total - 1)
    assert "that GitHub Pages allows" in told(check_site(public, config))[0]


def test_site_that_was_built_for_another_address(public, config):
    report = check_site(public, msgspec.structs.replace(config, base_url="https://example.org/paper/"))
    assert told(report) == [
        "public/index.html: the site was built for https://example.org/repo/, and is to be at"
        " https://example.org/paper/; build again, or give both commands the same --base-url"
    ]


def test_no_site_at_all(tmp_path, config):
    for folder in (tmp_path / "nothing", tmp_path):
        with pytest.raises(ConfigError, match="run build first"):
            check_site(folder, config)


# ------------------------------------------------------------------------------------------------ editions of others


def test_edition_in_another_language_exists_where_its_pages_do(public, config, damage):
    """A page by hand in Vietnamese is named by its counterparts; where it is not, nothing is missing."""
    vi = msgspec.structs.replace(config.editions[0], path="vi", lang="vi", label="Tiếng Việt")
    config = msgspec.structs.replace(config, editions=(*config.editions, vi))
    url = "https://example.org/repo/vi/articles/yi/"
    link = f'<link rel="alternate" hreflang="vi" href="{url}">'
    page = (public / STORY).read_text("utf-8").replace('<html lang="zh-Hans">', '<html lang="vi">')
    page = page.replace(
        '"canonical" href="https://example.org/repo/zh-hans', '"canonical" href="https://example.org/repo/vi'
    )
    page = re.sub('<link rel="alternate" type=[^>]*>', "", page)
    body = '<main id="main"><h1>Hội nghị</h1></main></body></html>'
    damage.write(
        "vi/articles/yi/index.html", re.sub("(?s)<body.*", "<body>" + body, page).replace("</head>", link + "</head>")
    )
    found = told(check_site(public, config))
    assert sum("the hreflang links are not those" in line for line in found) >= 1
    for path in (STORY, OTHER):
        damage.edit(path, "</head>", link + "</head>")
    sitemap = (public / "sitemap.xml").read_text("utf-8")
    entries = re.findall(r"<url><loc>[^<]*/articles/yi/</loc>.*?</url>", sitemap)
    more = f'<xhtml:link rel="alternate" hreflang="vi" href="{url}"/></url>'
    for entry in entries:
        sitemap = sitemap.replace(entry, entry.replace("</url>", more))
    new = re.sub("<loc>[^<]*</loc>", f"<loc>{url}</loc>", entries[0].replace("</url>", more))
    damage.write("sitemap.xml", sitemap.replace("</urlset>", new + "</urlset>"))
    report = check_site(public, config)
    assert (told(report), told(report, "warnings")) == ([], [])


# ------------------------------------------------------------------------------------------------ command


def test_command_tells_and_exits(built, tmp_path, run_build):
    done = run_build(built, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"Checked \d+ files with \d+ links in .*: 0 errors, 0 warnings\.", done.stdout)
    shutil.copytree(built / "public", tmp_path / "public")
    (tmp_path / "public" / "left-over.txt").write_text("")
    warned = run_build(built, "check", "--output", str(tmp_path / "public"), "--json")
    assert warned.returncode == 0
    assert [found["path"] for found in json.loads(warned.stdout)["warnings"]] == ["public/left-over.txt"]
    assert run_build(built, "check", "--output", str(tmp_path / "public"), "--strict").returncode == 1
    (tmp_path / "public" / OTHER).unlink()
    broken = run_build(built, "check", "--output", str(tmp_path / "public"))
    assert broken.returncode == 1
    assert f"public/{STORY}: the edition zh-hant has no such page; " in broken.stderr
    missing = run_build(built, "check", "--output", str(tmp_path / "nothing"))
    assert (missing.returncode, "run build first" in missing.stderr) == (2, True)


# ------------------------------------------------------------------------------------------------ parts


@pytest.mark.parametrize(
    ("address", "path", "fragment"),
    [
        ("/repo/", "index.html", ""),
        ("/repo", "", ""),
        ("/repo/a/#b", "a/index.html", "b"),
        ("/repo/a.css?v=1", "a.css", ""),
        ("https://example.org/repo/a/", "a/index.html", ""),
        ("HTTPS://example.org/repo/a/", "a/index.html", ""),
        ("https://example.org/other/", "", ""),
        ("https://example.org:444/repo/", "", ""),
        ("b/", "x/y/b/index.html", ""),
        ("../b/", "x/b/index.html", ""),
        (" ./ ", "x/y/index.html", ""),
        ("", "x/y/index.html", ""),
        ("#%E5%90%8E%E7%BB%AD", "x/y/index.html", "后续"),
        ("/repo/%E5%90%8E/", "后/index.html", ""),
        ("/repo/后/", "后/index.html", ""),
        ("/repo/a/../b/", "b/index.html", ""),
        ("mailto:a@b.example", "", ""),
        ("http://[::1", "", ""),
    ],
)
def test_addresses_are_resolved_as_a_browser_does(config, address, path, fragment):
    target = resolve(config, "x/y/", address)
    assert (target.path, target.fragment) == (path, fragment)


def test_permalinks_of_files():
    assert [permalink_of(path) for path in ("index.html", "a/index.html", "a/404.html", "a/myindex.html")] == [
        "",
        "a/",
        "a/404.html",
        "a/myindex.html",
    ]


def test_markup_is_read_as_a_browser_does():
    markup = read_markup(
        "<!doctype html><!-- <h1> --><HTML LANG=zh-Hans><body><H1 class='a>b' ID=x>1</h1>"
        '<a HREF="a&amp;b" href="c">2</a><script>"<h1>"</script><a name=y>3</a><p id="x">4<p title="<h1>">5'
    )
    assert markup.lang == "zh-Hans"
    assert len(markup.headings) == 1
    assert [address.value for address in markup.addresses] == ["a&b"]
    assert set(markup.ids) == {"x", "y"}
    assert [identity for identity, _ in markup.repeated_ids] == ["x"]


def test_hostile_markup_is_read_in_linear_time():
    for text in ("<a " * 50_000, '<a href="' * 50_000, "<!--" * 50_000, "<script>" * 50_000, "<a b='" * 50_000 + ">"):
        read_markup(text)


@pytest.mark.parametrize(
    ("text", "script", "words"),
    [
        ("<p>他们说，<b>好的</b>。</p>", "Hant", ["他们说，"]),
        ("前一句。他们说了这样的话！后一句", "Hant", ["他们说了这样的话"]),
        ("<p lang=zh-Hans>他们</p><p>們</p>", "Hant", []),
        ("<p lang=zh-Hant>他们</p>", "Hant", ["他们"]),
        ("<p lang=en>他们<i lang=zh-Hant>他们</i></p>", "Hant", ["他们"]),
        ("<img alt='他们' src='们'>", "Hant", ["他们"]),
        ("范 裏 着 里 台 湾", "Hans", []),
    ],
)
def test_leaks_are_found_in_their_sentence(text, script, words):
    assert [sentence for _, sentence in foreign_words(text, script)] == words
