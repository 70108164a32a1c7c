"""What decides the words of every page, read from the site's folder."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gengduo.catalogue.desk import CatalogueSettings
from gengduo.editions import Glossary, load_glossary
from gengduo.model import SiteConfig
from gengduo.render import load_words
from gengduo.tags import Vocabulary, load_vocabulary


def load_names(root: Path) -> tuple[Glossary, Vocabulary]:
    """Return the glossary, which knows the persons of the vocabulary, and the vocabulary."""
    vocabulary = load_vocabulary(root / "content" / "tags.toml")
    persons = [tag for tag in vocabulary.tags if tag.kind == "person"]
    glossary = msgspec.structs.replace(
        load_glossary(root / "content" / "glossary.toml"),
        persons=tuple(name for tag in persons for name in (tag.name, *tag.aliases)),
        no_persons=tuple(word for tag in persons for word in tag.not_in),
    )
    return glossary, vocabulary


def load_settings(root: Path, config: SiteConfig) -> CatalogueSettings:
    """Return the settings under which the pages of a site are catalogued."""
    words = load_words(root / "templates", config.editions)
    glossary, vocabulary = load_names(root)
    return CatalogueSettings(
        editions=config.editions,
        glossary=glossary,
        vocabulary=vocabulary,
        base_path=config.base_path,
        not_held={path: table["photo_not_held"] for path, table in words.items()},
    )
