"""What a review finds, in which order, and what taking a finding writes."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from gengduo.errors import ConfigError, ContentError, LockedError
from gengduo.job import Job
from gengduo.model import Article, SeedParagraph, Sidecar
from gengduo.pipeline import only_one
from gengduo.review import accept, check_place, render_lines, review, take, write_html
from gengduo.review.dumps import draft_page, lost_in_page
from gengduo.review.findings import KINDS, Place, finding, merged, worst_first
from gengduo.review.sentences import place_of, wider, word_around
from gengduo.seeds import parse_seed
from gengduo.tags import TagMatcher, Vocabulary
from gengduo.workers import SerialExecutor


def front(title: str = "小镇开会", body: str = "镇上开了一次会。", **keys: str) -> str:
    fields = {"title": title, "slug": "story", "lang": "zh-Hans", "date": "2020-01-02", **keys}
    lines = [
        f"{key}: {value if value.startswith('[') else json.dumps(value, ensure_ascii=False)}"
        for key, value in fields.items()
    ]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{body}\n"


def job_of(site, **fields) -> Job:
    return Job(root=site, output=site / "public", **fields)


def look(site, **fields):
    return review(job_of(site, **fields), SerialExecutor(), lambda *_: None)


def kinds(report) -> list[str]:
    return [found.kind for found in report.findings]


def the(report, kind: str):
    found = [each for each in report.findings if each.kind == kind]
    assert len(found) == 1, [str(each) for each in found] or f"no {kind} among {kinds(report)}"
    return found[0]


# ------------------------------------------------------------------------------------------------------- findings


def test_a_page_without_doubts_has_nothing_to_review(make_site):
    report = look(make_site(pages={"story.md": front()}))
    assert report.findings == ()
    assert list(render_lines(report)) == ["Nothing to review."]


@pytest.mark.parametrize(
    ("date", "kind", "line"),
    [
        ("2018-08-12?", "inferred", 5),
        ("XXXX-08-17", "date", 5),
        ("[2017-09-02,2018-09-02]", "date", 5),
        ("", "date", 2),
        ("2018-08-12", None, 0),
    ],
)
def test_dates_that_are_not_certain_are_told_with_their_line(make_site, date, kind, line):
    page = front(date=date).replace("date: [2017-09-02,2018-09-02]", 'date: "[2017-09-02,2018-09-02]"')
    report = look(make_site(pages={"story.md": page}))
    assert kinds(report) == ([kind] if kind else [])
    if kind:
        assert report.findings[0].places == (Place(path="content/story.md", line=line),)


def test_a_broken_seed_and_a_broken_page_come_first(make_site):
    site = make_site(
        seeds={"a.txt": "", "b.txt": b"\xb0\xd9\xb0\xd9\xff"},
        pages={"bad.md": "no front matter", "story.md": front(date="2018-08-12?"), "story.md.new": "x"},
    )
    report = look(site)
    assert kinds(report) == ["seed", "seed", "page", "waiting", "inferred"]
    assert [found.places[0].path for found in report.findings][:4] == [
        "seeds/a.txt",
        "seeds/b.txt",
        "content/bad.md",
        "content/story.md.new",
    ]


def test_what_a_dump_lacks_or_leaves_out_is_told(make_site):
    dump = "小镇3月4日开会。会上讨论了道路。\n\n反馈\n\n更多\n\n另一则报道\n"
    report = look(make_site(seeds={"a.txt": dump}))
    assert {"headline", "left-out"} & set(kinds(report))
    assert all(found.places[0].path == "seeds/a.txt" for found in report.findings if found.kind == "left-out")


def test_the_same_line_left_out_of_many_dumps_is_one_finding(make_site):
    dump = "小镇开会第{}次\n\n镇长第{}次到会。大家讨论了道路。\n\n反馈\n"
    report = look(make_site(seeds={f"{number}.txt": dump.format(number, number) for number in range(1, 4)}))
    left_out = [found for found in report.findings if found.kind == "left-out" and "反馈" in found.words]
    assert [len(found.places) for found in left_out] == [3]


def test_nothing_of_a_dump_is_missing_on_its_page():
    text = "小镇开会讨论修路\n\n镇长3月4日说:“路要修好,桥也要修好(两座).”大家同意了.\n\n大家又谈了一会儿。(越通社)\n"
    seed = parse_seed(text, "a.txt")
    draft = draft_page(seed, TagMatcher(Vocabulary()), Sidecar())
    assert lost_in_page(text, seed, draft) == ()


def test_a_word_that_does_not_reach_the_page_is_told_with_its_line():
    text = "小镇开会\n\n镇长说路要修好。\n"
    seed = parse_seed(text, "a.txt")
    draft = Article(source_path="", title="小镇开会", slug="", lang="zh-Hans", body="镇长说要修好。\n", body_line=0)
    assert isinstance(seed.blocks[0], SeedParagraph)
    assert [(out.line, out.text) for out in lost_in_page(text, seed, draft)] == [(3, "路")]


def test_unpaired_quotes_mixed_script_and_cut_teasers_are_told(make_site):
    hant, hans = "還有許多繁體字，讀者會覺得奇怪，編輯應該處理。", "还有许多简体字，读者会觉得奇怪，编辑应该处理。"
    body = f"他说：“路修好了。\n\n{hant}{hans}{hans}"
    page = front(body=body).replace(
        "---\n\n", 'more:\n  - title: "桥也修好了"\n    slug: "bridge"\n    incomplete: true\n---\n\n'
    )
    report = look(make_site(pages={"story.md": page}))
    assert {"quotes", "mixed", "cut-teaser"} <= set(kinds(report))
    assert the(report, "cut-teaser").places[0].line == 7
    assert the(report, "quotes").places[0].line == 12


def test_a_teaser_that_could_lead_to_two_stories_is_told(make_site):
    teaser = 'more:\n  - title: "修路"\n    slug: "elsewhere"\n---\n\n'
    pages = {
        "story.md": front().replace("---\n\n", teaser),
        "one.md": front("修路", slug="one"),
        "two.md": front("修路", slug="two"),
    }
    assert the(look(make_site(pages=pages)), "unlinked").places[0] == Place(path="content/story.md", line=7)


def test_a_doubtful_conversion_names_sentence_choice_alternatives_and_line(make_site):
    report = look(make_site(pages={"story.md": front(body="第一段。\n\n镇长说要尽快修好这条路。")}))
    found = the(report, "conversion")
    assert found.quote == "镇长说要尽快修好这条路"
    assert found.words == "尽快"
    assert {found.choice, *found.alternatives} >= {"儘快", "盡快"}
    assert found.places == (Place(path="content/story.md", line=10),)


def test_the_same_doubt_in_two_stories_is_one_finding_with_both_places(make_site):
    pages = {
        "one.md": front(slug="one", body="要尽快修好。"),
        "two.md": front("开会", slug="two", body="会要尽快开完。"),
    }
    assert [place.path for place in the(look(make_site(pages=pages)), "conversion").places] == [
        "content/one.md",
        "content/two.md",
    ]


def test_a_name_that_one_story_shows_is_looked_for_in_all(make_site):
    pages = {
        "one.md": front(slug="one", body="茶商范里平先生表示，今年收成好。"),
        "two.md": front("开会", slug="two", body="会后，范里平走了。"),
    }
    report = look(make_site(pages=pages))
    names = [found for found in report.findings if found.words == "范里平"]
    assert [found.choice for found in names] == ["范里平"]
    if names[0].kind == "missed-name":
        assert names[0].places[0].path == "content/two.md"


# ------------------------------------------------------------------------------------------------------- decisions


CHANGES = {
    "nothing": lambda _: None,
    "a page": lambda site: (site / "content" / "b.md").write_text(
        front("另一则", slug="b", date="2018-08-12?"), "utf-8"
    ),
    "a page less": lambda site: (site / "content" / "a.md").unlink(),
    "a dump": lambda site: (site / "seeds" / "a.txt").write_text("小镇开会\n\n镇长到会。\n\n反馈\n", "utf-8"),
    "a sidecar": lambda site: (site / "seeds" / "a.toml").write_text("nonsense = 1\n", "utf-8"),
    "a term": lambda site: (site / "content" / "glossary.toml").write_text(
        '[[name]]\ntext = "范文勋"\nto = "範文勳"\ntest = "范文勋说。"\n', "utf-8"
    ),
    "a tag": lambda site: (site / "content" / "tags.toml").write_text(
        '[[tag]]\nname = "修路"\nslug = "xiu-lu"\nkind = "topic"\n', "utf-8"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_review_remembers_is_what_it_would_find(make_site, run_build, change):
    site = make_site(
        seeds={"a.txt": "小镇3月4日开会。会上讨论了道路。\n\n反馈\n"},
        pages={
            "a.md": front(slug="a", body="总书记范文勋说，修路要紧。修路，修路，修路。"),
            "b.md": front("另一则", slug="b", body="有人看见范文勋在公里后面。记者范成发报道。"),
        },
    )
    if change in ("a page", "a term"):
        run_build(site, "--quiet")
    first = look(site)
    assert (site / ".cache" / "review.bin").is_file()
    CHANGES[change](site)
    again = look(site)
    for path in (site / ".cache").glob("*.bin"):
        path.unlink()
    assert again == look(site)
    assert (again == first) == (change == "nothing")


def test_a_damaged_memory_of_findings_is_not_believed(make_site):
    site = make_site(pages={"story.md": front(date="2018-08-12?")})
    first = look(site)
    (site / ".cache" / "review.bin").write_bytes(b"x" * 40)
    assert look(site) == first


def test_a_taken_conversion_becomes_a_row_and_is_not_shown_again(make_site):
    glossary = "# 本站的词汇表，注释要留下\n"
    site = make_site(pages={"story.md": front(body="镇长说要尽快修好这条路。"), "glossary.toml": glossary})
    found = the(look(site), "conversion")
    done = accept(job_of(site), look(site), [found.id])
    text = (site / "content/glossary.toml").read_text("utf-8")
    assert text.startswith(glossary)
    assert tomllib.loads(text)["term"][0]["text"] == "尽快"
    assert tomllib.loads(text)["term"][0]["neutral"] == found.choice
    assert tomllib.loads(text)["term"][0]["test"] == found.quote
    assert done == [f"content/glossary.toml: “尽快” becomes {found.choice}"]
    assert kinds(look(site)) == []


@pytest.mark.parametrize(("other", "printed"), [("", "何干哥"), ("何乾哥", "何乾哥")])
def test_a_doubt_of_a_traditional_page_is_taken_too(make_site, run_build, other, printed):
    page = front("小鎮開會", "鎮長說，何乾哥來過這裡。", lang="zh-Hant")
    site = make_site(pages={"story.md": page})
    found = the(look(site), "conversion")
    assert (found.words, found.choice) == ("何乾哥", "何干哥")
    done = accept(job_of(site), look(site), [found.id + (f"={other}" if other else "")])
    row = tomllib.loads((site / "content/glossary.toml").read_text("utf-8"))["term"][-1]
    assert (row["text"], row["neutral"]) == (printed, "何乾哥")
    assert done == [f"content/glossary.toml: “何乾哥” becomes {printed}"]
    assert kinds(look(site)) == []
    assert run_build(site).returncode == 0
    assert printed in (site / "public/zh-hans/articles/story/index.html").read_text("utf-8")


def test_another_choice_changes_what_readers_see(make_site, run_build):
    site = make_site(pages={"story.md": front(body="镇长说要尽快修好这条路。")})
    found = the(look(site), "conversion")
    other = found.alternatives[0]
    assert run_build(site, "review", "--accept", f"{found.id}={other}").returncode == 0
    assert run_build(site).returncode == 0
    assert other in (site / "public/zh-hant/articles/story/index.html").read_text("utf-8")


def test_a_date_that_is_fine_is_remembered_until_it_changes(make_site):
    site = make_site(pages={"story.md": front(date="2018-08-12?")})
    accept(job_of(site), look(site), [the(look(site), "inferred").id])
    report = look(site)
    assert (report.findings, report.taken) == ((), 1)
    (site / "content/story.md").write_text(front(date="2018-08-13?"), "utf-8")
    assert kinds(look(site)) == ["inferred"]


@pytest.mark.parametrize(("choice", "row"), [("", ("夜市", "topic")), ("=organisation", ("夜市", "organisation"))])
def test_a_suggested_tag_goes_into_the_vocabulary(make_site, choice, row):
    body = "老街的夜市开张了。夜市每晚七点开门。夜市里人很多。镇长说，夜市会办下去。夜市的摊主都很高兴。"
    tags = '# 标签\n\n[[tag]]\nname = "道路"\nslug = "dao-lu"\n'
    site = make_site(pages={"story.md": front("老街夜市开张", body=body), "tags.toml": tags})
    found = next(each for each in look(site).findings if each.kind == "tag" and each.words == "夜市")
    accept(job_of(site), look(site), [found.id + choice])
    text = (site / "content/tags.toml").read_text("utf-8")
    assert text.startswith(tags)
    assert (tomllib.loads(text)["tag"][1]["name"], tomllib.loads(text)["tag"][1]["kind"]) == row
    assert "夜市" not in [each.words for each in look(site).findings]


def test_nothing_is_written_unless_all_can_be_taken(make_site):
    site = make_site(pages={"story.md": front(date="2018-08-12?", body="要尽快修好。"), "bad.md": "x"})
    report = look(site)
    page = the(report, "page")
    before = {path.name: path.read_bytes() for path in (site / "content").iterdir()}
    for wanted in (["nosuchid"], [the(report, "inferred").id, page.id], [the(report, "inferred").id + "=2018-08-13"]):
        with pytest.raises(ConfigError):
            accept(job_of(site), report, wanted)
    assert {path.name: path.read_bytes() for path in (site / "content").iterdir()} == before


def test_a_row_that_the_glossary_refuses_is_not_written(make_site):
    site = make_site(pages={"story.md": front(body="镇长说要尽快修好这条路。")})
    found = the(look(site), "conversion")
    with pytest.raises(ConfigError, match="Simplified"):
        accept(job_of(site), look(site), [f"{found.id}=尽块尽"])
    assert not (site / "content/glossary.toml").exists()


def test_a_damaged_memory_is_told_at_its_line(make_site):
    site = make_site(pages={"story.md": front()}, files={"content/review.toml": "[[taken]]\nid = \n"})
    with pytest.raises(ContentError, match=r"content/review\.toml:2"):
        look(site)


# ------------------------------------------------------------------------------------------------------- what is shown


def test_a_decision_waits_for_no_build_and_disturbs_none(make_site):
    site = make_site(pages={"story.md": front(date="2018-08-12?")})
    job = job_of(site)
    wanted = [the(look(site), "inferred").id]
    with only_one(job), pytest.raises(LockedError, match="another build"):
        take(job, wanted, SerialExecutor(), lambda *_: None)
    assert not (site / "content/review.toml").exists()
    assert take(job, wanted, SerialExecutor(), lambda *_: None)[0].startswith("content/review.toml: taken as it is")
    assert kinds(look(site)) == []


def test_lines_are_grouped_worst_first_and_counted(make_site, run_build):
    site = make_site(seeds={"a.txt": ""}, pages={"story.md": front(date="2018-08-12?", body="要尽快修好。")})
    said = run_build(site, "review")
    assert said.returncode == 0
    assert said.stderr == ""
    places = [
        line for line in said.stdout.splitlines() if re.match(r"(seeds|content)/[^:]+(:\d+)*: [a-z2-7]{8}: ", line)
    ]
    assert [line.partition(":")[0] for line in places] == ["seeds/a.txt", "content/story.md", "content/story.md"]
    assert "3 findings:" in said.stdout
    shorter = run_build(site, "review", "--limit", "1").stdout
    assert "--limit 3 shows all" in shorter
    fields = json.loads(run_build(site, "review", "--json").stdout)
    assert [found["kind"] for found in fields["findings"]] == ["seed", "conversion", "inferred"]
    assert fields["total"] == 3


def test_an_unknown_id_is_an_error_of_usage(make_site, run_build):
    said = run_build(make_site(pages={"story.md": front()}), "review", "--accept", "abcdefgh")
    assert said.returncode == 2
    assert "run review again" in said.stderr


def test_the_page_is_by_itself_and_words_stay_words(make_site, tmp_path):
    title = "<script>alert(1)</script>开会"
    site = make_site(pages={"story.md": front(title, date="2018-08-12?", body="<b>要尽快修好</b>。")})
    place = tmp_path / "review.html"
    write_html(look(site), place)
    html = place.read_text("utf-8")
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert "prefers-color-scheme: dark" in html
    check_place(job_of(site), place)


@pytest.mark.parametrize("name", ["public/a.html", "static/a.html", "content/a.html", "notes.html"])
def test_a_review_is_never_published_and_never_overwrites(make_site, name):
    site = make_site(pages={"story.md": front()}, files={"notes.html": "mine"})
    with pytest.raises(ConfigError):
        check_place(job_of(site), site / name)


# ------------------------------------------------------------------------------------------------------- small parts


def test_an_id_depends_on_the_words_and_not_on_the_place():
    one = finding("left-out", Place(path="seeds/a.txt", line=3), "x", "反馈", "noise")
    two = finding("left-out", Place(path="seeds/b.txt", line=9), "x", "反馈", "noise")
    assert one.id == two.id
    assert [each.places for each in merged([one, two])] == [one.places + two.places]
    assert finding("left-out", one.places[0], "x", "其他", "noise").id != one.id


def test_the_order_is_that_of_kinds_then_rank_then_frequency():
    place = Place(path="a", line=1)
    made = [finding(kind, place, "x", kind) for kind in reversed(KINDS)]
    assert [found.kind for found in worst_first(made)] == list(KINDS)


@pytest.mark.parametrize(
    ("text", "offset", "word"), [("会议要尽快召开。", 3, "尽快"), ("一只猫。", 1, "一只"), ("干", 0, "干")]
)
def test_the_word_around_a_character(text, offset, word):
    start, end = word_around(text, offset)
    assert text[start:end] == word


def test_words_grow_inside_their_run_of_characters():
    assert list(wider("好，三只猫。", "只猫"))[:3] == ["只猫", "三只猫"]


def test_a_place_is_found_although_markdown_stands_between():
    assert place_of(["---", "", "镇长\\*说要**尽快**修好"], "镇长*说要尽快修好", 5) == 3
