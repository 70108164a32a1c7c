"""`site.toml`."""

from __future__ import annotations

from typing import Literal

from gengduo.model.base import Script, Value


class EditionSpec(Value, frozen=True, kw_only=True):
    """One `[[editions]]` table of `site.toml`."""

    path: str
    """First part of every URL of this edition, `zh-hant`."""
    lang: str
    """BCP 47 tag, `zh-Hant`."""
    label: str
    """What the edition switch shows, 繁體."""
    region: Literal["neutral", "tw", "hk"] = "neutral"
    """Whose glyphs and words a Traditional edition uses."""

    @property
    def script(self) -> Script | None:
        """The Chinese script that pages are converted to; None: this edition holds hand-made pages only."""
        return {"zh-Hans": "Hans", "zh-Hant": "Hant"}.get(self.lang[:7])  # type: ignore[return-value]


class EditionWords(Value, frozen=True, kw_only=True):
    """What an edition says of the site in its own words, where `site.toml` states them; empty: as the site says it."""

    edition: str
    """Its path."""
    title: str = ""
    description: str = ""
    footer: str = ""


class SiteConfig(Value, frozen=True, kw_only=True):
    """`site.toml`, validated."""

    title: str
    description: str = ""
    base_url: str
    """Absolute, with a slash at its end."""
    page_size: int = 30
    footer: str = ""
    editions: tuple[EditionSpec, ...]
    edition_words: tuple[EditionWords, ...] = ()
    seed_encodings: tuple[tuple[str, str], ...] = ()
    """(path prefix under `seeds/`, Python codec), the longest prefix first."""

    @property
    def base_path(self) -> str:
        """Path part of the base URL, with a slash at both ends: `/repo/`, `/`."""
        return "/" + self.base_url.split("://", 1)[1].partition("/")[2]
