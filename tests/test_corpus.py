from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import corpus  # noqa: E402  (a script beside the package, not a part of it)

COUNT = 300
DUMPS = tuple(corpus.draw_dumps(COUNT))
HEADLINES = {dump.headline: dump for dump in DUMPS}


def digest_of(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*.txt"))
    told = b"".join(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0" for path in files)
    return hashlib.sha256(told).hexdigest()


def test_same_count_and_seed_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    digests = set()
    for number, hash_seed in enumerate(("0", "1")):
        folder = tmp_path / str(number)
        subprocess.run(
            [sys.executable, BENCHMARKS / "corpus.py", folder, "--count", "40", "--tags-out", folder / "tags.toml"],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"},
        )
        digests.add((digest_of(folder), (folder / "tags.toml").read_bytes()))
    assert len(digests) == 1


def test_another_seed_gives_other_stories() -> None:
    others = {dump.headline for dump in corpus.draw_dumps(COUNT, seed=2)}
    assert len(others & HEADLINES.keys()) < COUNT / 10


def test_a_story_is_the_same_in_a_larger_corpus() -> None:
    larger = list(corpus.draw_dumps(COUNT + 50))[:COUNT]
    assert [(dump.headline, dump.lede, dump.edtf) for dump in larger] == [
        (dump.headline, dump.lede, dump.edtf) for dump in DUMPS
    ]


@pytest.mark.parametrize("dump", DUMPS[:40], ids=lambda dump: dump.name)
def test_a_dump_is_laid_out_like_the_real_ones(dump: corpus.Dump) -> None:
    lines = dump.text.split("\n")
    assert lines[:3] == [dump.headline, "", dump.lede]
    assert lines[3].startswith(f"{dump.headline} ảnh 1")
    assert re.match(r"越通社[^—]+——", lines[5])
    assert lines[5].endswith(f"——{dump.lede}")
    byline = lines.index("越通社")
    assert lines[byline - 1].endswith("(越通社——VNA)")
    assert lines[byline + 1 : byline + 4] == ["", "更多", ""]
    told = [line for line in lines[byline + 4 :] if line]
    assert told == [line for teaser in dump.teasers for line in (teaser.caption, teaser.headline, teaser.lede)]
    assert len(dump.teasers) == corpus.TEASERS
    assert "{" not in dump.text
    assert "}" not in dump.text


def test_punctuation_is_folded_as_the_crawler_folds_it() -> None:
    assert not re.search(r"[，：；（）]", "".join(dump.text for dump in DUMPS))


def test_teasers_lead_to_stories_of_the_corpus_or_to_none() -> None:
    briefs = 0
    for dump in DUMPS:
        assert len({teaser.headline for teaser in dump.teasers}) == corpus.TEASERS
        for teaser in dump.teasers:
            assert teaser.headline != dump.headline
            if teaser.target is None:
                briefs += 1
                assert teaser.headline not in HEADLINES
            else:
                target = DUMPS[teaser.target - 1]
                assert (teaser.headline, teaser.lede) == (target.headline, target.lede)
    assert briefs / (COUNT * corpus.TEASERS) == pytest.approx(corpus.BRIEF_SHARE, abs=0.04)


def test_dates_are_stated_in_full_in_most_and_spread_over_fifteen_years() -> None:
    full = [dump for dump in DUMPS if re.fullmatch(r"\d{4}-\d\d-\d\d", dump.edtf)]
    assert len(full) / COUNT == pytest.approx(0.6, abs=0.08)
    for dump in full:
        year, month, day = map(int, dump.edtf.split("-"))
        assert f"{year}年{month}月{day}日" in dump.lede
    assert {dump.edtf[:4] for dump in full} == {str(year) for year in range(2010, 2025)}
    unknown = [dump for dump in DUMPS if dump.edtf.startswith("XXXX")]
    assert unknown
    for dump in unknown:
        assert not re.search(r"(?<!\d)(?:19|20)\d\d年", dump.text.split("更多")[0])
    assert any(dump.edtf.endswith("?") for dump in DUMPS)
    assert any(not dump.edtf for dump in DUMPS)


def test_texts_are_about_four_and_a_half_kilobytes_and_their_paragraphs_differ() -> None:
    sizes = [len(dump.text.encode()) for dump in DUMPS]
    assert 4000 < sum(sizes) / COUNT < 5000
    paragraphs = [line for dump in DUMPS for line in dump.text.split("更多")[0].split("\n") if len(line) > 60]
    assert len(set(paragraphs)) > 0.95 * len(paragraphs)


def test_headlines_of_a_large_corpus_are_distinct_without_their_punctuation() -> None:
    heads = corpus.Heads(5000, 1)
    assert len({re.sub(r"\W", "", head.headline) for head in heads.stories}) == 5000


def test_vocabulary_has_sixty_tags_and_each_occurs(tmp_path: Path) -> None:
    corpus.write_tags(tmp_path / "tags.toml")
    tags = tomllib.loads((tmp_path / "tags.toml").read_text("utf-8"))["tag"]
    assert len(tags) == len({tag["slug"] for tag in tags}) == 60
    assert {tag["kind"] for tag in tags} == {"topic", "place", "person", "organisation"}
    told = "".join(dump.text for dump in DUMPS)
    assert [tag["name"] for tag in tags if not any(pattern in told for pattern in tag["patterns"])] == []


def test_more_than_a_thousand_dumps_are_spread_over_folders(tmp_path: Path) -> None:
    names = [dump.name for dump in corpus.draw_dumps(1001)]
    assert names[0].startswith("000/000001_")
    assert names[999].startswith("000/001000_")
    assert names[1000].startswith("001/001001_")
    corpus.write_corpus(tmp_path, 3)
    assert [path.name[:7] for path in sorted(tmp_path.iterdir())] == ["000001_", "000002_", "000003_"]


def test_a_share_of_the_dumps_can_be_traditional() -> None:
    plain = list(corpus.draw_dumps(100))
    mixed = list(corpus.draw_dumps(100, hant_share=0.2))
    changed = [new for old, new in zip(plain, mixed, strict=True) if old.text != new.text]
    assert 8 <= len(changed) <= 35
    assert all(re.search("[與會國]", dump.text) and "“" not in dump.text for dump in changed)
    assert all("\n更多\n" in dump.text for dump in changed)
