"""Writes strategies/social_media/measurements.csv, byte for byte the same on every run.

The figures are made up. A series is a line through a few points, given as month: level, times the season of the
business, times noise, rounded as people record it. The levels of a series `of` another one are shares of what was
recorded there, so that counts and their rates agree. What happens in the two years is told in the folder's README.
"""

from __future__ import annotations

import csv
import datetime
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parents[1] / "strategies" / "social_media" / "measurements.csv"
SEED = 20261
MONTHS = [f"{2024 + (m + 10) // 12}-{(m + 10) % 12 + 1:02d}" for m in range(24)]  # 2024-11 .. 2026-10
SEASON = [1.00, 0.99, 1.03, 1.00, 1.01, 0.98, 0.94, 0.92, 1.02, 1.05, 1.06, 0.92]  # January .. December

Row = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """One kpi or metric: its levels, and how strongly season (0..1) and noise (a share of the level) move it."""

    name: str
    by: str
    points: dict[str, float]
    noise: float = 0.03
    season: float = 0.0
    step: float = 1.0
    of: str = ""
    percent: bool = False


SERIES = [
    Series(
        "qualified_interactions",
        "Marketing operations",
        {"2024-11": 122, "2025-06": 165, "2025-12": 205, "2026-03": 222, "2026-07": 262, "2026-10": 312},
        0.04,
        0.7,
    ),
    Series(
        "social_leads",
        "Sales operations",
        {"2024-11": 520, "2025-06": 640, "2025-12": 760, "2026-06": 880, "2026-10": 990},
        0.04,
        0.8,
    ),
    Series(
        "social_sales",
        "Sales operations",
        {"2024-11": 0.022, "2025-06": 0.029, "2025-12": 0.036, "2026-04": 0.036, "2026-10": 0.0425},
        0.06,
        of="social_leads",
    ),
    Series(
        "discounted_sales",
        "Sales operations",
        {
            "2024-11": 0.10,
            "2025-10": 0.09,
            "2025-11": 0.27,
            "2025-12": 0.14,
            "2026-01": 0.08,
            "2026-07": 0.09,
            "2026-08": 0.13,
            "2026-09": 0.19,
            "2026-10": 0.27,
        },
        0.10,
        of="social_sales",
    ),
    Series(
        "social_revenue",
        "Sales operations",
        {"2024-11": 730, "2025-10": 745, "2025-11": 700, "2025-12": 745, "2026-08": 760, "2026-10": 715},
        0.04,
        of="social_sales",
    ),
    Series(
        "posts",
        "Content lead",
        {"2024-11": 16, "2025-05": 19, "2025-12": 22, "2026-06": 23, "2026-08": 19, "2026-09": 15.5, "2026-10": 13},
        0.05,
        0.4,
    ),
    Series(
        "public_comments",
        "Community manager",
        {
            "2024-11": 14.2,
            "2025-06": 18,
            "2025-12": 20.5,
            "2026-02": 20.8,
            "2026-03": 17.5,
            "2026-04": 15.8,
            "2026-05": 15.4,
            "2026-06": 17.2,
            "2026-07": 19.2,
            "2026-08": 21.4,
            "2026-10": 22.6,
        },
        0.03,
        of="posts",
    ),
    Series(
        "negative_comments",
        "Community manager",
        {
            "2024-11": 0.08,
            "2026-01": 0.07,
            "2026-03": 0.19,
            "2026-04": 0.21,
            "2026-05": 0.16,
            "2026-07": 0.09,
            "2026-10": 0.07,
        },
        0.10,
        of="public_comments",
    ),
    Series(
        "private_questions",
        "Community manager",
        {
            "2024-11": 62,
            "2025-06": 88,
            "2025-12": 113,
            "2026-02": 112,
            "2026-04": 92,
            "2026-06": 96,
            "2026-08": 126,
            "2026-10": 138,
        },
        0.04,
        0.5,
    ),
    Series(
        "brand_mentions",
        "Social media analyst",
        {"2024-11": 92, "2025-06": 122, "2025-12": 148, "2026-02": 150, "2026-05": 126, "2026-07": 146, "2026-10": 178},
        0.05,
        0.5,
    ),
    Series(
        "people_tagged",
        "Community manager",
        {"2024-11": 31, "2025-06": 46, "2025-12": 59, "2026-02": 58, "2026-05": 46, "2026-07": 56, "2026-09": 70},
        0.06,
        0.4,
    ),
    Series(
        "profile_visits",
        "Content lead",
        {
            "2024-11": 905,
            "2025-06": 1220,
            "2025-12": 1510,
            "2026-06": 1760,
            "2026-08": 1800,
            "2026-09": 1660,
            "2026-10": 1510,
        },
        0.025,
        0.6,
    ),
    Series(
        "subscribers",
        "Content lead",
        {
            "2024-11": 1423,
            "2025-06": 1770,
            "2025-12": 2120,
            "2026-01": 2070,
            "2026-06": 2490,
            "2026-08": 2570,
            "2026-10": 2590,
        },
        0.004,
    ),
    Series(
        "direct_traffic",
        "Web analyst",
        {
            "2024-11": 3080,
            "2025-06": 3720,
            "2025-12": 4260,
            "2026-06": 4790,
            "2026-08": 4880,
            "2026-09": 4680,
            "2026-10": 4430,
        },
        0.03,
        0.6,
        10,
    ),
    Series(
        "indirect_traffic",
        "Web analyst",
        {"2024-11": 690, "2025-06": 860, "2025-12": 1010, "2026-06": 1160, "2026-08": 1170, "2026-10": 1110},
        0.03,
        0.6,
        10,
    ),
    Series(
        "impressions",
        "Social media analyst",
        {"2024-11": 38500, "2025-06": 48000, "2025-12": 60000, "2026-06": 71000, "2026-10": 73000},
        0.05,
        0.9,
        100,
    ),
    Series(
        "likes",
        "Social media analyst",
        {"2024-11": 1080, "2025-06": 1490, "2025-12": 1880, "2026-06": 2260, "2026-10": 2390},
        0.06,
        0.9,
    ),
    Series(
        "followers",
        "Social media analyst",
        {"2024-11": 5246, "2025-06": 6080, "2025-12": 7010, "2026-06": 8030, "2026-10": 8640},
        0.003,
    ),
    Series("articles", "Content lead", {"2024-11": 7, "2025-12": 9, "2026-06": 9, "2026-10": 6}, 0.05),
    Series(
        "shares",
        "Content lead",
        {"2024-11": 4.1, "2025-06": 5.8, "2025-12": 7.4, "2026-05": 8.3, "2026-07": 7.2, "2026-10": 5.9},
        0.06,
        of="articles",
    ),
    Series(
        "complaints",
        "Help desk",
        {"2024-11": 14, "2026-01": 17, "2026-02": 44, "2026-03": 55, "2026-04": 47, "2026-06": 26, "2026-10": 19},
        0.07,
    ),
    Series(
        "complaints_resolved",
        "Help desk",
        {
            "2024-11": 0.58,
            "2025-12": 0.84,
            "2026-01": 0.83,
            "2026-02": 0.68,
            "2026-03": 0.60,
            "2026-04": 0.62,
            "2026-05": 0.68,
            "2026-06": 0.78,
            "2026-07": 0.83,
            "2026-10": 0.87,
        },
        0.03,
        of="complaints",
    ),
    Series(
        "time_on_site",
        "Web analyst",
        {
            "2024-11": 71,
            "2025-06": 86,
            "2025-12": 100,
            "2026-05": 107,
            "2026-06": 102,
            "2026-07": 95,
            "2026-08": 89,
            "2026-10": 80,
        },
        0.02,
    ),
    Series(
        "bounce_rate",
        "Web analyst",
        {"2024-11": 0.675, "2025-06": 0.60, "2025-12": 0.545, "2026-05": 0.525, "2026-07": 0.56, "2026-10": 0.618},
        0.012,
        step=0.001,
        percent=True,
    ),
    Series(
        "proofread_share",
        "Content lead",
        {
            "2024-11": 0.70,
            "2025-12": 0.95,
            "2026-05": 0.96,
            "2026-06": 0.75,
            "2026-07": 0.45,
            "2026-09": 0.50,
            "2026-10": 0.80,
        },
        0.03,
        step=0.05,
        percent=True,
    ),
    Series(
        "illustrated_share",
        "Content lead",
        {
            "2024-11": 0.50,
            "2025-12": 0.85,
            "2026-05": 0.88,
            "2026-06": 0.72,
            "2026-07": 0.58,
            "2026-09": 0.58,
            "2026-10": 0.66,
        },
        0.03,
        step=0.05,
        percent=True,
    ),
    Series(
        "linked_share",
        "Content lead",
        {"2024-11": 0.65, "2025-12": 0.90, "2026-05": 0.90, "2026-10": 0.75},
        0.03,
        step=0.05,
        percent=True,
    ),
    Series(
        "laid_out_share",
        "Content lead",
        {"2024-11": 0.60, "2025-12": 0.85, "2026-05": 0.85, "2026-07": 0.70, "2026-10": 0.70},
        0.03,
        step=0.05,
        percent=True,
    ),
    Series(
        "readability",
        "Content lead",
        {"2024-11": 46, "2025-06": 52, "2025-12": 57, "2026-05": 59, "2026-08": 51, "2026-10": 50},
        0.02,
        step=0.1,
    ),
    Series(
        "paid_spend", "Performance marketer", {"2024-11": 3900, "2025-12": 4900, "2026-01": 5600, "2026-10": 6100}, 0.03
    ),
    Series(
        "paid_leads",
        "Performance marketer",
        {"2024-11": 1 / 61, "2025-06": 1 / 54, "2025-12": 1 / 46, "2026-06": 1 / 39, "2026-10": 1 / 41},
        0.04,
        of="paid_spend",
    ),
    Series(
        "social_media_budget",
        "Head of marketing",
        {
            "2024-11": 4000,
            "2024-12": 4000,
            "2025-01": 5000,
            "2025-12": 5000,
            "2026-01": 6000,
            "2026-06": 6000,
            "2026-07": 6500,
            "2026-10": 6500,
        },
        0.0,
        step=500,
    ),
]
RESPONSE_HOURS = Series(
    "response_time",
    "Community manager",
    {
        "2024-11": 11.8,
        "2025-06": 8.2,
        "2025-12": 6.0,
        "2026-01": 6.2,
        "2026-02": 9.4,
        "2026-03": 13.2,
        "2026-04": 12.6,
        "2026-05": 10.9,
        "2026-06": 7.1,
        "2026-07": 4.9,
        "2026-10": 4.4,
    },
    0.08,
    step=0.1,
)
LIFETIME_VALUE = [1410, 1440, 1510, 1570, 1680, 1740, 1790, 1880]  # 2024-Q4 .. 2026-Q3
LEFT_OUT = {("people_tagged", "2026-10")}  # not counted yet: the value of September stands, marked stale
NOTES = {
    ("qualified_interactions", "2024-11"): "All figures of this file are made up, to illustrate",
    ("complaints", "2026-02"): "New release on 9 February",
    ("subscribers", "2026-01"): "Dead addresses removed",
    ("posts", "2026-06"): "Editor left on 12 June",
    ("response_time", "2026-W27"): "Course finished, second person stays",
    ("social_sales", "2025-11"): "November code",
    ("social_sales", "2026-10"): "Autumn code until 15 November",
    ("paid_leads", "2026-06"): "Campaign fields in the CRM from now on",
    ("people_tagged", "2026-09"): "Half of the month estimated",
}


def make_rows() -> Iterator[Row]:
    """Rows (kpi, period, value, note, by) as a team would append them: month after month, in the order of the map."""
    draw = random.Random(SEED)
    recorded = {series.name: draw_series(series, draw) for series in SERIES}
    counted = count_shares(recorded)
    weeks = draw_weeks(draw)
    for at, month in enumerate(MONTHS):
        for series in SERIES:
            if (series.name, month) not in LEFT_OUT:
                yield describe(series, month, counted[series.name][at])
        for week, value in weeks[month]:
            yield describe(RESPONSE_HOURS, week, value)
        if month[-2:] in ("03", "06", "09", "12"):
            quarter = f"{month[:4]}-Q{int(month[-2:]) // 3}"
            yield "lifetime_value", quarter, str(LIFETIME_VALUE[at // 3]), "", "Finance"


def draw_series(series: Series, draw: random.Random) -> list[float]:
    return [level(series, at) * disturb(series.noise, draw) for at in range(len(MONTHS))]


def count_shares(levels: dict[str, list[float]]) -> dict[str, list[float]]:
    """Levels rounded as recorded, those `of` another series after being multiplied with what was recorded there."""
    counted: dict[str, list[float]] = {}
    for series in SERIES:
        whole = counted.get(series.of, [1.0] * len(MONTHS))
        counted[series.name] = [round_to(series.step, a * b) for a, b in zip(levels[series.name], whole, strict=True)]
    return counted


def draw_weeks(draw: random.Random) -> dict[str, list[tuple[str, float]]]:
    """ISO weeks with their hours, by the month that holds the Thursday."""
    weeks: dict[str, list[tuple[str, float]]] = {month: [] for month in MONTHS}
    thursday = datetime.date(2024, 11, 7)
    while (month := thursday.isoformat()[:7]) in weeks:
        year, week, _ = thursday.isocalendar()
        hours = level(RESPONSE_HOURS, MONTHS.index(month)) * disturb(RESPONSE_HOURS.noise, draw)
        weeks[month].append((f"{year}-W{week:02d}", round_to(RESPONSE_HOURS.step, hours)))
        thursday += datetime.timedelta(days=7)
    return weeks


def level(series: Series, at: int) -> float:
    """The line through the points at month number `at`, times its part of the season."""
    places = [(MONTHS.index(month), value) for month, value in series.points.items()]
    before = max((p for p in places if p[0] <= at), default=places[0])
    after = min((p for p in places if p[0] >= at), default=places[-1])
    part = (at - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
    season = SEASON[int(MONTHS[at][-2:]) - 1]
    return (before[1] + part * (after[1] - before[1])) * (1 + series.season * (season - 1))


def disturb(noise: float, draw: random.Random) -> float:
    """A factor around 1, roughly normal with a deviation of `noise`; only random(), which every Python repeats."""
    return 1 + noise * 2 * (draw.random() + draw.random() + draw.random() - 1.5)


def round_to(step: float, value: float) -> float:
    return round(round(value / step) * step, 6)


def describe(series: Series, period: str, value: float) -> Row:
    shown = f"{round(100 * value, 4):g}%" if series.percent else f"{value:.10g}"
    return series.name, period, shown, NOTES.get((series.name, period), ""), series.by


def write(rows: Iterator[Row]) -> str:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(("kpi", "period", "value", "note", "by"))
    out.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    TARGET.write_text(write(make_rows()), encoding="utf-8", newline="\n")
