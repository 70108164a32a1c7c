"""A sample corpus: seeded, deterministic dumps in the shape of the real seeds, and a vocabulary that fits them.

    python benchmarks/corpus.py DIR --count 300 [--seed 1] [--hant-share 0.05] [--tags-out FILE]

The words are in `corpus.toml` beside this file. The same count and seed give the same bytes everywhere: only
`Random.random` is drawn from, whose sequence Python promises to keep, and nothing depends on hashes or on listings.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from wording import Bound, Draw, Pattern, fill, load_words

FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2024, 12, 31)
TEASERS = 4
BRIEF_SHARE = 0.2
"""Of the teasers, those that lead to no story of the corpus."""
REPEATED_BRIEF_SHARE = 0.25
"""Of those, the ones that an earlier dump announced already."""
NO_CAPTION_SHARE = 0.3
"""Of the teasers, those whose caption only repeats the headline."""
SECOND_PHOTO_SHARE = 0.3
KNOWN_PERSON_SHARE = 0.45
"""Of the people, those who are in the vocabulary."""
PARAGRAPH_KINDS = ("speech", "figures", "background", "detail", "reaction", "speech", "detail", "figures")
FILES_PER_FOLDER = 1000

DateForm = Literal["full", "inferable", "month-day", "none"]
STORY_DATES: tuple[tuple[DateForm, float], ...] = (
    ("full", 0.6),
    ("inferable", 0.15),
    ("month-day", 0.17),
    ("none", 0.08),
)
BRIEF_DATES: tuple[tuple[DateForm, float], ...] = (("full", 0.25), ("month-day", 0.55), ("none", 0.2))


class Tag(NamedTuple):
    """An entry of the vocabulary."""

    name: str
    slug: str
    kind: str
    patterns: tuple[str, ...]


class Teaser(NamedTuple):
    """An entry of a dump's 更多 block."""

    headline: str
    lede: str
    caption: str
    target: int | None
    """Number of the dump that holds the story; None: no dump does."""


class Dump(NamedTuple):
    """A dump and what is known about it."""

    number: int
    name: str
    """Path under the corpus' folder."""
    text: str
    headline: str
    """Simplified, also where the text is Traditional; so are lede and teasers."""
    lede: str
    edtf: str
    """What an importer can know of the date; empty: nothing."""
    teasers: tuple[Teaser, ...]


class Head(NamedTuple):
    """What other dumps show of a story."""

    headline: str
    lede: str
    caption: str
    attempt: int
    """How many headlines were drawn in vain before this one: they were taken."""


@dataclass(frozen=True, slots=True)
class Story:
    """A story's facts, before they are told."""

    head: Head
    bound: Bound
    topic: dict[str, Any]
    event: dict[str, tuple[Pattern, ...]]
    day: date
    form: DateForm
    draw: Draw

    @property
    def edtf(self) -> str:
        """What its text tells of its date."""
        full = self.day.isoformat()
        return {"full": full, "inferable": f"{full}?", "month-day": f"XXXX{full[4:]}", "none": ""}[self.form]


# ----------------------------------------------------------------------------------------------------------- stories


def draw_story(name: str, shares: Sequence[tuple[DateForm, float]], attempt: int) -> Story:
    """Return the story of that name: the same each time."""
    words = load_words()
    draw = Draw(f"{name}/{attempt}")
    topic, event = draw.pick(words.topics), draw.pick(words.events)
    form = draw.weighted(shares)
    day = date.fromordinal(draw.between(FIRST_DAY.toordinal(), LAST_DAY.toordinal()))
    bound = bind_words(draw, topic, day)
    bound["when"] = tell_when(draw, form, day)
    headline = fill(draw.pick(event["headline"]), bound, draw)
    lede = fill(draw.pick(event["lede"]), bound, draw)
    caption = fill(draw.pick(words.captions["first"]), bound, draw)
    return Story(Head(headline, lede, caption, attempt), bound, topic, event, day, form, draw)


def bind_words(draw: Draw, topic: dict[str, Any], day: date) -> Bound:
    """Return the words that stay the same throughout a story."""
    words = load_words()
    place, place2 = draw.some(words.places, 2)
    thing, thing2 = draw.some(topic["thing"], 2)
    anniversary = draw.between(2, 16) * 5
    bound = {
        "place": place["full"],
        "place2": place2["full"],
        "city": place["city"],
        "country": draw.pick(words.countries)["name"],
        "org": draw.pick(words.organisations)["name"],
        "sector": topic["sector"],
        "office": topic["office"],
        "forum": draw.pick(topic["forum"]),
        "goal": draw.pick(topic["goal"]),
        "thing": thing,
        "thing2": thing2,
        "count": str(draw.between(12, 900)),
        "money": str(draw.between(11, 2400)),
        "nth": str(draw.between(2, 31)),
        "nth2": draw.pick("三四五六七八九十"),
        "anniversary": str(anniversary),
        "year": str(day.year),
        "founded": str(day.year - anniversary),
    }
    bind_figures(draw, topic, bound)
    for person, role in (("person", "role"), ("person2", "role2")):
        known = draw.pick(words.people) if draw.random() < KNOWN_PERSON_SHARE else None
        bound[person] = known["name"] if known else fill(draw.pick(words.slots["name"]), bound, draw)
        bound[role] = known["role"] if known else fill(draw.pick(words.slots["role"]), bound, draw)
    return bound


def bind_figures(draw: Draw, topic: dict[str, Any], bound: Bound) -> None:
    """Bind a new figure, and which way it went."""
    name, unit, low, high = draw.pick(topic["metric"])
    bound["metricname"] = name
    bound["metric"] = f"{name}达{draw.between(low, high)}{unit}"
    bound["pct"] = f"{draw.between(11, 289) / 10:.1f}"
    bound["trend"] = fill(draw.pick(load_words().slots["trend"]), bound, draw)


def tell_when(draw: Draw, form: DateForm, day: date) -> str:
    """Return the words that tell the day: all of it, without the year, or nothing certain."""
    if form == "none":
        return draw.pick(("近日", "日前"))
    year = f"{day.year}年" if form == "full" else ""
    return f"{year}{day.month}月{day.day}日{draw.pick(('', '', '上午', '下午'))}"


# ------------------------------------------------------------------------------------------------------------- dumps


def tell_body(story: Story) -> list[str]:
    """Return the paragraphs after the first, with a second photo between them in some."""
    words, draw = load_words(), story.draw
    pools = {"event": story.event["body"], **words.body}
    kinds = draw.some(PARAGRAPH_KINDS, len(PARAGRAPH_KINDS))
    used: set[Pattern] = set()

    def sentence(kind: str) -> str:
        pattern = draw.pick(pools[kind])
        while pattern in used:
            pattern = draw.pick(pools[kind])
        used.add(pattern)
        return fill(pattern, story.bound, draw)

    paragraphs: list[list[str]] = []
    for kind in ["event", *kinds, "plan"]:
        bind_figures(draw, story.topic, story.bound)
        paragraphs.append([sentence(kind) for _ in range(draw.between(3, 4))])
    if story.form == "full" and draw.random() < 0.6:
        draw.pick(paragraphs).append(sentence("dated"))
    if story.form == "inferable":
        draw.pick(paragraphs).insert(0, sentence("inferred"))
    if draw.random() < 0.5:
        paragraphs[-1].append(sentence("closing"))
    told = ["".join(sentences) for sentences in paragraphs]
    if draw.random() < SECOND_PHOTO_SHARE:
        caption = fill(draw.pick(words.captions["second"]), story.bound, draw)
        told.insert(draw.between(1, 3), f"{story.head.headline} ảnh 2{caption}")
    return told


def tell_dump(story: Story, teasers: Sequence[Teaser]) -> str:
    """Return the dump's text, laid out line for line as the crawler of the real ones leaves it."""
    head, draw = story.head, story.draw
    city = draw.pick((story.bound["city"], "河内"))
    day = f"{story.day.month}月{story.day.day}日" if story.form != "none" and draw.random() < 0.1 else ""
    body = [f"越通社{city}{day}——{head.lede}", *tell_body(story)]
    more = [line for teaser in teasers for line in (teaser.caption, teaser.headline, teaser.lede)]
    top = f"{head.headline}\n\n{head.lede}\n{head.headline} ảnh 1{head.caption}\n\n"
    return top + "\n\n".join(body) + "(越通社——VNA)\n越通社\n\n更多\n\n" + "\n\n".join(more)


class Heads:
    """The headlines of a corpus, each of them once."""

    def __init__(self, count: int, seed: int) -> None:
        self.seed = seed
        self.taken: set[str] = set()
        self.stories = [self.draw_head(f"{seed}/story/{number}", STORY_DATES) for number in range(1, count + 1)]
        self.briefs: list[Head] = []

    def draw_head(self, name: str, shares: Sequence[tuple[DateForm, float]]) -> Head:
        """Return the first head of that name whose headline no other story has, punctuation aside."""
        attempt = 0
        while (key := re.sub(r"\W", "", (head := draw_story(name, shares, attempt).head).headline)) in self.taken:
            attempt += 1
        self.taken.add(key)
        return head

    def draw_brief(self, draw: Draw) -> Head:
        """Return a story that no dump holds: a new one, or one that was announced before."""
        if self.briefs and draw.random() < REPEATED_BRIEF_SHARE:
            return draw.pick(self.briefs)
        self.briefs.append(self.draw_head(f"{self.seed}/brief/{len(self.briefs)}", BRIEF_DATES))
        return self.briefs[-1]

    def draw_teasers(self, number: int) -> tuple[Teaser, ...]:
        """Return what the dump of that number announces: never its own story, nor one of them twice."""
        draw = Draw(f"{self.seed}/more/{number}")
        teasers: dict[str, Teaser] = {}
        others = len(self.stories) - 1
        while len(teasers) < TEASERS:
            target: int | None = None
            if draw.random() < BRIEF_SHARE or others < TEASERS:
                head = self.draw_brief(draw)
            else:
                target = draw.between(1, others)
                target += target >= number
                head = self.stories[target - 1]
            caption = head.headline if draw.random() < NO_CAPTION_SHARE else head.caption
            teasers.setdefault(head.headline, Teaser(head.headline, head.lede, caption, target))
        return tuple(teasers.values())


def draw_dumps(count: int, seed: int = 1, hant_share: float = 0.0) -> Iterator[Dump]:
    """Return the dumps of a corpus, one at a time."""
    heads = Heads(count, seed)
    for number, head in enumerate(heads.stories, 1):
        story = draw_story(f"{seed}/story/{number}", STORY_DATES, head.attempt)
        teasers = heads.draw_teasers(number)
        text = tell_dump(story, teasers)
        if hant_share and Draw(f"{seed}/script/{number}").random() < hant_share:
            text = convert_to_hant(text)
        token = hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:16]
        folder = f"{(number - 1) // FILES_PER_FOLDER:03d}/" if count > FILES_PER_FOLDER else ""
        name = f"{folder}{number:06d}_{token}.txt"
        yield Dump(number, name, text, head.headline, head.lede, story.edtf, teasers)


def convert_to_hant(text: str) -> str:
    """Return a dump as an agency that prints Traditional characters would have it."""
    from opencc import OpenCC  # only where the share asks for it: a corpus in one script needs nothing but Python

    return str(OpenCC("s2tw").convert(text)).translate(str.maketrans("“”‘’", "「」『』"))


def list_tags() -> list[Tag]:
    """Return the vocabulary: topics, places, people and organisations that occur in the corpus."""
    words = load_words()
    topics = [Tag(topic["name"], topic["slug"], "topic", tuple(topic["patterns"])) for topic in words.topics]
    kinds = (("place", words.places + words.countries), ("person", words.people), ("organisation", words.organisations))
    return topics + [
        Tag(row["name"], row["slug"], kind, (row["name"],)) for kind, rows in kinds for row in rows if "slug" in row
    ]


def write_corpus(folder: Path, count: int, seed: int = 1, hant_share: float = 0.0) -> None:
    """Write so many dumps into the folder, in sub-folders of a thousand where there are more."""
    for dump in draw_dumps(count, seed, hant_share):
        path = folder / dump.name
        if dump.number % FILES_PER_FOLDER == 1:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dump.text.encode())


def write_tags(path: Path) -> None:
    """Write the vocabulary as `content/tags.toml` has it."""

    def quoted(texts: Sequence[str]) -> str:
        return ", ".join(f'"{text}"' for text in texts)

    rows = [
        f'[[tag]]\nname = "{tag.name}"\nslug = "{tag.slug}"\nkind = "{tag.kind}"\n'
        f"patterns = [{quoted(tag.patterns)}]\naliases = []\n"
        for tag in list_tags()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\n".join(rows).encode())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a corpus where the command line says."""
    parser = argparse.ArgumentParser(description="Write sample dumps, the same ones for the same count and seed.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--count", type=int, default=300, help="how many dumps (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another corpus (default: 1)")
    parser.add_argument("--hant-share", type=float, default=0.0, help="share of Traditional dumps, 0 to 1 (default: 0)")
    parser.add_argument("--tags-out", type=Path, metavar="FILE", help="also write a vocabulary that fits")
    options = parser.parse_args(arguments)
    write_corpus(options.folder, options.count, options.seed, options.hant_share)
    if options.tags_out:
        write_tags(options.tags_out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
