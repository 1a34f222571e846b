"""The calendar of the reference implementation: periods as a kind and a running number, one day at a time."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

KINDS = ["day", "week", "month", "quarter", "half", "year"]  # the shortest first
MONTHS = {"quarter": 3, "half": 6, "year": 12}


class Period(NamedTuple):
    """The period of its kind with a running number; the next period of the kind has the next one."""

    kind: str
    ordinal: int


class Calendar:
    """Periods by name, by day and back, where a year begins in the month `year_start` (1..12)."""

    def __init__(self, year_start: int) -> None:
        self.before = year_start - 1  # months between January and the first month of the year
        self.ahead = 1 if year_start > 1 else 0  # such a year is named after the calendar year in which it ends

    def parse(self, text: str) -> Period:
        """The period that a name such as `2026`, `2026-H1`, `2026-Q3`, `2026-10`, `2026-W41`, `2026-10-31` means."""
        if re.fullmatch(r"\d{4}", text):
            return Period("year", int(text) - self.ahead)
        if found := re.fullmatch(r"(\d{4})-H([12])", text):
            return Period("half", 2 * (int(found[1]) - self.ahead) + int(found[2]) - 1)
        if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            return Period("quarter", 4 * (int(found[1]) - self.ahead) + int(found[2]) - 1)
        if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
            return self.holding("week", datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1))
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            return self.holding("month", datetime.date(int(found[1]), int(found[2]), 1))
        return self.holding("day", datetime.date.fromisoformat(text))

    def label(self, period: Period) -> str:
        """The name of a period, the reverse of `parse`."""
        first = self.first_day(period)
        if period.kind == "day":
            return first.isoformat()
        if period.kind == "week":
            year, week, _ = first.isocalendar()
            return f"{year:04}-W{week:02}"
        if period.kind == "month":
            return f"{first.year:04}-{first.month:02}"
        if period.kind == "year":
            return f"{period.ordinal + self.ahead:04}"
        per_year = 12 // MONTHS[period.kind]
        year, number = divmod(period.ordinal, per_year)
        return f"{year + self.ahead:04}-{period.kind[0].upper()}{number + 1}"

    def holding(self, kind: str, day: datetime.date) -> Period:
        """The period of a kind in which a day is."""
        if kind == "day":
            return Period(kind, day.toordinal())
        if kind == "week":
            return Period(kind, (day.toordinal() - 1) // 7)  # the first of January of the year 1 was a Monday
        months = 12 * day.year + day.month - 1
        if kind == "month":
            return Period(kind, months)
        return Period(kind, (months - self.before) // MONTHS[kind])

    def first_day(self, period: Period) -> datetime.date:
        if period.kind == "day":
            return datetime.date.fromordinal(period.ordinal)
        if period.kind == "week":
            return datetime.date.fromordinal(7 * period.ordinal + 1)
        if period.kind == "month":
            year, month = divmod(period.ordinal, 12)
        else:
            year, month = divmod(period.ordinal * MONTHS[period.kind] + self.before, 12)
        return datetime.date(year, month + 1, 1)

    def last_day(self, period: Period) -> datetime.date:
        return self.first_day(Period(period.kind, period.ordinal + 1)) - datetime.timedelta(days=1)

    def lying(self, period: Period, kind: str) -> Period:
        """The one period of a kind to which a period belongs: by a week's Thursday, by the last day of any other."""
        if period.kind == "week":
            return self.holding(kind, self.first_day(period) + datetime.timedelta(days=3))
        return self.holding(kind, self.last_day(period))

    def count_lying(self, kind: str, place: Period) -> int:
        """How many periods of a kind belong to the period `place`."""
        earliest = self.holding(kind, self.first_day(place)).ordinal - 1
        latest = self.holding(kind, self.last_day(place)).ordinal + 1
        return sum(1 for i in range(earliest, latest + 1) if self.lying(Period(kind, i), place.kind) == place)

    def latest_ended(self, kind: str, by: Period) -> Period:
        """The latest period of a kind that has ended by the end of another period."""
        period = self.holding(kind, self.last_day(by))
        if self.last_day(period) > self.last_day(by):
            return Period(kind, period.ordinal - 1)
        return period

    def first_of_year(self, period: Period) -> Period:
        """The first period of this kind in the year of `period`: the ISO year for weeks, else by `year_start`."""
        if period.kind == "week":
            year = self.first_day(period).isocalendar().year
            return self.holding("week", datetime.date.fromisocalendar(year, 1, 1))
        year_period = self.lying(period, "year")
        first = period.ordinal
        while self.lying(Period(period.kind, first - 1), "year") == year_period:
            first -= 1
        return Period(period.kind, first)


def longer(one: str, other: str) -> str:
    """The longer of two kinds of period."""
    return max(one, other, key=KINDS.index)
