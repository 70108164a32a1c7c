"""Markdown bodies: parsed once, rendered in each edition from that edition's words.

CommonMark with tables and strikethrough, without raw HTML. What a reader sees is kept apart as blocks of strings, so
that the text of a paragraph can be converted as a whole and dealt back to its inline nodes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as tokenize_emphasis
from markdown_it.token import Token

from gengduo.errors import ContentError, Problem, problem
from gengduo.urls import link_danger, quote_path

MAX_NESTING = 100
"""markdown-it drops text that is nested deeper without a word; here it is an error."""

PAGE_LINK = re.compile(r"(?:\./)?([a-z0-9-]+)\.md(#.*)?")
MARKUP = re.compile(r"[\\`*_\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~)|(?<=~)~")
INLINE_MARK = re.compile(r"[\\\n`*_\[\]<&~!]")
PARAGRAPH_START = re.compile(r"[A-Za-z]|\d+(?![\d.)])|!\[|[^\x00-\x7f\s]")
"""A line that stands alone and begins so can be nothing but a paragraph."""
PLAIN_FIGURE = re.compile(r"""!\[([^\[\]\\`*_<>&~!\n]+)\]\(([A-Za-z0-9][A-Za-z0-9.-]*)(?: "([^"\\`*_<>&~!\n]+)")?\)""")
LINE_START = re.compile(r"^(?:[>=-]|#(?=#{0,5}(?:\s|$))|\+(?=\s|$)|\d{1,9}(?=[.)](?:\s|$))|~(?=~~))")


class Paragraph(NamedTuple):
    """A paragraph that stands alone, on a line between empty ones."""

    content: str
    line: int
    """Of the body, the first being 0."""
    nodes: Sequence[Token] = ()
    """Its inline nodes; none where it has no mark, so that its words are its content."""
    is_figure: bool = False


class Body(NamedTuple):
    """A body, parsed."""

    paragraphs: list[Paragraph] | None
    """Its blocks, where all are paragraphs that stand alone, as in most news."""
    tokens: list[Token]
    """Of any other body."""
    blocks: tuple[tuple[str, ...], ...]
    """What a reader sees: the text nodes of each block, in order."""
    links: tuple[tuple[str, int], ...]
    """Slugs of pages that it links to, each with its line in the file."""
    opening: int | None
    """Index in `blocks` of the first plain paragraph, where the body has one at its top level."""


class Surroundings(NamedTuple):
    """What rendering needs to know beside the words."""

    base_path: str
    articles: str
    """Address of the folder of articles of this edition, `/repo/zh-hans/articles/`."""
    photos: Mapping[str, str]
    """Addresses of the photos that are held, by file name."""
    not_held: str
    """The words for a photo that is not held."""


def parse_body(markdown: str, path: str = "", first_line: int = 1) -> Body:
    """Return the body that a Markdown text states.

    Raises ContentError for dangerous addresses and for text that is nested too deeply.
    """
    paragraphs = _lone_paragraphs(markdown)
    if paragraphs is None:
        return _parsed_body(markdown, path, first_line)
    links, problems = _links([(found.nodes, first_line + found.line) for found in paragraphs if found.nodes], path)
    if problems:
        raise ContentError(problems)
    blocks = tuple(tuple(_strings(found.nodes)) if found.nodes else (found.content,) for found in paragraphs)
    opening = next((index for index, found in enumerate(paragraphs) if not found.is_figure), None)
    return Body(paragraphs, [], blocks, tuple(links), opening)


def _lone_paragraphs(markdown: str) -> list[Paragraph] | None:
    """Return the paragraphs of a body in which each stands alone; None for any other.

    The parser makes the same of them, and needs many times as long.
    """
    if "\r" in markdown or "\0" in markdown:
        return None
    paragraphs: list[Paragraph] = []
    after_text = False
    for number, line in enumerate(markdown.split("\n")):
        if line:
            if after_text or not PARAGRAPH_START.match(line):
                return None
            content = line.strip()
            if INLINE_MARK.search(content):
                nodes = _inline_nodes(content)
                paragraphs.append(Paragraph(content, number, nodes, lone_image(nodes) is not None))
            else:
                paragraphs.append(Paragraph(content, number))
        after_text = bool(line)
    return paragraphs


def _parsed_body(markdown: str, path: str, first_line: int) -> Body:
    """Return the body that the parser reads in a Markdown text."""
    tokens = _PARSER.parse(markdown)
    nested: list[Problem] = []
    blocks: list[tuple[str, ...]] = []
    inlines: list[tuple[Sequence[Token], int]] = []
    opening = None
    for index, token in enumerate(tokens):
        line = first_line + (token.map[0] if token.map else 0)
        if token.level >= MAX_NESTING - 2:
            nested.append(problem(path, "this text is nested too deeply; take some levels away", line))
            break
        if token.type != "inline":
            continue
        nodes = token.children or []
        is_paragraph = tokens[index - 1].type == "paragraph_open"
        figure = lone_image(nodes) if is_paragraph else None
        if figure is not None:
            tokens[index - 1].type = tokens[index + 1].type = "figure_edge"
            token.meta["figure"] = True
        elif opening is None and token.level == 1 and is_paragraph:
            opening = len(blocks)
        token.meta["block"] = len(blocks)
        inlines.append((nodes, line))
        blocks.append(tuple(_strings(nodes)) if nodes else (token.content,) if token.content else ())
    links, problems = _links(inlines, path)
    if problems or nested:
        raise ContentError(problems + nested)
    return Body(None, tokens, tuple(blocks), tuple(links), opening)


def _links(inlines: Iterable[tuple[Sequence[Token], int]], path: str) -> tuple[list[tuple[str, int]], list[Problem]]:
    """Return the slugs of pages that these inline nodes lead to, with their lines, and what is wrong with addresses."""
    links: list[tuple[str, int]] = []
    problems: list[Problem] = []
    for nodes, line in inlines:
        for node in nodes:
            for address in (node.attrGet("href"), node.attrGet("src")):
                if isinstance(address, str):
                    if danger := link_danger(address):
                        problems.append(problem(path, f"{danger}; write another address", line))
                    elif page := PAGE_LINK.fullmatch(address):
                        links.append((page[1], line))
    return links, problems


def render_body(
    body: Body, blocks: Sequence[Sequence[str]], surroundings: Surroundings, skip: int | None = None
) -> str:
    """Return the HTML of a body with these words; `skip` leaves out the paragraph of that block."""
    environment: dict[str, Any] = {"blocks": blocks, "surroundings": surroundings}
    if body.paragraphs is not None:
        found = enumerate(zip(body.paragraphs, blocks, strict=True))
        return "".join(
            _with_nodes(paragraph, words, environment) if paragraph.nodes else f"<p>{escapeHtml(words[0])}</p>\n"
            for index, (paragraph, words) in found
            if index != skip
        ).strip()
    tokens = body.tokens
    if skip is not None:
        place = next(index for index, token in enumerate(tokens) if token.meta.get("block") == skip)
        tokens = tokens[: place - 1] + tokens[place + 2 :]
    return _RENDERER.render(tokens, _PARSER.options, environment).strip()


def _with_nodes(paragraph: Paragraph, words: Sequence[str], environment: dict[str, Any]) -> str:
    """Return the HTML of a paragraph that stands alone and has inline nodes."""
    environment |= {"words": iter(words), "figure": paragraph.is_figure}
    html = _RENDERER.renderInline(paragraph.nodes, _PARSER.options, environment)
    return html if paragraph.is_figure else f"<p>{html}</p>\n"


def plain_text(blocks: Sequence[Sequence[str]]) -> str:
    """Return the words of a body, one block a line."""
    return "\n".join("".join(block) for block in blocks)


def escape_markdown(text: str) -> str:
    """Return Markdown that renders as exactly this one-line text."""
    return LINE_START.sub(_escape_line_start, MARKUP.sub(r"\\\g<0>", text))


def _escape_line_start(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def figure_markdown(caption: str, photo: str, credit: str = "") -> str:
    """Return the Markdown of a figure: `![caption](photo-1.jpg "credit")`."""
    title = ' "' + MARKUP.sub(r"\\\g<0>", credit).replace('"', '\\"') + '"' if credit else ""
    return f"![{escape_markdown(caption)}]({photo}{title})"


# ---------------------------------------------------------------------------------------------------- words of a block


def _strings(children: Sequence[Token]) -> Iterator[str]:
    """Yield the strings of inline nodes in the order in which the renderer asks for them."""
    for child in children:
        if child.type == "text":
            yield child.content
        elif child.type == "image":
            yield _alt_text(child)
            if title := child.attrGet("title"):
                yield str(title)
        elif child.type == "link_open" and (title := child.attrGet("title")):
            yield str(title)


def _alt_text(image: Token) -> str:
    return "".join(
        child.content if child.type in ("text", "code_inline") else _alt_text(child) if child.type == "image" else ""
        for child in image.children or []
    )


def lone_image(nodes: Sequence[Token]) -> Token | None:
    """Return the image of a paragraph that holds nothing else."""
    shown = [node for node in nodes if node.content.strip() or node.type not in ("text", "softbreak")]
    return shown[0] if len(shown) == 1 and shown[0].type == "image" else None


# ---------------------------------------------------------------------------------------------------------- rendering


class _Renderer(RendererHTML):
    """Renders tokens with the strings of one edition."""

    def inline(self, token: Token, options: Any, env: Any) -> str:
        words = env["blocks"][token.meta["block"]]
        if token.children:
            env["words"] = iter(words)
            env["figure"] = token.meta.get("figure", False)
            return self.renderInline(token.children, options, env)
        return escapeHtml("".join(words))

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        parts = []
        for index, token in enumerate(tokens):
            if token.type == "inline":
                parts.append(self.inline(token, options, env))
            elif token.type in self.rules:
                parts.append(self.rules[token.type](tokens, index, options, env))
            else:
                parts.append(self.renderToken(tokens, index, options, env))
        return "".join(parts)

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002 # markdown-it's form
        return escapeHtml(next(env["words"]))

    def softbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        # A line break between Han would show as a space (CSS Text 3, 4.1.3 leaves its removal to the browser).
        before = tokens[idx - 1].content[-1:] if idx else ""
        after = tokens[idx + 1].content[:1] if idx + 1 < len(tokens) else ""
        return "" if is_wide(before) and is_wide(after) else "\n"

    def figure_edge(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        return ""  # a figure stands in no paragraph

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        return f"<h{_heading_level(tokens[idx])}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        return f"</h{_heading_level(tokens[idx])}>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        token = tokens[idx]
        around: Surroundings = env["surroundings"]
        address = str(token.attrGet("href") or "")
        page = PAGE_LINK.fullmatch(address)
        if page:
            address = f"{around.articles}{page[1]}/{page[2] or ''}"
        elif address.startswith("/"):
            address = around.base_path + address[1:]
        title = f' title="{escapeHtml(next(env["words"]))}"' if token.attrGet("title") else ""
        outside = ' rel="noopener"' if re.match(r"https?:", address) else ""
        return f'<a href="{escapeHtml(address)}"{title}{outside}>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        token = tokens[idx]
        around: Surroundings = env["surroundings"]
        caption = escapeHtml(next(env["words"]))
        credit = escapeHtml(next(env["words"])) if token.attrGet("title") else ""
        source = around.photos.get(str(token.attrGet("src") or ""), "")
        if not env["figure"]:
            return f'<img src="{source}" alt="{caption}">' if source else f"<em>{caption}</em>"
        shown = f'{caption} <span class="credit">{credit}</span>' if credit else caption
        if source:
            alt = caption or credit
            picture = f'<img src="{source}" alt="{alt}" loading="lazy" decoding="async">'
            return f'<figure class="photo">{picture}<figcaption>{shown}</figcaption></figure>\n'
        notice = f'<span class="not-held">{escapeHtml(around.not_held)}</span>'
        return f'<figure class="photo missing"><figcaption>{shown} {notice}</figcaption></figure>\n'


def photo_address(base_path: str, slug: str, name: str) -> str:
    """Return the address of a photo that is held."""
    return base_path + quote_path(f"static/photos/{slug}/{name}")


def _heading_level(token: Token) -> int:
    """Return the level of a heading in the page, where h1 is the headline."""
    return min(int(token.tag[1]) + 1, 6)


def is_wide(character: str) -> bool:
    """Tell whether a character is Han or full-width, so that no space belongs beside it."""
    return (bool(character) and unicodedata.east_asian_width(character) in "WF") or character in "“”‘’…—"


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Let `**真，**她` be strong: beside Han, a run of asterisks opens or closes wherever no space forbids it.

    CommonMark's rule of flanking runs asks for a space or punctuation outside, which Chinese does not write.
    """
    first, start = len(state.delimiters), state.pos
    if not tokenize_emphasis(state, silent):
        return False
    run = state.delimiters[first:]
    if run and state.src[start] == "*":
        before = state.src[start - 1 : start] or " "
        after = state.src[start + len(run) : start + len(run) + 1] or " "
        if is_wide(before) or is_wide(after):
            for delimiter in run:
                delimiter.open = delimiter.open or not after.isspace()
                delimiter.close = delimiter.close or not before.isspace()
    return True


def _inline_nodes(text: str) -> list[Token]:
    """Return the inline nodes of a paragraph's text."""
    if figure := PLAIN_FIGURE.fullmatch(text):
        return [_image(*figure.groups())]
    token = Token("inline", "", 0, content=text, children=[])
    state = StateCore(text, _PARSER, {}, [token])
    _inline(state)
    text_join(state)
    return token.children or []


def _inline(state: StateCore) -> None:
    """Parse the inline text of each block; text without a mark, as in most paragraphs of news, gets no children."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            if figure := PLAIN_FIGURE.fullmatch(token.content):
                token.children.append(_image(*figure.groups()))
            elif INLINE_MARK.search(token.content):
                state.md.inline.parse(token.content, state.md, state.env, token.children)


def _image(caption: str, address: str, credit: str | None) -> Token:
    """Return what the parser makes of a figure without marks in its words, in a tenth of its time."""
    attributes: dict[str, str | int | float] = {"src": address, "alt": ""}
    if credit is not None:
        attributes["title"] = credit
    words = [Token("text", "", 0, content=caption)]
    return Token("image", "img", 0, attrs=attributes, children=words, content=caption)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer).enable(
        ["table", "strikethrough"]
    )
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.core.ruler.at("inline", _inline)
    # Dangerous addresses must be told to the editor (parse_body does), not silently shown as text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005 # markdown-it's form
    return parser


_PARSER = _make_parser()
_RENDERER = cast(_Renderer, _PARSER.renderer)
