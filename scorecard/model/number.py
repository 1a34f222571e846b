"""Numbers as a strategy writes them, and the stricter ones of a data file."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite

_DIGITS = r"\d+(?:_\d+)*"
_PLAIN = rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?\d{{1,4}})?"
_WRITTEN = re.compile(rf"({_PLAIN})(?:\s*(%)|\s*/\s*({_PLAIN}))?", re.ASCII)
_DATA = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4})?)\s*(%)?", re.ASCII)
_LONGEST = 400


class NumberError(ValueError):
    """A text that is no number; the message completes the sentence that begins with the text."""


@lru_cache(maxsize=65536)
def read_number(text: str) -> float:
    """The number written as `40000`, `40_000`, `4e4`, `1/3` or `12.5%` (0.125). Raises NumberError."""
    match = _WRITTEN.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not match:
        raise NumberError("is not a number")
    value = float(match[1])
    if match[2]:
        value /= 100
    elif match[3]:
        below = float(match[3])
        if below == 0:
            raise NumberError("divides by zero")
        value /= below
    if not isfinite(value):
        raise NumberError("is too large for a number")
    return value


def read_data_number(text: str) -> float:
    """The number in a cell of a data file: `1234.5`, `-3`, `4e4`, `12.5%`, and nothing doubtful. Raises NumberError."""
    match = _DATA.fullmatch(text) if len(text) <= _LONGEST else None
    if not match:
        raise NumberError("is not a number")
    value = float(match[1]) / 100 if match[2] else float(match[1])
    if not isfinite(value):
        raise NumberError("is too large for a number")
    return value


def read_decimal_comma(text: str) -> float:
    """As `read_data_number`, where a source declares `decimal: comma`: also `1.234,5`. Raises NumberError."""
    whole, comma, part = text.partition(",")
    if "." in whole:
        if not re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+", whole, re.ASCII) or (comma and "." in part):
            raise NumberError("is not a number with a decimal comma")
        whole = whole.replace(".", "")
    return read_data_number(f"{whole}.{part}" if comma else whole)
