"""The catalogue: a card for each page of `content/`, and its words in every edition."""

from gengduo.catalogue.page import (
    CataloguedPage,
    CatalogueSettings,
    PageSource,
    catalogue_page,
    catalogue_shard,
    convert_words,
)
from gengduo.catalogue.shelf import Catalogue, Progress, load_catalogue

__all__ = [
    "Catalogue",
    "CatalogueSettings",
    "CataloguedPage",
    "PageSource",
    "Progress",
    "catalogue_page",
    "catalogue_shard",
    "convert_words",
    "load_catalogue",
]
