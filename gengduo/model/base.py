"""What the values of every kind have in common."""

from __future__ import annotations

from typing import Literal

import msgspec

Script = Literal["Hans", "Hant"]
Kind = Literal["article", "brief"]


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """The base of everything below; encoded as arrays, which are small and quick to make a digest of."""
