"""What is kept between builds: nothing damaged is ever believed."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gengduo.cache
from gengduo.cache import (
    Cache,
    DamagedCacheError,
    Fingerprint,
    Memory,
    TextPlace,
    digest_bytes,
    digest_of,
    is_settled,
    is_unicode,
    program_digest,
    read_checked,
    read_packs,
    scan_tree,
    write_checked,
    write_pack,
)


class TestCheckedFiles:
    def test_a_value_reads_as_it_was_written(self, tmp_path: Path) -> None:
        write_checked(tmp_path / "deep" / "a.bin", {"甲": [1, 2]})
        assert read_checked(tmp_path / "deep" / "a.bin", dict[str, list[int]]) == {"甲": [1, 2]}
        assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.bin"]

    def test_one_that_is_not_there_or_of_another_form_counts_as_nothing(self, tmp_path: Path) -> None:
        assert read_checked(tmp_path / "a.bin", int) is None
        write_checked(tmp_path / "a.bin", "text")
        assert read_checked(tmp_path / "a.bin", int) is None
        assert read_checked(tmp_path, int) is None

    @given(st.integers(0, 10_000), st.sampled_from(["cut", "flip", "longer"]))
    def test_a_damaged_one_counts_as_nothing(self, place: int, kind: str) -> None:
        path = Path(os.environ.get("TMPDIR", "/tmp")) / f"gengduo-{os.getpid()}.bin"
        try:
            write_checked(path, ["甲" * 30])
            data = bytearray(path.read_bytes())
            at = place % len(data)
            if kind == "flip":
                data[at] ^= 1 << place % 8
            path.write_bytes(data[:at] if kind == "cut" else data if kind == "flip" else data + b"x")
            assert read_checked(path, list[str]) is None
        finally:
            path.unlink()


class TestMemory:
    def test_what_cannot_be_written_down_stops_nothing_and_is_tried_again(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path, Memory())
        (tmp_path / "a.bin" / "in the way").mkdir(parents=True)
        for name in ("a.bin", "b.bin"):
            cache.write(name, [name])
        cache.write_down()
        assert read_checked(tmp_path / "b.bin", list[str]) == ["b.bin"]
        assert cache.read("a.bin", list[str]) == ["a.bin"]
        shutil.rmtree(tmp_path / "a.bin")
        cache.write("a.bin", ["a.bin"])
        cache.write_down()
        assert read_checked(tmp_path / "a.bin", list[str]) == ["a.bin"]

    def test_what_another_wrote_meanwhile_stays(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path, Memory())
        cache.write("a.bin", ["ours"])
        write_checked(tmp_path / "a.bin", ["another's"])
        cache.write_down()
        assert cache.read("a.bin", list[str]) == read_checked(tmp_path / "a.bin", list[str]) == ["another's"]


class TestPacks:
    def test_texts_read_as_they_were_written(self, tmp_path: Path) -> None:
        texts = [b"one", b"", "三".encode()]
        places = write_pack(tmp_path, texts)
        wanted = {digest_bytes(text): place for text, place in zip(texts, places, strict=True)}
        assert read_packs(tmp_path, wanted) == {digest_bytes(text): text for text in texts}

    @pytest.mark.parametrize("damage", [b"", b"on", b"oneX"])
    def test_a_damaged_pack_is_told_and_written_anew(self, damage: bytes, tmp_path: Path) -> None:
        (place,) = write_pack(tmp_path, [b"one!"])
        (tmp_path / place.pack).write_bytes(damage)
        with pytest.raises(DamagedCacheError):
            read_packs(tmp_path, {"one": place})

    def test_a_pack_that_is_gone_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(DamagedCacheError):
            read_packs(tmp_path, {"d": TextPlace("d", "none", 0, 1)})


class TestFingerprints:
    def test_an_edit_shows_even_with_the_same_size_and_time(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_bytes(b"1")
        before = Fingerprint.of(path.stat())
        time.sleep(0.02)
        path.write_bytes(b"2")
        os.utime(path, ns=(before.mtime_ns, before.mtime_ns))
        after = Fingerprint.of(path.stat())
        assert (after.size, after.mtime_ns) == (before.size, before.mtime_ns)
        assert after != before

    @pytest.mark.parametrize(
        ("changed", "now", "settled"),
        [
            (1_000_000_001, 1_000_000_002, False),
            (1_000_000_001, 1_040_000_001, False),
            (1_000_000_001, 1_060_000_001, True),
            (5_000_000_001, 1_000_000_001, True),  # the clock was put back
            (1_000_000_000, 3_000_000_000, False),  # whole seconds: the file system may know no finer ones
            (1_000_000_000, 3_200_000_000, True),
        ],
    )
    def test_one_is_believed_only_after_the_tick_of_the_clock(self, changed: int, now: int, settled: bool) -> None:
        assert is_settled(Fingerprint(1, changed, changed, 1), now) is settled


class TestScan:
    def test_it_finds_files_in_order_and_passes_over_dots_and_links(self, tmp_path: Path) -> None:
        for name in ("b.md", "a/c.md", "a/b.txt", ".hidden/x.md", ".x.md", "a/.y.md"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        (tmp_path / "loop").symlink_to(tmp_path)
        assert list(scan_tree(tmp_path)) == ["a/b.txt", "a/c.md", "b.md", "loop"]
        assert list(scan_tree(tmp_path, (".md",))) == ["a/c.md", "b.md", "loop"]

    def test_a_folder_that_is_not_there_is_empty(self, tmp_path: Path) -> None:
        assert scan_tree(tmp_path / "none") == {}

    def test_what_goes_while_it_is_looked_at_is_not_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("b.md", "a.tmp", "old/c.md"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        real = os.scandir

        def saving(path: str) -> list[os.DirEntry[str]]:
            entries = list(real(path))
            if (tmp_path / "a.tmp").exists():
                (tmp_path / "a.tmp").rename(tmp_path / "b.md")
                (tmp_path / "old" / "c.md").unlink()
                (tmp_path / "old").rmdir()
                (tmp_path / "old").touch()
            return entries

        monkeypatch.setattr(os, "scandir", saving)
        assert list(scan_tree(tmp_path)) == ["b.md"]

    def test_a_file_in_the_place_of_a_folder_is_not_taken_for_an_empty_one(self, tmp_path: Path) -> None:
        (tmp_path / "content").touch()
        with pytest.raises(NotADirectoryError):
            scan_tree(tmp_path / "content")

    def test_names_that_are_no_text(self) -> None:
        assert is_unicode("甲.md")
        assert not is_unicode(os.fsdecode(b"\xff.md"))


class TestDigests:
    def test_what_is_not_equal_has_another_digest(self) -> None:
        values = [(), ("a",), ("a", "b"), ("ab",), {"a": "b"}, {"a": ("b",)}, 1, "1", None]
        assert len({digest_of(value) for value in values}) == len(values)

    def test_that_of_the_program_changes_with_each_of_its_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = tmp_path / "gengduo"
        shutil.copytree(Path(gengduo.cache.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
        monkeypatch.setattr(gengduo.cache, "__file__", str(package / "cache.py"))
        getattr(program_digest, "cache_clear", lambda: None)()
        seen = {program_digest()}
        files = [
            path for path in sorted(package.rglob("*")) if path.is_file() and path.suffix in gengduo.cache.PROGRAM_FILES
        ]
        assert len(files) > 50
        for count, path in enumerate(files, start=2):
            with path.open("ab") as file:
                file.write(b"\n")
            getattr(program_digest, "cache_clear", lambda: None)()
            seen.add(program_digest())
            assert len(seen) == count, path
        getattr(program_digest, "cache_clear", lambda: None)()
