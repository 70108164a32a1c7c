"""What decides the words of every page, read from the site's folder."""

from __future__ import annotations

from pathlib import Path

from gengduo.catalogue.desk import CatalogueSettings
from gengduo.editions import load_glossary
from gengduo.model import SiteConfig
from gengduo.render import load_words
from gengduo.tags import load_vocabulary


def load_settings(root: Path, config: SiteConfig) -> CatalogueSettings:
    """Return the settings under which the pages of a site are catalogued."""
    words = load_words(root / "templates", config.editions)
    return CatalogueSettings(
        editions=config.editions,
        glossary=load_glossary(root / "content" / "glossary.toml"),
        vocabulary=load_vocabulary(root / "content" / "tags.toml"),
        base_path=config.base_path,
        not_held={path: table["photo_not_held"] for path, table in words.items()},
    )
