"""The same site for Hugo: content in both editions, already imported, already converted, references resolved.

    python benchmarks/hugo_site.py SITE OUT

SITE is a Gengduo site whose seeds have been imported; OUT becomes a Hugo project, `hugo --source OUT`. Whatever can be
known beforehand is written into the front matter (backlinks, targets of teasers, dates as a reader sees them, both
scripts), so that Hugo is measured rendering and nothing else.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from gengduo.tags import Tag, TagMatcher, load_vocabulary  # noqa: E402  (of this checkout)

FRAME = Path(__file__).parent / "hugo"
EDITIONS = ("zh-hans", "zh-hant")
QUOTES = str.maketrans("“”‘’", "「」『』")
UNQUOTES = str.maketrans("「」『』", "“”‘’")

Table = dict[str, Any]


def load_pages(content: Path) -> list[Table]:
    """Return the front matter of every page, in the order of their names, with the body as `body`."""
    pages = []
    for path in sorted(content.glob("*.md")):
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        pages.append({**yaml.load(front, yaml.CSafeLoader), "body": body.strip("\n")})
    return pages


# ----------------------------------------------------------------------------------------------------------- stories


def link_stories(pages: Sequence[Table], find_tags: Callable[[str, str], Sequence[str]]) -> list[Table]:
    """Return the articles and briefs, `more` and `backlinks` holding the paths of Hugo's pages.

    `find_tags` tells the tags of a brief from its title and lede.
    """
    by_title = {page["title"]: page["slug"] for page in pages}
    slugs = set(by_title.values())
    stories = {page["slug"]: {**page, "place": "articles"} for page in pages}
    backlinks: defaultdict[str, dict[str, None]] = defaultdict(dict)
    briefs_by_title: dict[str, str] = {}
    for page in pages:
        for teaser in page.get("more", []):
            target = teaser["slug"] if teaser["slug"] in slugs else by_title.get(teaser["title"])
            if target is None:
                target = briefs_by_title.setdefault(teaser["title"], teaser["slug"])
                if target not in stories:
                    found = find_tags(teaser["title"], teaser.get("lede", ""))
                    stories[target] = make_brief(target, page, teaser, found)
            if target != page["slug"]:
                teaser["target"] = f"/{stories[target]['place']}/{target}"
                backlinks[target][f"/articles/{page['slug']}"] = None
    for slug, story in stories.items():
        story["backlinks"] = list(backlinks[slug])
    return list(stories.values())


def make_brief(slug: str, page: Table, teaser: Table, tags: Sequence[str]) -> Table:
    """Return a story that is known from this teaser only."""
    words = {key: teaser[key] for key in ("title", "lede", "caption", "date") if key in teaser}
    return {**words, "slug": slug, "lang": page["lang"], "tags": tags, "place": "briefs", "body": ""}


def tell_day(edtf: str) -> Table:
    """Return what a page shows of a date, and `terms`: the date indexes that hold it."""
    exact = edtf.rstrip("?~%")
    parts = exact.split("-")
    if not edtf:
        return {"terms": ["undated"]}
    if edtf.startswith("["):
        return {"edtf": edtf, "shown": edtf.strip("[]"), "note": "date_one_of", "terms": ["one-of"]}
    if parts[0] == "XXXX":
        shown = f"{int(parts[1])}月{int(parts[2])}日"
        machine = "-".join(parts[1:])
        return {
            "edtf": edtf,
            "shown": shown,
            "machine": machine,
            "note": "date_year_unknown",
            "terms": ["year-unknown"],
        }
    shown = "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    terms = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    day: Table = {"edtf": edtf, "shown": shown, "machine": exact, "terms": terms, "href": f"dates/{terms[-1]}/"}
    if exact != edtf:
        day["note"] = "date_inferred"
    if len(parts) == 3:
        day["published"] = exact
    return day


# ----------------------------------------------------------------------------------------------------------- editions


@cache
def converter(config: str) -> OpenCC:
    """Return OpenCC's converter of that name."""
    return OpenCC(config)


def convert(value: Any, config: str) -> Any:
    """Return a text, or every text in a list or table, in the other script."""
    if isinstance(value, str):
        told = value.translate(UNQUOTES) if config == "t2s" else value
        told = converter(config).convert(told)
        return told if config == "t2s" else told.translate(QUOTES)
    if isinstance(value, list):
        return [convert(item, config) for item in value]
    if isinstance(value, dict):
        return {key: item if key in {"target", "slug"} else convert(item, config) for key, item in value.items()}
    return value


def front_matter(story: Table, slugs: dict[str, str]) -> Table:
    """Return a story's front matter, without what only one edition holds."""
    day = tell_day(story.get("date", ""))
    front: Table = {
        "title": story["title"],
        "slug": story["slug"],
        "weight": 1 if story["place"] == "articles" else 2,  # Hugo's own order: by weight, then the newest first
        "tags": [slugs[name] for name in story.get("tags", []) if name in slugs],
        "dates": day.pop("terms"),
        "day": day,
    }
    if "published" in day or "href" in day:
        front["date"] = f"{day['machine']}-01-01"[:10]
    for key in ("lede", "caption", "dateline", "credit", "more", "backlinks"):
        if story.get(key):
            front[key] = story[key]
    if story.get("date_basis"):
        front["basis"] = story["date_basis"]
    return front


def write_story(story: Table, slugs: dict[str, str], out: Path) -> None:
    """Write a story's page in both editions."""
    front = front_matter(story, slugs)
    own = "zh-hant" if story["lang"].startswith("zh-Hant") else "zh-hans"
    body = story["body"]
    for path in EDITIONS:
        told, text = front, body
        if path != own:
            config = "s2tw" if path == "zh-hant" else "t2s"
            kept = {key: front[key] for key in ("slug", "tags", "dates", "day", "backlinks") if key in front}
            told = {**convert(front, config), **kept, "original": own}
            text = convert(body, config) if body else ""
        write_page(out / "content" / path / story["place"] / f"{story['slug']}.md", told, text)


def write_page(path: Path, front: Table, body: str = "") -> None:
    """Write a page with its front matter as JSON, the form that Hugo reads fastest."""
    path.write_text(f"{json.dumps(front, ensure_ascii=False)}\n\n{body}\n", "utf-8")


# ------------------------------------------------------------------------------------------------------------ indexes


def write_indexes(stories: Sequence[Table], tags: Sequence[Tag], out: Path) -> None:
    """Write the pages of lists that have words of their own: tags, years with their months, months with their days."""
    counts = Counter(term for story in stories for term in tell_day(story.get("date", ""))["terms"])
    for path in EDITIONS:
        content = out / "content" / path
        for name in ("articles", "briefs"):
            write_page(content / name / "_index.md", {"title": name, "build": {"render": "never"}})
        for tag in tags:
            title = tag.name if path == "zh-hans" else convert(tag.name, "s2tw")
            folder = content / "tags" / tag.slug
            folder.mkdir(parents=True, exist_ok=True)
            write_page(folder / "_index.md", {"title": title, "kind": tag.kind, "outputs": ["html", "atom"]})
        dates = content / "dates"
        years = index_entries(counts)
        dates.mkdir(exist_ok=True)
        write_page(dates / "_index.md", {"title": "dates", "years": years})
        for year in years:
            for entry in (year, *year["children"]):
                folder = content / entry["href"]
                folder.mkdir(parents=True, exist_ok=True)
                write_page(folder / "_index.md", {"title": entry["shown"], "children": entry["children"]})


def index_entries(counts: Counter[str]) -> list[Table]:
    """Return the years, newest first, each with its months, and those with their days."""
    entries: dict[str, Table] = {}
    for term in sorted(term for term in counts if re.match(r"\d{4}(?:/|$)", term)):
        shown = "".join(f"{int(part)}{unit}" for part, unit in zip(term.split("/"), "年月日", strict=False))
        entries[term] = {"href": f"dates/{term}/", "shown": shown, "count": counts[term], "children": []}
        if parent := term.rpartition("/")[0]:
            entries[parent]["children"].append(entries[term])
    return [entry for term, entry in reversed(entries.items()) if "/" not in term]


def write_hugo_site(site: Path, out: Path) -> None:
    """Write the Hugo project that shows what the Gengduo site shows."""
    shutil.copytree(FRAME, out)
    for path in EDITIONS:
        for place in ("articles", "briefs"):
            (out / "content" / path / place).mkdir(parents=True)
    vocabulary = load_vocabulary(site / "content" / "tags.toml")
    matcher = TagMatcher(vocabulary)
    stories = link_stories(load_pages(site / "content"), lambda title, lede: matcher.find(title, lede, ""))
    slugs = {tag.name: tag.slug for tag in vocabulary.tags}
    for story in stories:
        write_story(story, slugs, out)
    write_indexes(stories, vocabulary.tags, out)
    if (site / "static").is_dir():
        shutil.copytree(site / "static", out / "static" / "static")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the Hugo project where the command line says."""
    parser = argparse.ArgumentParser(description="Write the Hugo project that shows what an imported site shows.")
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder that is not there yet")
    options = parser.parse_args(arguments)
    write_hugo_site(options.site, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
