"""Periods as people write them (2026, 2026-H1, 2026-Q3, 2026-10, 2026-W41, 2026-10-31), and the calendar they lie in.

A period as written is a kind and its numbers. A `Calendar` knows the month in which the year begins and gives each
period an ordinal: consecutive periods of one kind have consecutive ordinals. Days are counted as in `datetime.date`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple


class Rhythm(IntEnum):
    """The kinds of period, shortest first."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    QUARTER = 3
    HALF = 4
    YEAR = 5

    @property
    def word(self) -> str:
        return self.name.lower()


RHYTHMS = {rhythm.word: rhythm for rhythm in Rhythm}
_PER_YEAR = {Rhythm.DAY: 366, Rhythm.WEEK: 53, Rhythm.MONTH: 12, Rhythm.QUARTER: 4, Rhythm.HALF: 2, Rhythm.YEAR: 1}
_MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF: 6, Rhythm.YEAR: 12}
FIRST_YEAR, LAST_YEAR = 1000, 9000
_TEXT = re.compile(
    r"(?P<year>\d{4})(?:-(?:H(?P<half>\d)|Q(?P<quarter>\d)|W(?P<week>\d\d)|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?",
    re.ASCII,
)


class PeriodError(ValueError):
    """A text that is no period, or names one that does not exist; the message says which."""


class Period(NamedTuple):
    """A period as written. `part` is its number within the year, for a day the day of the year, for a year 1."""

    rhythm: Rhythm
    year: int
    part: int

    def __str__(self) -> str:
        return write_period(self)


@lru_cache(maxsize=65536)
def read_period(text: str) -> Period:
    """The period a text names. Raises PeriodError."""
    match = _TEXT.fullmatch(text)
    if not match:
        raise PeriodError("is not a period")
    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError(f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    if match["day"]:
        return _read_day(year, int(match["month"]), int(match["day"]))
    for rhythm, most in ((Rhythm.HALF, 2), (Rhythm.QUARTER, 4), (Rhythm.MONTH, 12), (Rhythm.WEEK, _weeks_in(year))):
        if number := match[rhythm.word]:
            if not 1 <= int(number) <= most:
                raise PeriodError(f"does not exist: {year} has {most} {rhythm.word}s")
            return Period(rhythm, year, int(number))
    return Period(Rhythm.YEAR, year, 1)


def write_period(period: Period) -> str:
    rhythm, year, part = period
    match rhythm:
        case Rhythm.DAY:
            return date.fromordinal(date(year, 1, 1).toordinal() + part - 1).isoformat()
        case Rhythm.WEEK:
            return f"{year}-W{part:02}"
        case Rhythm.MONTH:
            return f"{year}-{part:02}"
        case Rhythm.QUARTER:
            return f"{year}-Q{part}"
        case Rhythm.HALF:
            return f"{year}-H{part}"
        case _:
            return str(year)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Counts periods. `year_start` is the month, 1..12, in which years, halves and quarters begin."""

    year_start: int = 1

    def ordinal(self, period: Period) -> int:
        """The count of a period among those of its kind; consecutive periods have consecutive ordinals."""
        rhythm, year, part = period
        if rhythm == Rhythm.DAY:
            return date(year, 1, 1).toordinal() + part - 1
        if rhythm == Rhythm.WEEK:
            return (date.fromisocalendar(year, part, 1).toordinal() - 1) // 7
        if rhythm == Rhythm.MONTH:
            return year * 12 + part - 1
        return year * (12 // _MONTHS[rhythm]) + part - 1

    def period(self, rhythm: Rhythm, ordinal: int) -> Period:
        """The period with this ordinal: the inverse of `ordinal`."""
        if rhythm == Rhythm.DAY:
            day = date.fromordinal(ordinal)
            return Period(rhythm, day.year, day.timetuple().tm_yday)
        if rhythm == Rhythm.WEEK:
            year, week, _ = date.fromordinal(ordinal * 7 + 1).isocalendar()
            return Period(rhythm, year, week)
        year, part = divmod(ordinal, 12 // _MONTHS[rhythm])
        return Period(rhythm, year, part + 1)

    def first_day(self, rhythm: Rhythm, ordinal: int) -> int:
        """The day (as in `date.toordinal`) on which a period begins."""
        if rhythm == Rhythm.DAY:
            return ordinal
        if rhythm == Rhythm.WEEK:
            return ordinal * 7 + 1
        year, month = divmod(ordinal * _MONTHS[rhythm] + self._shift(rhythm), 12)
        return date(year, month + 1, 1).toordinal()

    def last_day(self, rhythm: Rhythm, ordinal: int) -> int:
        return self.first_day(rhythm, ordinal + 1) - 1

    def holding(self, rhythm: Rhythm, day: int) -> int:
        """The ordinal of the period of this kind that holds a day."""
        if rhythm == Rhythm.DAY:
            return day
        if rhythm == Rhythm.WEEK:
            return (day - 1) // 7
        on = date.fromordinal(day)
        return (on.year * 12 + on.month - 1 - self._shift(rhythm)) // _MONTHS[rhythm]

    def lying(self, period: Period, rhythm: Rhythm) -> int:
        """The ordinal of the period of kind `rhythm` in which a row lies: a week by Thursday, else by the last day."""
        if period.rhythm == rhythm:
            return self.ordinal(period)
        return self.holding(rhythm, self.anchor(period))

    def anchor(self, period: Period) -> int:
        """The day that says where a period belongs: its Thursday for a week, its last day for any other."""
        ordinal = self.ordinal(period)
        return ordinal * 7 + 4 if period.rhythm == Rhythm.WEEK else self.last_day(period.rhythm, ordinal)

    def ended(self, rhythm: Rhythm, day: int) -> int:
        """The ordinal of the latest period of this kind that has ended by the end of a day."""
        held = self.holding(rhythm, day)
        return held if self.last_day(rhythm, held) <= day else held - 1

    def count(self, inner: Rhythm, outer: Rhythm, ordinal: int) -> int:
        """How many periods of kind `inner` lie in one of kind `outer`, by the same rule as rows."""
        first, last = self.first_day(outer, ordinal), self.last_day(outer, ordinal)
        if inner == Rhythm.WEEK:  # the weeks whose Thursday lies in it
            return (last + 3) // 7 - (first + 2) // 7
        return self.ended(inner, last) - self.ended(inner, first - 1)

    def position(self, rhythm: Rhythm, ordinal: int) -> int:
        """How many periods of this kind lie before this one in its year (the ISO year for weeks)."""
        if rhythm == Rhythm.WEEK:
            return self.period(rhythm, ordinal).part - 1
        if rhythm == Rhythm.YEAR:
            return 0
        year = self.holding(Rhythm.YEAR, self.last_day(rhythm, ordinal))
        return ordinal - self.holding(rhythm, self.first_day(Rhythm.YEAR, year))

    def _shift(self, rhythm: Rhythm) -> int:
        """Months from January of year 0 to the beginning of the period counted 0."""
        if self.year_start == 1 or rhythm == Rhythm.MONTH:
            return 0
        return self.year_start - 13  # a year is named after the calendar year in which it ends


def per_year(rhythm: Rhythm) -> int:
    """The most periods of a kind that one year has."""
    return _PER_YEAR[rhythm]


def _read_day(year: int, month: int, day: int) -> Period:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise PeriodError("does not exist: there is no such day")
    return Period(Rhythm.DAY, year, date(year, month, day).timetuple().tm_yday)


@lru_cache(maxsize=1024)
def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week
