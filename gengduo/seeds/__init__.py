"""Dumps: bytes → text → `Seed`, with every character accounted for."""

from gengduo.seeds.decode import MAX_BYTES, decode_seed
from gengduo.seeds.ledger import unaccounted, without
from gengduo.seeds.parser import parse_seed
from gengduo.seeds.sidecar import SUFFIXES, parse_sidecar

__all__ = ["MAX_BYTES", "SUFFIXES", "decode_seed", "parse_seed", "parse_sidecar", "unaccounted", "without"]
