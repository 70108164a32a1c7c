"""References: which article or brief each teaser leads to, and who refers to whom.

All editions share this one graph and one set of slugs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gengduo.errors import ContentError, Problem, did_you_mean, problem
from gengduo.model import Card, Holding, TeaserCard, Value


class Target(Value, frozen=True, kw_only=True):
    """What a teaser leads to."""

    slug: str
    brief: bool


class Brief(Value, frozen=True, kw_only=True):
    """A story known only from teasers."""

    slug: str
    source: str
    """Slug of the article whose teaser holds its words."""
    index: int
    """Place of that teaser in the article's `more`."""
    date: str
    tags: tuple[str, ...]
    incomplete: bool
    referrers: tuple[str, ...]
    """Slugs of the articles that tell of it, in the order of the library."""


class Library(Value, frozen=True, kw_only=True):
    """Every article and brief, and every reference between them: all that views are made of."""

    articles: tuple[Holding, ...]
    """In the order that was given to `resolve_references`."""
    briefs: tuple[Brief, ...]
    """By slug."""
    targets: dict[str, tuple[Target | None, ...]]
    """For each article's slug, what its teasers lead to; None: nothing."""
    backlinks: dict[str, tuple[str, ...]]
    """For each article's slug, the slugs of those that refer to it, in the order of the library."""


def resolve_references(cards: Sequence[Card]) -> tuple[Library, tuple[Problem, ...]]:
    """Return a library in which every reference names an article or a brief, and warnings.

    An explicit `ref` counts first, then the slug that the teaser was given, then the same title. Broken references and
    slugs that stand twice are raised together, each with its position, so that an editor can mend all in one pass.
    """
    problems = _duplicates(cards)
    slugs = {card.slug for card in cards}
    by_title: dict[str, list[str]] = {}
    for card in cards:
        by_title.setdefault(card.title_key, []).append(card.slug)
    brief_slugs = {teaser.slug for card in cards for teaser in card.teasers if teaser.ref is None} - slugs
    warnings: list[Problem] = []
    targets: dict[str, tuple[Target | None, ...]] = {}
    tellers: dict[str, list[tuple[Card, int]]] = {}
    backlinks: dict[str, dict[str, None]] = {}
    for card in cards:
        found: list[Target | None] = []
        for index, teaser in enumerate(card.teasers):
            slug = _target_slug(card, teaser, slugs, by_title, warnings)
            if isinstance(teaser.ref, str) and slug and slug not in slugs and slug not in brief_slugs:
                advice = did_you_mean(teaser.ref, slugs | brief_slugs) or "; correct the ref"
                message = f"unknown article “{teaser.ref}”{advice}"
                problems.append(problem(card.source_path, message, teaser.line))
                slug = ""
            if not slug:
                found.append(None)
                continue
            is_brief = slug not in slugs
            if is_brief:
                tellers.setdefault(slug, []).append((card, index))
            else:
                backlinks.setdefault(slug, {})[card.slug] = None
            found.append(Target(slug=slug, brief=is_brief))
        targets[card.slug] = tuple(found)
        for linked, line in card.links:
            if linked not in slugs:
                message = f"unknown article “{linked}”{did_you_mean(linked, slugs) or '; correct the link'}"
                problems.append(problem(card.source_path, message, line))
    problems.extend(_links_by_hand(cards))
    if problems:
        raise ContentError(problems)
    library = Library(
        articles=tuple(map(_holding, cards)),
        briefs=tuple(_brief(slug, tellers[slug]) for slug in sorted(tellers)),
        targets=targets,
        backlinks={slug: tuple(referrers) for slug, referrers in backlinks.items()},
    )
    return library, tuple(warnings)


def _links_by_hand(cards: Sequence[Card]) -> Iterator[Problem]:
    """Yield the links of hand-made editions that lead to no page of their edition."""
    versions = {card.slug: card.versions for card in cards}
    for card in cards:
        for edition, path, slug, line in card.links_by_hand:
            if slug not in versions:
                message = f"unknown article “{slug}”{did_you_mean(slug, versions) or '; correct the link'}"
                yield problem(path, message, line)
            elif edition not in versions[slug]:
                message = f"“{slug}” has no page in the edition {edition}; make one, or take the link out"
                yield problem(path, message, line)


def _duplicates(cards: Sequence[Card]) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for card in sorted(cards, key=lambda card: card.source_path):
        other = first.setdefault(card.slug, card.source_path)
        if other != card.source_path:
            message = f"the slug “{card.slug}” is also that of {other}; change one of them"
            problems.append(problem(card.source_path, message))
    return problems


def _target_slug(
    card: Card, teaser: TeaserCard, slugs: set[str], by_title: dict[str, list[str]], warnings: list[Problem]
) -> str:
    """Return the slug that a teaser leads to, or an empty text where it leads nowhere."""
    if teaser.ref is False:
        return ""
    same_title = by_title.get(teaser.title_key, [])
    is_own = teaser.slug == card.slug or same_title == [card.slug] if teaser.ref is None else teaser.ref == card.slug
    if is_own:
        message = "this teaser leads to its own page; it is not linked (ref: names another target)"
        warnings.append(problem(card.source_path, message, teaser.line))
        return ""
    if teaser.ref is not None:
        return str(teaser.ref)
    if teaser.slug in slugs:
        return teaser.slug
    if len(same_title) > 1:
        message = f"{len(same_title)} articles have the title of this teaser; name one with ref:"
        warnings.append(problem(card.source_path, message, teaser.line))
        return ""
    return same_title[0] if same_title else teaser.slug


def _brief(slug: str, tellers: Sequence[tuple[Card, int]]) -> Brief:
    """Return the brief that these teasers tell of; a complete one lends its words, the oldest page's first."""
    in_order = sorted(tellers, key=lambda teller: (teller[0].teasers[teller[1]].incomplete, teller[0].slug, teller[1]))
    source, index = in_order[0]
    teasers = [card.teasers[place] for card, place in in_order]
    return Brief(
        slug=slug,
        source=source.slug,
        index=index,
        date=next((teaser.date for teaser in teasers if teaser.date), ""),
        tags=teasers[0].tags,
        incomplete=teasers[0].incomplete,
        referrers=tuple(dict.fromkeys(card.slug for card, _ in tellers)),
    )


def _holding(card: Card) -> Holding:
    return Holding(
        source_path=card.source_path,
        slug=card.slug,
        lang=card.lang,
        date=card.date,
        updated=card.updated,
        tags=card.tags,
        lead=card.lead,
        withdrawn=card.withdrawn,
        aliases=card.aliases,
        source_url=card.source_url,
        correction_dates=card.correction_dates,
        teasers=tuple([(teaser.date, teaser.incomplete) for teaser in card.teasers]),
        versions=card.versions,
    )
