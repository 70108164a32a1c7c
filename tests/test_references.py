"""References: where each teaser leads, which stories are briefs, and who refers to whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengduo.errors import ContentError
from gengduo.model import Card, TeaserCard
from gengduo.references import Library, Target, resolve_references
from gengduo.typography import fold_title


def teaser(title: str, slug: str, ref: object = None, **fields: object) -> TeaserCard:
    return TeaserCard(title_key=fold_title(title), slug=slug, ref=ref, line=9, **fields)  # type: ignore[arg-type]


def card(slug: str, title: str, *teasers: TeaserCard, links: tuple[tuple[str, int], ...] = ()) -> Card:
    return Card(
        source_path=f"content/{slug}.md",
        slug=slug,
        lang="zh-Hans",
        title_key=fold_title(title),
        date="",
        updated="",
        tags=(),
        section="",
        lead=False,
        withdrawn=False,
        draft=False,
        aliases=(),
        correction_dates=(),
        seed="",
        source_url="",
        teasers=teasers,
        links=links,
        versions={},
    )


def resolve(*cards: Card) -> Library:
    library, warnings = resolve_references(cards)
    assert warnings == ()
    return library


def warnings_of(*cards: Card) -> list[str]:
    return [str(found) for found in resolve_references(cards)[1]]


def errors_of(*cards: Card) -> list[str]:
    with pytest.raises(ContentError) as caught:
        resolve_references(cards)
    return [str(found) for found in caught.value.problems]


class TestATeaserLeads:
    def test_to_the_article_with_its_title(self) -> None:
        library = resolve(card("a", "甲", teaser("乙报道", "x")), card("b", "乙报道"))
        assert library.targets["a"] == (Target(slug="b", brief=False),)
        assert library.briefs == ()

    @pytest.mark.parametrize(
        "title",
        [
            "老挝总理访问河内",
            "老撾總理訪問河內",
            "老挝 总理　访问河内",
            "《老挝总理访问河内》",
            "老挝总理：访问河内！",
            "老挝总理访问河内。",
        ],
    )
    def test_whatever_the_script_the_width_the_space_and_the_marks(self, title: str) -> None:
        library = resolve(card("a", "甲", teaser(title, "x")), card("b", "老挝总理访问河内"))
        assert library.targets["a"] == (Target(slug="b", brief=False),)

    def test_to_the_article_that_has_its_slug(self) -> None:
        library = resolve(card("a", "甲", teaser("旧题", "b")), card("b", "新题"))
        assert library.targets["a"] == (Target(slug="b", brief=False),)

    def test_to_the_article_that_ref_names(self) -> None:
        library = resolve(card("a", "甲", teaser("乙", "x", ref="c")), card("b", "乙"), card("c", "丙"))
        assert library.targets["a"] == (Target(slug="c", brief=False),)

    def test_to_the_brief_that_ref_names(self) -> None:
        library = resolve(card("a", "甲", teaser("乙", "x", ref="y")), card("b", "丙", teaser("丁", "y")))
        assert library.targets["a"] == (Target(slug="y", brief=True),)
        assert [(brief.slug, brief.source, brief.referrers) for brief in library.briefs] == [("y", "a", ("a", "b"))]

    def test_nowhere_where_ref_is_false(self) -> None:
        library = resolve(card("a", "甲", teaser("乙", "x", ref=False)), card("b", "乙"))
        assert library.targets["a"] == (None,)
        assert library.briefs == ()
        assert library.backlinks == {}

    def test_nowhere_where_it_is_its_own_page(self) -> None:
        for own in (teaser("甲", "x"), teaser("乙", "a"), teaser("乙", "x", ref="a")):
            assert resolve_references([card("a", "甲", own)])[0].targets["a"] == (None,)
            (warning,) = warnings_of(card("a", "甲", own))
            assert warning.startswith("content/a.md:9: this teaser leads to its own page; it is not linked")

    def test_nowhere_where_two_articles_have_its_title(self) -> None:
        cards = (card("a", "甲", teaser("乙", "x")), card("b", "乙"), card("c", "乙"))
        assert resolve_references(cards)[0].targets["a"] == (None,)
        assert warnings_of(*cards) == ["content/a.md:9: 2 articles have the title of this teaser; name one with ref:"]

    def test_to_a_brief_else(self) -> None:
        library = resolve(card("a", "甲", teaser("乙", "x", date="2019-03", incomplete=True)))
        (brief,) = library.briefs
        assert (brief.slug, brief.source, brief.index, brief.date, brief.incomplete) == ("x", "a", 0, "2019-03", True)
        assert library.targets["a"] == (Target(slug="x", brief=True),)


class TestABrief:
    def test_is_one_for_all_teasers_of_its_slug(self) -> None:
        library = resolve(card("b", "甲", teaser("丙", "x")), card("a", "乙", teaser("丁", "y"), teaser("丙", "x")))
        found = {brief.slug: brief for brief in library.briefs}
        assert list(found) == ["x", "y"]
        assert (found["x"].source, found["x"].index) == ("a", 1)
        assert found["x"].referrers == ("b", "a")

    def test_takes_its_words_from_a_teaser_that_is_whole(self) -> None:
        library = resolve(
            card("a", "甲", teaser("丙", "x", incomplete=True, date="2019")), card("b", "乙", teaser("丙", "x"))
        )
        (brief,) = library.briefs
        assert (brief.source, brief.incomplete, brief.date) == ("b", False, "2019")

    def test_does_not_depend_on_the_order_of_pages(self) -> None:
        cards = [card(slug, f"题{slug}", teaser("丙", "x")) for slug in "abc"]
        forward, backward = resolve(*cards), resolve(*cards[::-1])
        assert [(b.slug, b.source, b.index) for b in forward.briefs] == [
            (b.slug, b.source, b.index) for b in backward.briefs
        ]

    def test_becomes_the_story_and_keeps_its_address(self) -> None:
        before = resolve(card("a", "甲", teaser("乙", "x")))
        after = resolve(card("a", "甲", teaser("乙", "x")), card("x", "乙，全文"))
        assert before.targets["a"] == (Target(slug="x", brief=True),)
        assert after.targets["a"] == (Target(slug="x", brief=False),)
        assert after.briefs == ()
        assert after.backlinks == {"x": ("a",)}


class TestErrors:
    def test_are_told_together_each_at_its_line(self) -> None:
        broken = card("a", "甲", teaser("乙", "x", ref="wai-shi-huiyi"), links=(("no-such", 12), ("b", 13)))
        assert errors_of(broken, card("wai-shi-hui-yi", "丙"), card("b", "丁")) == [
            "content/a.md:9: unknown article “wai-shi-huiyi”; did you mean “wai-shi-hui-yi”?",
            "content/a.md:12: unknown article “no-such”; correct the link",
        ]

    def test_two_pages_with_one_slug(self) -> None:
        first, second = card("a", "甲"), card("a", "乙")
        other = Card(
            **{name: getattr(second, name) for name in Card.__struct_fields__} | {"source_path": "content/b.md"}
        )
        assert errors_of(other, first) == [
            "content/b.md: the slug “a” is also that of content/a.md; change one of them"
        ]


slugs = st.sampled_from(["a", "b", "c", "d", "x", "y"])
teasers = st.builds(teaser, st.sampled_from("甲乙丙丁戊己"), slugs, st.sampled_from([None, None, False, "a"]))


@st.composite
def libraries(draw: st.DrawFn) -> list[Card]:
    found = [card("a", "甲", *draw(st.lists(teasers, max_size=3)))]
    for slug, title in (("b", "乙"), ("c", "丙"), ("d", "丙")):
        if draw(st.booleans()):
            found.append(card(slug, title, *draw(st.lists(teasers, max_size=3))))
    return draw(st.permutations(found))


@given(libraries())
def test_backlinks_are_links_seen_from_the_other_end(cards: list[Card]) -> None:
    library, _ = resolve_references(cards)
    links = {
        (slug, target.slug, target.brief)
        for slug, targets in library.targets.items()
        for target in targets
        if target is not None
    }
    back = {(referrer, slug, False) for slug, referrers in library.backlinks.items() for referrer in referrers}
    back |= {(referrer, brief.slug, True) for brief in library.briefs for referrer in brief.referrers}
    assert links == back
    assert all(len(set(referrers)) == len(referrers) for referrers in library.backlinks.values())
    assert not any(slug == target for slug, target, _ in links)
    articles = {found.slug for found in cards}
    assert {slug for _, slug, brief in links if not brief} <= articles
    assert articles.isdisjoint(brief.slug for brief in library.briefs)
