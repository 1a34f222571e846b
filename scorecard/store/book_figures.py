"""Figures and days in the cells of a consultant's table: what is written, never what may be meant."""

from __future__ import annotations

import re

from scorecard.model.draft import Percent
from scorecard.model.finding import shorten
from scorecard.model.number import read_data_number
from scorecard.model.scoring import MOST_SHARE
from scorecard.store.book_grid import BookCell
from scorecard.store.book_headings import find_period, fold

PERCENT = "%"
IN_POINTS = "percent"  # the unit of figures such as 45 for 45%
_NOTHING = {"na", "n a", "tbd", "tba", "tbc", "none", "k a", "ka", "offen", "open", "nan"}
_PERCENT_WORDS = {"percent", "per cent", "pct", "prozent", "in percent", "in prozent"}
_UNITS = re.compile(
    r"(?:%|in %|percent|prozent|pct|[€$£]|(?:eur|usd|gbp|chf|euro|euros|€|\$|£)(?:[ /]?(?:m|k|bn|mn|mio\.?|mrd\.?|tsd\.?|"
    r"thousand|million|millions|billion))?|(?:k|m|mn|mio\.?|t)(?:eur|usd|gbp|chf|€|\$)|[a-z#]{0,3}eur|days?|hours?|minutes?|"
    r"seconds?|weeks?|months?|years?|tage?n?|stunden?|minuten?|wochen?|monate?n?|jahre?n?|h|min|kg|t|kwh|mwh|pieces|pcs|"
    r"st(?:ü|u)ck|points?|punkte?|number|anzahl|index|scale 1-\d+|fte|ppm|hours per \w+|#)",
    re.IGNORECASE,
)
_LAST_BRACKETS = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]{1,30})[)\]]")


def read_figure(cell: BookCell) -> float | None:
    """The number of a cell, a Percent where it is written as one; None where there is none. Raises NumberError."""
    if isinstance(cell.value, (int, float)):
        return cell.value
    text = cell.text
    if _says_nothing(text):
        return None
    number = read_data_number(text)
    return Percent(number) if text.endswith("%") else number


def read_day(cell: BookCell) -> str:
    """The period or day of a cell as files write it; empty where there is none. Raises ValueError."""
    text = str(int(cell.value)) if isinstance(cell.value, float) and cell.value.is_integer() else cell.text
    if _says_nothing(text):
        return ""
    if period := find_period(text):
        return period
    raise ValueError(f"'{shorten(text)}' is not a day or period")


def split_unit(name: str) -> tuple[str, str]:
    """A name and the unit in brackets at its end: `Revenue (EUR m)`; the whole name where that is no unit."""
    found = _LAST_BRACKETS.fullmatch(name)
    if found and _UNITS.fullmatch(found[2].strip()):
        return found[1], found[2].strip()
    return name, ""


def is_percent(unit: str) -> bool:
    return unit.strip().removeprefix("in ").strip() == PERCENT or fold(unit) in _PERCENT_WORDS


def settle_unit(unit: str, numbers: list[float]) -> tuple[str, str]:
    """The unit to write for figures of one KPI, and a doubt to be told.

    Figures never change: 45 under `%` keeps its number, and the unit becomes a word, as 45 times 100% is not meant.
    """
    shares = [number for number in numbers if isinstance(number, Percent)]
    plain = [number for number in numbers if not isinstance(number, Percent) and number]
    if shares and not unit:
        return PERCENT, ""
    if not is_percent(unit):
        return unit, ""
    if shares or not plain:
        return PERCENT, ""
    if max(map(abs, plain)) > MOST_SHARE:
        return (
            IN_POINTS,
            f"the figures of a KPI in % are plain numbers, so they stay as they are in the unit '{IN_POINTS}'",
        )
    return PERCENT, "the figures of a KPI in % are plain numbers up to 1, which are read as shares: 0.05 is 5%"


def _says_nothing(text: str) -> bool:
    """Whether a cell is empty, or says that there is no figure: `-`, `n/a`, `tbd`."""
    return not text.strip("-–—./ ") or fold(text) in _NOTHING
