"""Throw-away sites: the project's theme and settings around a sample corpus."""

from __future__ import annotations

import shutil
from pathlib import Path

from corpus import write_corpus, write_tags

PROJECT = Path(__file__).resolve().parent.parent
THEME = ("templates", "static", "site.toml", "content/glossary.toml")
"""What a site takes from the project; seeds and pages are its own."""


def lay_out_site(folder: Path, count: int, seed: int = 1, hant_share: float = 0.0) -> None:
    """Write a site of so many dumps, nothing imported yet; a site that was there before is removed."""
    if folder.exists() and not (folder / "site.toml").exists():
        raise SystemExit(f"{folder} is there and is no site; name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "content").mkdir(parents=True)
    for name in THEME:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.exists():
            shutil.copy(source, folder / name)
    write_corpus(folder / "seeds", count, seed, hant_share)
    write_tags(folder / "content" / "tags.toml")
