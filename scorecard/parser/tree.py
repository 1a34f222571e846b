"""What YAML becomes: plain mappings, sequences and strings that know their places.

A scalar is always its text (the schema types it later); a plain scalar with nothing in it is None.
A place is packed into one integer, `file << 56 | line << 28 | column`, both from 1.
"""

from __future__ import annotations

from typing import TypeAlias

_BITS = 28
_MASK = (1 << _BITS) - 1

Node: TypeAlias = "Map | Seq | str | None"


class Map(dict[str, Node]):
    """A mapping. `at` is its own place; `key_at` and `value_at` give those of each entry."""

    __slots__ = ("at", "key_at", "value_at")

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at
        self.key_at: dict[str, int] = {}
        self.value_at: dict[str, int] = {}


class Seq(list[Node]):
    """A sequence. `at` is its own place, `item_at` those of the items."""

    __slots__ = ("at", "item_at")

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at
        self.item_at: list[int] = []


def pack(file: int, line: int, column: int) -> int:
    return file << (2 * _BITS) | min(line, _MASK) << _BITS | min(column, _MASK)


def unpack(at: int) -> tuple[int, int, int]:
    """(file, line, column) of a packed place."""
    return at >> (2 * _BITS), at >> _BITS & _MASK, at & _MASK
