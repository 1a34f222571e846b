"""The known word that a refused one was probably meant to be."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from itertools import islice

_FEW = 200  # words are all compared up to here; of more only so many that begin alike and are about as long
_LONGEST = 80


def nearest(word: str, known: Collection[str], cutoff: float = 0.6) -> str | None:
    """The most similar of the known words, None where none is similar; quick for any number of words."""
    if len(word) > _LONGEST:
        return None
    if len(known) > _FEW:
        alike = (name for name in known if name[:2] == word[:2] and abs(len(name) - len(word)) <= 2)
        known = list(islice(alike, _FEW))
    return next(iter(get_close_matches(word, known, 1, cutoff)), None)
