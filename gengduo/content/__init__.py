"""Pages: front matter and body, as editors own them in `content/`, and the lock that says what the importer wrote."""

from gengduo.content.frontmatter import Node, parse_yaml, split_page
from gengduo.content.lock import LOCK, Decision, Lock, LockEntry, decide, dump_lock, load_lock, waiting_pages
from gengduo.content.page import dump_page, parse_page

__all__ = [
    "LOCK",
    "Decision",
    "Lock",
    "LockEntry",
    "Node",
    "decide",
    "dump_lock",
    "dump_page",
    "load_lock",
    "parse_page",
    "parse_yaml",
    "split_page",
    "waiting_pages",
]
