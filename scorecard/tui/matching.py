"""How well a line holds what was typed: as it is, word by word, or its letters in their order. Knows no Textual.

However long the line and whatever is typed, each letter is looked at a few times at most.
"""

from __future__ import annotations

from typing import NamedTuple

_SAME, _BEGINS, _WORD, _WITHIN, _WORDS, _BESIDE, _SCATTERED = range(70, 0, -10)
_SPREAD = 4  # times their number is how far letters may lie apart


class Match(NamedTuple):
    """How well a line holds what was typed, 0 where it does not; and which letters of its text were found."""

    score: float
    offsets: tuple[int, ...] = ()


def fold(text: str) -> str:
    """The text without case, letter for letter."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def match(typed: str, text: str, beside: str = "") -> Match:
    """Hold a line against what was typed, which is not empty; all three are folded.

    Best is what stands in `text` as it was typed, at its beginning or that of a word; then come all its words anywhere,
    also where some of them stand `beside` the text; last its letters in their order, where they lie close together.
    """
    at = text.find(typed)
    if at >= 0:
        start = _find_word(typed, text)
        score = _SAME if typed == text else _BEGINS if start == 0 else _WORD if start else _WITHIN
        return Match(score, _cover(at if start is None else start, typed))
    words = typed.split()
    if all(word in text or word in beside for word in words):
        found = {one for word in words if word in text for one in _cover(text.find(word), word)}
        return Match(_WORDS if all(word in text for word in words) else _BESIDE, tuple(sorted(found)))
    return _scatter("".join(words), text)


def _find_word(typed: str, text: str) -> int | None:
    """Where a word of the text begins with what was typed; None where none does."""
    at = text.find(typed)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(typed, at + 1)
    return at if at >= 0 else None


def _cover(at: int, word: str) -> tuple[int, ...]:
    return tuple(range(at, at + len(word)))


def _scatter(letters: str, text: str) -> Match:
    """The letters in their order: from where the last of them can stand first, each as near to the next as it can."""
    at = -1
    for letter in letters:
        at = text.find(letter, at + 1)
        if at < 0:
            return Match(0)
    offsets = [at]
    for letter in reversed(letters[:-1]):
        offsets.append(text.rfind(letter, 0, offsets[-1]))
    spread = at - offsets[-1] + 1
    return Match(
        _SCATTERED * len(letters) / spread if spread <= _SPREAD * len(letters) else 0, tuple(reversed(offsets))
    )
