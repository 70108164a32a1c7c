"""The output folder: what a build may write into, and how a site changes from one build to the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from trials import difference, tree_of, write

from gengduo.cache import digest_bytes
from gengduo.errors import ConfigError, StorageError
from gengduo.output import (
    MANIFEST,
    check_output,
    clear_stage,
    commit,
    is_bare,
    leads_out,
    load_manifest,
    prepare_stage,
    stage_file,
    write_durably,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    for name in ("content", "seeds", "templates", "static"):
        (site / name).mkdir(parents=True)
    return site


def refused(output: Path, root: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        check_output(output, root)
    assert caught.value.exit_code == 2
    return str(caught.value)


class TestWhoseFolderItIs:
    @pytest.mark.parametrize(
        "place", [".", "..", "../..", "content", "content/public", "seeds", "static/out", "templates"]
    )
    def test_the_site_and_its_sources_are_refused(self, place: str, root: Path) -> None:
        assert "the output folder" in refused(root / place, root)

    def test_the_file_system_and_the_home_are_refused(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        home = root.parent / "home"
        home.mkdir()
        monkeypatch.setenv("HOME", str(home))
        assert "whole home" in refused(Path("/"), root)
        assert "whole home" in refused(home, root)

    def test_a_symbolic_link_is_refused(self, root: Path) -> None:
        (root.parent / "real").mkdir()
        (root / "public").symlink_to(root.parent / "real")
        assert "symbolic link" in refused(root / "public", root)

    def test_a_file_is_refused(self, root: Path) -> None:
        write(root / "public", "text")
        assert "is a file" in refused(root / "public", root)

    def test_a_folder_with_other_files_is_refused_and_kept(self, root: Path) -> None:
        write(root / "public" / "letter.txt", "mine")
        assert "not made by this program" in refused(root / "public", root)
        assert (root / "public" / "letter.txt").read_text() == "mine"

    @pytest.mark.parametrize("names", [(), (".git/config",), ("CNAME", ".nojekyll"), (".gengduo/stage/index.html",)])
    def test_an_empty_folder_or_a_fresh_work_tree_is_accepted(self, names: tuple[str, ...], root: Path) -> None:
        (root / "public").mkdir()
        for name in names:
            write(root / "public" / name, "x")
        check_output(root / "public", root)

    def test_a_folder_that_a_build_made_is_accepted(self, root: Path) -> None:
        publish(root / "public", {"index.html": b"1"})
        check_output(root / "public", root)

    def test_a_folder_that_is_not_there_is_accepted_and_not_made(self, root: Path) -> None:
        check_output(root / "public", root)
        assert not (root / "public").exists()


def publish(output: Path, files: dict[str, bytes]) -> None:
    """Bring these files into the output, as a build does."""
    owned = load_manifest(output) or {}
    prepare_stage(output)
    try:
        for path, data in files.items():
            stage_file(output, path, data)
        manifest = {path: digest_bytes(data) for path, data in files.items()}
        commit(output, manifest, owned.keys() - manifest.keys(), owned)
    finally:
        clear_stage(output)


def shown(output: Path) -> dict[str, bytes]:
    return {path: data for path, (kind, _, data) in tree_of(output).items() if kind == "file" and path != MANIFEST}


def test_an_output_is_bare_until_something_but_the_stage_lies_in_it(tmp_path: Path) -> None:
    output = tmp_path / "public"
    assert is_bare(output)
    stage_file(output, "a/index.html", b"1", onto_bare=True)
    assert is_bare(output)
    publish(output, {"a/index.html": b"1"})
    assert not is_bare(output)
    assert not stage_file(output, "a/index.html", b"1")


class TestCommit:
    def test_files_come_change_and_go(self, tmp_path: Path) -> None:
        publish(tmp_path, {"index.html": b"1", "a/b/index.html": b"2", "a/c.html": b"3"})
        publish(tmp_path, {"index.html": b"4", "a/c.html": b"3"})
        assert shown(tmp_path) == {"index.html": b"4", "a/c.html": b"3"}
        assert not (tmp_path / "a" / "b").exists()

    def test_manifest_names_each_file_with_its_digest(self, tmp_path: Path) -> None:
        publish(tmp_path, {"文/a.html": b"1", "b.html": b"2"})
        assert load_manifest(tmp_path) == {"文/a.html": digest_bytes(b"1"), "b.html": digest_bytes(b"2")}

    def test_files_that_are_not_ours_stay(self, tmp_path: Path) -> None:
        publish(tmp_path, {"a/index.html": b"1"})
        write(tmp_path / "CNAME", "paper.example")
        write(tmp_path / "a" / "mine.txt", "mine")
        publish(tmp_path, {"index.html": b"2"})
        assert shown(tmp_path) == {"CNAME": b"paper.example", "a/mine.txt": b"mine", "index.html": b"2"}

    def test_a_file_becomes_a_folder_and_a_folder_a_file(self, tmp_path: Path) -> None:
        publish(tmp_path, {"a": b"1", "b/c/d": b"2", "b/e": b"3"})
        publish(tmp_path, {"a/b": b"4", "b": b"5"})
        assert shown(tmp_path) == {"a/b": b"4", "b": b"5"}
        publish(tmp_path, {"a": b"1", "b/c/d": b"2"})
        assert shown(tmp_path) == {"a": b"1", "b/c/d": b"2"}

    @pytest.mark.parametrize(
        ("foreign", "new"), [("a", "a/index.html"), ("a/mine.txt", "a")], ids=["file for folder", "folder for file"]
    )
    def test_what_is_not_ours_is_no_victim_of_a_new_page(self, foreign: str, new: str, tmp_path: Path) -> None:
        publish(tmp_path, {"index.html": b"1"})
        write(tmp_path / foreign, "mine")
        before = tree_of(tmp_path)
        with pytest.raises(StorageError, match="not ours"):
            publish(tmp_path, {"index.html": b"2", new: b"3"})
        assert difference(before, tree_of(tmp_path)) == []

    def test_a_link_is_replaced_and_never_followed(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside.html"
        outside.write_bytes(b"1")
        output = tmp_path / "public"
        publish(output, {"index.html": b"1"})
        (output / "index.html").unlink()
        (output / "index.html").symlink_to(outside)
        publish(output, {"index.html": b"1"})
        assert not (output / "index.html").is_symlink()
        assert outside.read_bytes() == b"1"

    def test_a_linked_folder_is_neither_written_nor_emptied(self, tmp_path: Path) -> None:
        output, outside = tmp_path / "public", tmp_path / "outside"
        publish(output, {"a/index.html": b"1", "b/index.html": b"1"})
        (output / "a").rename(outside)
        (output / "a").symlink_to(outside)
        with pytest.raises(StorageError, match="symbolic link"):
            publish(output, {"a/index.html": b"2", "b/index.html": b"2"})
        assert (output / "b" / "index.html").read_bytes() == b"1"
        publish(output, {"b/index.html": b"2"})
        assert (outside / "index.html").read_bytes() == b"1"

    def test_a_failed_build_leaves_no_empty_folder(self, tmp_path: Path) -> None:
        prepare_stage(tmp_path / "public")
        clear_stage(tmp_path / "public")
        assert not (tmp_path / "public").exists()

    def test_what_a_killed_build_left_is_cleared(self, tmp_path: Path) -> None:
        publish(tmp_path, {"index.html": b"1"})
        clean = tree_of(tmp_path)
        write(tmp_path / ".gengduo" / "stage" / "zh-hans" / "index.html", "half")
        write(tmp_path / ".gengduo" / ".manifest.4711.tmp", "half")
        publish(tmp_path, {"index.html": b"1"})
        assert difference(clean, tree_of(tmp_path)) == []


class TestManifest:
    @pytest.mark.parametrize("data", [b"", b"other\n", b"\xff\xfe", b"gengduo-manifest 2\n"])
    def test_another_file_is_no_manifest(self, data: bytes, tmp_path: Path) -> None:
        write(tmp_path / MANIFEST, data)
        assert load_manifest(tmp_path) is None

    def test_a_damaged_line_names_no_file(self, tmp_path: Path) -> None:
        write(tmp_path / MANIFEST, "gengduo-manifest 1\nabc  ../../letter.txt\nabc  /etc/passwd\nabc\nabc  a.html")
        assert load_manifest(tmp_path) == {"a.html": "abc"}

    @pytest.mark.parametrize("path", ["/a", "../a", "a/../../b", "a\\b"])
    def test_paths_that_lead_outside(self, path: str) -> None:
        assert leads_out(path)


class TestWriteDurably:
    def test_a_file_that_changed_meanwhile_stays(self, tmp_path: Path) -> None:
        write(tmp_path / "a.md", "theirs")
        assert not write_durably(tmp_path / "a.md", b"ours", digest_bytes(b"old"))
        assert (tmp_path / "a.md").read_text() == "theirs"
        assert [path.name for path in tmp_path.iterdir()] == ["a.md"]

    def test_a_file_as_expected_is_replaced(self, tmp_path: Path) -> None:
        assert write_durably(tmp_path / "a.md", b"1", "")
        assert write_durably(tmp_path / "a.md", b"2", digest_bytes(b"1"))
        assert (tmp_path / "a.md").read_bytes() == b"2"
