"""The catalogue: a card for each page of `content/`, and its words in every edition."""

from gengduo.catalogue.desk import CatalogueSettings, Desk, convert_words
from gengduo.catalogue.drift import HandMade, drifted, follow_originals, load_editions_lock, save_editions_lock
from gengduo.catalogue.page import (
    CataloguedPage,
    PageSource,
    catalogue_page,
    catalogue_shard,
)
from gengduo.catalogue.settings import load_names, load_settings
from gengduo.catalogue.shelf import Catalogue, held_photos, load_catalogue, page_sources, shelved_pages

__all__ = [
    "Catalogue",
    "CatalogueSettings",
    "CataloguedPage",
    "Desk",
    "HandMade",
    "PageSource",
    "catalogue_page",
    "catalogue_shard",
    "convert_words",
    "drifted",
    "follow_originals",
    "held_photos",
    "load_catalogue",
    "load_editions_lock",
    "load_names",
    "load_settings",
    "page_sources",
    "save_editions_lock",
    "shelved_pages",
]
