"""Tags: the editor's vocabulary, what of it a story is about, and what the vocabulary may lack.

Text and vocabulary meet in Simplified characters and lower case, so a tag is found in either script. An editor's own
tags are never changed; `TagMatcher.canonical` only says which tag they mean.
"""

from gengduo.tags.matcher import TagMatcher
from gengduo.tags.suggestions import Suggestion, suggest
from gengduo.tags.vocabulary import Tag, TagKind, Vocabulary, folded, load_vocabulary, parse_vocabulary

__all__ = [
    "Suggestion",
    "Tag",
    "TagKind",
    "TagMatcher",
    "Vocabulary",
    "folded",
    "load_vocabulary",
    "parse_vocabulary",
    "suggest",
]
