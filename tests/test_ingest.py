"""Import: slugs that never move, and every combination of what an editor and a seed can do to a page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from trials import SECOND_SEED, SEED, lay_site, page, write

from gengduo.job import SETTLING, Job
from gengduo.model import ImportReport
from gengduo.pipeline import ingest
from gengduo.workers import SerialExecutor

PAGE = "he-nei-ju-xing-di-fang-wai-shi-hui-yi.md"


@dataclass
class Desk:
    """A site whose seeds are imported again and again."""

    site: Path

    @property
    def content(self) -> Path:
        return self.site / "content"

    def run(self, *seeds: str) -> ImportReport:
        job = Job(root=self.site, output=self.site / "public", seeds=seeds)
        return ingest(job, SerialExecutor(), lambda *_: None)

    def seed(self, name: str, text: str | bytes) -> None:
        write(self.site / "seeds" / name, text)

    def pages(self) -> dict[str, str]:
        found = sorted(path for path in self.content.rglob("*.md*") if path.is_file())
        return {path.relative_to(self.content).as_posix(): path.read_text("utf-8") for path in found}

    def slugs(self) -> list[str]:
        return [name.removesuffix(".md") for name in self.pages()]

    def lock(self) -> dict[str, str]:
        entries = json.loads((self.content / "import.lock").read_text("utf-8"))["pages"]
        return {entry["seed"]: entry["page"] for entry in entries}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(lay_site(tmp_path / "site", {"seeds/a.txt": SEED}))


def warnings_of(report: ImportReport) -> list[str]:
    return [str(found) for found in report.warnings]


class TestThreeWays:
    """B what the importer wrote, C the file now, N the new import."""

    def edit(self, desk: Desk) -> str:
        text = desk.pages()[PAGE] + "\n编者加的一段。\n"
        write(desk.content / PAGE, text)
        return text

    def test_a_new_seed_becomes_a_page(self, desk: Desk) -> None:
        report = desk.run()
        assert report.created == (f"content/{PAGE}",)
        assert desk.lock() == {"a.txt": PAGE}

    def test_nothing_changed(self, desk: Desk) -> None:
        desk.run()
        before = desk.pages(), (desk.content / "import.lock").read_bytes()
        report = desk.run()
        assert (report.created, report.updated, report.waiting, report.unchanged) == ((), (), (), 1)
        assert (desk.pages(), (desk.content / "import.lock").read_bytes()) == before

    def test_the_seed_changed_and_the_page_not(self, desk: Desk) -> None:
        desk.run()
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        assert desk.run().updated == (f"content/{PAGE}",)
        assert "后年" in desk.pages()[PAGE]
        assert desk.run().unchanged == 1

    def test_the_page_changed_and_the_seed_not(self, desk: Desk) -> None:
        desk.run()
        text = self.edit(desk)
        assert desk.run().unchanged == 1
        assert desk.pages() == {PAGE: text}

    def test_both_changed(self, desk: Desk) -> None:
        desk.run()
        text = self.edit(desk)
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        report = desk.run()
        assert report.waiting == (f"content/{PAGE}.new",)
        assert desk.pages()[PAGE] == text
        assert "后年" in desk.pages()[f"{PAGE}.new"]
        again = desk.run()
        assert again.waiting == ()
        assert [found.position.path for found in again.errors] == [f"content/{PAGE}.new"]

    def test_both_changed_to_the_same(self, desk: Desk) -> None:
        desk.run()
        text = desk.pages()[PAGE].replace("明年", "后年")
        write(desk.content / PAGE, text)
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        report = desk.run()
        assert (report.updated, report.waiting, report.errors) == ((), (), ())
        desk.seed("a.txt", SEED.replace("明年", "前年"))
        assert desk.run().updated == (f"content/{PAGE}",)

    def test_what_waited_was_dropped(self, desk: Desk) -> None:
        self.test_both_changed(desk)
        (desk.content / f"{PAGE}.new").unlink()
        report = desk.run()
        assert (report.waiting, report.errors) == ((), ())

    def test_what_waited_was_taken(self, desk: Desk) -> None:
        self.test_both_changed(desk)
        (desk.content / f"{PAGE}.new").replace(desk.content / PAGE)
        assert desk.run().errors == ()
        desk.seed("a.txt", SEED)
        assert desk.run().updated == (f"content/{PAGE}",)

    def test_what_waits_was_edited(self, desk: Desk) -> None:
        self.test_both_changed(desk)
        write(desk.content / f"{PAGE}.new", "编者正在合并")
        desk.seed("a.txt", SEED.replace("明年", "前年"))
        time.sleep(SETTLING)  # so that the look of the dumps can be trusted, and an import without work skipped
        assert [found.position.path for found in desk.run().errors] == [f"content/{PAGE}.new"]
        assert desk.pages()[f"{PAGE}.new"] == "编者正在合并"
        (desk.content / f"{PAGE}.new").unlink()
        assert desk.run().waiting == (f"content/{PAGE}.new",)
        assert "前年" in desk.pages()[f"{PAGE}.new"]

    def test_the_lock_is_gone_and_the_page_is_as_it_was(self, desk: Desk) -> None:
        desk.run()
        before = (desk.content / "import.lock").read_bytes()
        (desk.content / "import.lock").unlink()
        report = desk.run()
        assert (report.created, report.updated, report.waiting, report.unchanged) == ((), (), (), 1)
        assert (desk.content / "import.lock").read_bytes() == before

    def test_the_lock_is_gone_and_the_page_counts_as_edited(self, desk: Desk) -> None:
        desk.run()
        text = self.edit(desk)
        (desk.content / "import.lock").unlink()
        assert desk.run().waiting == (f"content/{PAGE}.new",)
        assert desk.pages()[PAGE] == text

    def test_a_new_vocabulary_changes_what_nobody_edited(self, desk: Desk) -> None:
        desk.seed("b.txt", SECOND_SEED)
        desk.run()
        text = self.edit(desk)
        write(desk.content / "tags.toml", '[[tag]]\nname = "外事"\npatterns = ["外事会议", "航线"]\n')
        report = desk.run()
        assert report.updated == ("content/lao-jie-sheng-kai-tong-xin-hang-xian.md",)
        assert report.waiting == ()
        assert desk.pages()[PAGE] == text


class TestPagesThatMove:
    def test_a_deleted_page_stays_deleted_and_is_reported(self, desk: Desk) -> None:
        desk.run()
        (desk.content / PAGE).unlink()
        for text in (SEED, SEED.replace("明年", "后年"), SEED):
            desk.seed("a.txt", text)
            report = desk.run()
            assert desk.pages() == {}
            assert [line.split(": ")[0] for line in warnings_of(report)] == ["seeds/a.txt"]
            assert "stays deleted" in warnings_of(report)[0]

    def test_it_comes_back_when_its_line_is_taken_out_of_the_lock(self, desk: Desk) -> None:
        desk.run()
        (desk.content / PAGE).unlink()
        (desk.content / "import.lock").unlink()
        assert desk.run().created == (f"content/{PAGE}",)

    @pytest.mark.parametrize("name", ["改名.md", "栏目/other.md"])
    def test_a_renamed_page_is_found_by_its_seed(self, name: str, desk: Desk) -> None:
        desk.run()
        (desk.content / name).parent.mkdir(exist_ok=True)
        (desk.content / PAGE).rename(desk.content / name)
        assert desk.run().warnings == ()
        assert list(desk.pages()) == [name]
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        assert desk.run().updated == (f"content/{name}",)
        assert desk.lock() == {"a.txt": name}

    def test_two_pages_that_change_names_stay_what_they_are(self, desk: Desk) -> None:
        desk.seed("b.txt", SECOND_SEED)
        desk.run()
        first, second = sorted(desk.content.glob("*.md"))
        first.rename(desk.content / "x")
        second.rename(first)
        (desk.content / "x").rename(second)
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        assert desk.run().updated == (f"content/{second.name}",)
        assert "河内举行" in second.read_text("utf-8")
        assert "老街省" in first.read_text("utf-8")

    def test_another_story_under_the_name_of_a_deleted_page_is_left_alone(self, desk: Desk) -> None:
        desk.seed("b.txt", SECOND_SEED)
        desk.run()
        other = desk.content / "lao-jie-sheng-kai-tong-xin-hang-xian.md"
        (desk.content / PAGE).unlink()
        other.rename(desk.content / PAGE)
        before = desk.pages()
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        assert "stays deleted" in warnings_of(desk.run())[0]
        assert desk.pages() == before

    def test_a_page_that_cannot_be_read_is_left_alone_and_not_made_twice(self, desk: Desk) -> None:
        desk.run()
        write(desk.content / PAGE, desk.pages()[PAGE].replace("title:", "\ttitle:"))
        before = desk.pages()
        desk.seed("a.txt", SEED.replace("明年", "后年"))
        desk.run()
        (desk.content / "import.lock").unlink()
        desk.run()
        assert desk.pages() == before
        write(desk.content / PAGE, before[PAGE].replace("\ttitle:", "title:"))
        assert desk.run().waiting == (f"content/{PAGE}.new",)

    def test_an_own_page_with_the_name_of_a_new_one_is_left_alone(self, desk: Desk) -> None:
        own = page("自己的", "own")
        write(desk.content / PAGE, own)
        (created,) = desk.run().created
        assert created != f"content/{PAGE}"
        assert desk.pages()[PAGE] == own


class TestSeedsThatMove:
    def test_a_seed_that_is_gone_leaves_its_page(self, desk: Desk) -> None:
        desk.run()
        before = desk.pages()
        (desk.site / "seeds/a.txt").unlink()
        assert warnings_of(desk.run()) == [f"seeds/a.txt: this seed is gone; its page content/{PAGE} stays"]
        assert desk.pages() == before
        desk.seed("a.txt", SEED)
        assert desk.run().warnings == ()

    @pytest.mark.parametrize("edited", [False, True])
    def test_one_that_moved_keeps_its_page(self, edited: bool, desk: Desk) -> None:
        desk.run()
        if edited:
            write(desk.content / PAGE, desk.pages()[PAGE] + "\n编者加的一段。\n")
        (desk.site / "seeds/a.txt").unlink()
        desk.seed("旧/b.txt", SEED)
        report = desk.run()
        assert (report.created, report.waiting, report.warnings) == ((), (), ())
        assert desk.lock() == {"旧/b.txt": PAGE}
        assert list(desk.pages()) == [PAGE]
        assert ('seed: "旧/b.txt"' in desk.pages()[PAGE]) is not edited
        desk.seed("旧/b.txt", SEED.replace("明年", "后年"))
        report = desk.run()
        assert (report.updated, report.waiting) == (
            ((), (f"content/{PAGE}.new",)) if edited else ((f"content/{PAGE}",), ())
        )

    def test_one_that_moved_after_its_page_was_deleted_brings_nothing_back(self, desk: Desk) -> None:
        desk.run()
        (desk.content / PAGE).unlink()
        (desk.site / "seeds/a.txt").unlink()
        desk.seed("b.txt", SEED)
        assert "stays deleted" in warnings_of(desk.run())[0]
        assert desk.pages() == {}

    def test_one_that_became_empty_leaves_its_page(self, desk: Desk) -> None:
        desk.run()
        before = desk.pages()
        desk.seed("a.txt", "")
        assert [found.position.path for found in desk.run().errors] == ["seeds/a.txt"]
        assert desk.pages() == before

    def test_only_those_that_are_named_are_looked_at(self, desk: Desk) -> None:
        desk.seed("b.txt", SECOND_SEED)
        assert desk.run("b.txt").created == ("content/lao-jie-sheng-kai-tong-xin-hang-xian.md",)
        assert desk.run().created == (f"content/{PAGE}",)


class TestSlugs:
    def test_two_stories_of_one_title_have_two_stable_slugs(self, desk: Desk) -> None:
        desk.seed("b.txt", SEED.replace("明年", "后年"))
        desk.run()
        first, second = sorted(desk.slugs(), key=len)
        assert second.startswith(f"{first}-")
        assert len(second) == len(first) + 7
        before = desk.pages()
        (desk.content / "import.lock").unlink()
        desk.run()
        assert desk.pages() == before

    def test_a_slug_does_not_follow_the_title(self, desk: Desk) -> None:
        desk.run()
        desk.seed("a.txt", SEED.replace("河内举行地方外事会议", "岘港举行地方外事会议"))
        assert desk.run().updated == (f"content/{PAGE}",)
        assert f'slug: "{PAGE.removesuffix(".md")}"' in desk.pages()[PAGE]
        assert 'title: "岘港' in desk.pages()[PAGE]

    def test_a_story_takes_the_slug_that_its_teaser_was_given(self, desk: Desk) -> None:
        desk.run()
        assert 'slug: "lao-wo-zong-li-fang-wen-he-nei"' in desk.pages()[PAGE]
        write(desk.content / PAGE, desk.pages()[PAGE].replace('"lao-wo-zong-li-fang-wen-he-nei"', '"lao-wo-fang-wen"'))
        desk.seed("b.txt", "老撾總理訪問河內\n\n越通社河內——老撾總理2019年4月2日抵達河內。(完)\n")
        assert desk.run().created == ("content/lao-wo-fang-wen.md",)

    def test_a_teaser_keeps_its_slug_when_its_seed_changes(self, desk: Desk) -> None:
        desk.run()
        desk.seed("a.txt", SEED.replace("开始访问", "结束访问"))
        desk.run()
        assert 'slug: "lao-wo-zong-li-fang-wen-he-nei"' in desk.pages()[PAGE]

    def test_the_teaser_of_a_page_that_is_there_has_its_slug(self, desk: Desk) -> None:
        write(desk.content / "x.md", page("老挝总理访问河内", "xyz"))
        desk.run()
        assert 'slug: "xyz"' in desk.pages()[PAGE]


def test_a_second_run_reads_no_seed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    import gengduo.ingest

    desk.run()
    time.sleep(0.06)
    desk.run()
    monkeypatch.setattr(gengduo.ingest, "read_seed_shard", forbidden)
    assert desk.run().unchanged == 1


def forbidden(*_: object) -> Callable[[], None]:
    raise AssertionError("a seed was read that had not changed")


def test_a_corrected_encoding_reads_the_seed_again(desk: Desk) -> None:
    desk.seed("old/b.txt", "河内会议\n\n题为友谊的会议8月12日在河内召开。\n\n会议讨论了合作。\n".encode("gb18030"))
    config = desk.site / "site.toml"
    plain = config.read_text("utf-8")
    write(config, plain + '[seeds]\nencoding = { "old/" = "big5hkscs" }\n')
    desk.run()
    write(config, plain + '[seeds]\nencoding = { "old/" = "gb18030" }\n')
    assert len(desk.run().updated) == 1
    assert any("河内会议" in text for text in desk.pages().values())


@pytest.mark.parametrize("settled", [True, False])
def test_warnings_of_a_seed_are_told_in_each_run(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, settled: bool) -> None:
    monkeypatch.setattr("gengduo.ingest.is_settled", lambda *_: settled)
    desk.seed("a.txt", SEED.replace("明年", "明\x07年"))
    write(desk.site / "seeds" / "a.toml", 'colour = "red"\n')
    first = warnings_of(desk.run())
    assert len(first) == 2
    assert warnings_of(desk.run()) == first
    assert warnings_of(desk.run()) == first
    desk.seed("b.txt", SECOND_SEED)
    assert warnings_of(desk.run()) == first
    desk.seed("a.txt", SEED)
    (desk.site / "seeds" / "a.toml").unlink()
    assert warnings_of(desk.run()) == []
    assert warnings_of(desk.run()) == []
