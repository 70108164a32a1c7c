"""What a person begins with: an empty page, or a whole site with the default theme."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gengduo.config import NAME, load_config
from gengduo.content import dump_page, parse_page
from gengduo.dates import is_edtf
from gengduo.editions import detect_script
from gengduo.errors import ConfigError, ContentError, StorageError, is_visible, problem
from gengduo.model import Article
from gengduo.output import write_durably
from gengduo.slugs import slug_of

LANGUAGES = {"Hans": "zh-Hans", "Hant": "zh-Hant"}
STARTERS = ("content/glossary.toml", "content/tags.toml")
"""What a new site has of this one's content: words that any paper can use."""
FOLDERS = ("templates", "static")
PHOTOS = "photos"
"""Below `static/`: they belong to the pages of this site, not to its theme."""
SITE = """\
# The site. Save the file, and the next build follows it.
title = "我的报纸"
description = "一句话介绍本站。"
base_url = "https://example.org/"    # where the site will stand, path included
page_size = 30                       # stories on a page of a list
footer = ""                          # rights, contact, licence

[[editions]]
path = "zh-hans"
lang = "zh-Hans"
label = "简体"

[[editions]]
path = "zh-hant"
lang = "zh-Hant"
label = "繁體"
region = "neutral"                   # or "tw", "hk": whose words and glyphs
"""
IGNORED = "/public/\n/.cache/\n*.new\n"


def new_page(root: Path, title: str, date: str = "") -> str:
    """Write a page that has a title and no text yet, a draft, and return its path under the site's folder.

    Its language is that of the title's script, or of the first edition where the title does not tell. Raises
    ContentError where a page of that name is there, ConfigError where title or date cannot stand.
    """
    config = load_config(root / NAME)
    title = " ".join(title.split())
    if not is_visible(title):
        what = "shows nothing" if title else "is empty"
        raise ConfigError(problem("new", f"the title {what}; write one in quotes"))
    if date and not is_edtf(date):
        message = f"“{date}” is no date in EDTF; write 2018-08-12, 2018-08 or 2018, with ? where it is inferred"
        raise ConfigError(problem("--date", message))
    script = detect_script(title).script or config.editions[0].script or "Hans"
    slug = slug_of(title)
    path = f"content/{slug}.md"
    page = Article(source_path=path, title=title, slug=slug, lang=LANGUAGES[script], date=date, body="", body_line=0)
    text = dump_page(page).removesuffix("---\n\n") + "draft: true\n---\n\n"
    data = text.encode("utf-8", "surrogatepass")
    parse_page(data, path, is_edtf)  # a title may hold what no page can
    if os.path.lexists(root / path) or not write_durably(root / path, data, ""):
        raise ContentError(problem(path, "this page is there already; edit it, or choose another title"))
    return path


def new_site(folder: Path) -> list[str]:
    """Lay out a site without a text, and return the paths of its files.

    Raises ContentError where the folder holds anything, so that nothing is ever overwritten.
    """
    theme = theme_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except (FileExistsError, NotADirectoryError):
        occupied = True
    if occupied:
        raise ContentError(problem(folder, "there is something here already; name a folder that is new or empty"))
    for name in FOLDERS:
        ignored = shutil.ignore_patterns(".*", *([PHOTOS] if name == "static" else []))
        shutil.copytree(theme / name, folder / name, ignore=ignored)
    for name in ("seeds", "content"):
        (folder / name).mkdir()
    for name in STARTERS:
        shutil.copyfile(theme / name, folder / name)
    (folder / NAME).write_bytes(SITE.encode())
    (folder / ".gitignore").write_bytes(IGNORED.encode())
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def theme_folder(package: Path = Path(__file__).parent) -> Path:
    """Return the folder of the default theme: in the installed package, or the checkout that it lies in."""
    for folder in (package / "theme", package.parent):
        if all((folder / name).exists() for name in (*FOLDERS, *STARTERS)):
            return folder
    raise StorageError(problem(package, "the default theme is not here; install the program again"))
