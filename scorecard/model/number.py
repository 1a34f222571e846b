"""Numbers as a strategy writes them, and the stricter ones of a data file."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite

_DIGITS = r"\d+(?:_\d+)*"
_PLAIN = rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?\d{{1,4}})?"
_WRITTEN = re.compile(rf"({_PLAIN})(?:\s*(%)|\s*/\s*({_PLAIN}))?", re.ASCII)
_DATA = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4})?)\s*(%)?", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?\s*%?", re.ASCII)  # 455,000  1,234,567.5
_DOUBTFUL = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}\s*%?", re.ASCII)
_LONGEST, _LONGEST_TYPED = 400, 40


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


def read_clear_comma(text: str) -> float:
    """As `read_decimal_comma`, where no figure of the source shows what its commas are: not `455,000`. Raises NumberError."""
    if _DOUBTFUL.fullmatch(text):
        raise NumberError("can be read in two ways")
    return read_decimal_comma(text)


def read_typed_number(text: str) -> float:
    """As `read_data_number`, of what somebody types: `mend_comma` says how to write it where it is none. Raises NumberError."""
    return read_data_number(text)


def mend_comma(text: str) -> str:
    """How to write a number that was typed with a decimal comma, or with signs between thousands: `write 1.5 …` for `1,5`;
    "" for what is no such number."""
    if len(text) > _LONGEST_TYPED:
        return ""
    try:
        read_clear_comma(text)
    except NumberError:
        whole = text.replace(",", "")
        if _DOUBTFUL.fullmatch(text):
            return f"write {whole}, or {text.replace(',', '.')} if these are decimals"
        return f"write {whole}: nothing between thousands" if is_parted(text) else ""
    said = text.replace(".", "").replace(",", ".")
    return f"write {said}: a point before decimals, nothing between thousands"


def is_parted(text: str) -> bool:
    """Whether commas look as if they part thousands: `455,000`, but not `0,125` or `12,5`."""
    return len(text) <= _LONGEST and _THOUSANDS.fullmatch(text) is not None
