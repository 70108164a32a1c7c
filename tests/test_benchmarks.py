from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import hugo_site
import measure
import run


def story(slug: str, *teasers: tuple[str, str]) -> hugo_site.Table:
    more = [{"title": title, "slug": target, "lede": "外事工作。"} for title, target in teasers]
    return {"title": slug.upper(), "slug": slug, "lang": "zh-Hans", "body": "", "more": more}


def test_teasers_of_the_peer_lead_to_articles_by_title_and_to_one_brief_each() -> None:
    pages = [story("a", ("B", "other"), ("X", "x")), story("b", ("X", "x-2"), ("B", "b"))]
    linked = hugo_site.link_stories(pages, lambda title, lede: [f"{title} {lede}"])
    stories = {told["slug"]: told for told in linked}
    assert list(stories) == ["a", "b", "x"]
    assert [teaser.get("target") for teaser in stories["a"]["more"]] == ["/articles/b", "/briefs/x"]
    assert [teaser.get("target") for teaser in stories["b"]["more"]] == ["/briefs/x", None]
    assert stories["b"]["backlinks"] == ["/articles/a"]
    assert stories["x"]["backlinks"] == ["/articles/a", "/articles/b"]
    assert stories["x"]["tags"] == ["X 外事工作。"]


@pytest.mark.parametrize(
    ("edtf", "terms", "note"),
    [
        ("2018-08-12", ["2018", "2018/08", "2018/08/12"], None),
        ("2018-08-12?", ["2018", "2018/08", "2018/08/12"], "date_inferred"),
        ("2018-08", ["2018", "2018/08"], None),
        ("2018", ["2018"], None),
        ("XXXX-08-17", ["year-unknown"], "date_year_unknown"),
        ("[2017-09-02,2018-09-02]", ["one-of"], "date_one_of"),
        ("", ["undated"], None),
    ],
)
def test_dates_of_the_peer_stand_in_the_same_lists(edtf: str, terms: list[str], note: str | None) -> None:
    day = hugo_site.tell_day(edtf)
    assert (day["terms"], day.get("note")) == (terms, note)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system does not tell a process's share")
def test_memory_of_child_processes_counts() -> None:
    hold = "import time; held = bytearray(b'x' * 50_000_000); time.sleep(0.5)"
    alone = measure.weigh_command([sys.executable, "-c", hold])
    spawn = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}]); {hold}"
    together = measure.weigh_command(
        [sys.executable, "-c", spawn.replace("subprocess.run", "child = subprocess.Popen") + "; child.wait()"]
    )
    assert alone is not None
    assert together is not None
    assert 45e6 < alone < 90e6
    assert together > alone + 40e6


def test_a_failing_command_is_not_measured() -> None:
    with pytest.raises(measure.CommandError, match=r"exit 3 of (?s:.*)no good"):
        measure.time_command([sys.executable, "-c", "print('no good'); raise SystemExit(3)"])


def test_table_compares_runs_of_one_round() -> None:
    figures = {
        "count": 10_000,
        "costs": {
            "first": [measure.Cost(4, 7), measure.Cost(9, 8), measure.Cost(2, 6)],
            "hugo": [measure.Cost(10, 15), measure.Cost(30, 16), measure.Cost(10, 17)],
        },
        "peaks": {"first": 4e8, "hugo": 8e8},
    }
    told = "\n".join(run.tell_ratios(figures))
    assert "| first build from seeds, over Hugo | 0.200 / 0.300 / 0.400 | ≤ 0.4 ✓ |" in told
    assert "| peak memory of all processes, over Hugo | 0.500 | ≤ 0.4 ✗ |" in told
    assert "nothing changed" not in told


def test_targets_of_large_archives_are_not_held_against_small_ones() -> None:
    figures = {
        "count": 2_000,
        "costs": {"nothing": [measure.Cost(1, 1)], "hugo": [measure.Cost(4, 7)]},
        "peaks": {},
    }
    assert "| nothing changed, over Hugo | 0.250 / 0.250 / 0.250 | (≤ 0.03 from 10,000) |" in run.tell_ratios(figures)
