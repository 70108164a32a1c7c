"""What the machines draw from: few enough words that stories meet, hide and replace each other."""

from __future__ import annotations

from hypothesis import strategies as st
from trials import page

TITLES = (
    "河内举行地方外事会议",
    "老挝总理访问河内",
    "老街省开通新航线",
    "国会通过新法",
    "发现古井里的干菜",
)
SLUGS = ("wai-shi", "lao-wo", "hang-xian", "xin-fa", "gan-cai")
DATES = ("", "2019-03-05", "2019-03-05?", "2019-03", "2020", "XXXX-03-05", "[2018-03-05,2019-03-05]")
TAGS = ("外事工作", "航线", "老挝")
WORDS = (
    "会议讨论了计划。",
    "总理访问老挝。",
    "**新**航线每周两班。",
    '![合影](photo-1.jpg "图自越通社")',
    "发展，后来。",
)
NAMES = ("a.md", "b.md", "c.md", "科/d.md")
SEED_NAMES = ("a.txt", "b.txt", "旧/c.txt")

titles = st.sampled_from(TITLES)
names = st.sampled_from(NAMES)
seed_names = st.sampled_from(SEED_NAMES)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """The file of a page; its slug goes with its title, so that two files may claim one story."""
    number = draw(st.integers(0, len(TITLES) - 1))
    others = draw(st.lists(st.integers(0, len(TITLES) - 1), max_size=2, unique=True))
    extra = draw(
        st.sampled_from(("", "lead: true\n", "draft: true\n", 'withdrawn: "有误"\n', 'aliases: ["/old/story/"]\n'))
    )
    return page(
        TITLES[number],
        SLUGS[number],
        "\n\n".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))) + "\n",
        date=draw(st.sampled_from(DATES)),
        tags=tuple(draw(st.lists(st.sampled_from(TAGS), max_size=2, unique=True))),
        more=tuple((TITLES[other], SLUGS[other]) for other in others),
        extra=extra,
    )


@st.composite
def seeds(draw: st.DrawFn) -> str:
    """A dump; its teasers may be stories of other dumps or pages."""
    title, teaser = draw(titles), draw(titles)
    body = draw(st.sampled_from(("代表出席了会议。", "航线每周两班。", "老挝总理2019年3月5日抵达。")))
    more = f"\n更多\n\n{teaser}\n\n{teaser}，双方商定了计划。\n" if draw(st.booleans()) else ""
    return f"{title}\n\n越通社河内——{body}\n\n随后讨论了计划。(完)\n{more}"
