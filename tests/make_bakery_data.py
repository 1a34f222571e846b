"""Writes the figures of strategies/bakeries and strategies/bakery_academy, byte for byte the same on every run.

All figures are made up. A series is a line through a few points, given as month: level, for the chain or for one region,
times what is lasting about the shop, times the season, times noise, rounded as people record it. The levels of a series
`of` another one are shares of what was recorded there, so that counts and their rates agree. What happens in the two
years is told in the READMEs of the two folders.
"""

from __future__ import annotations

import csv
import io
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "strategies"
SEED = "36 bakeries"
MONTHS = [f"{2024 + (m + 10) // 12}-{(m + 10) % 12 + 1:02d}" for m in range(24)]  # 2024-11 .. 2026-10
SEASON = [0.97, 0.98, 1.00, 1.02, 1.01, 0.99, 0.97, 0.96, 1.00, 1.01, 1.02, 1.08]  # January .. December
STORES = {
    "City": "Market Square,Old Bridge,Station,Opera,Town Hall,Museum Row,Canal Street,East Gate,University,Cathedral,"
    "Linden Park",
    "Coast": "Harbour,Lighthouse,Pier,Dunes,Fish Market,Seagull Lane,Boat Yard,South Beach,Ferry Landing",
    "Hills": "Castle Hill,Quarry,Chapel,Fir Street,Summit Road,Vineyard,Stone Gate,Upper Village",
    "Valley": "Mill Lane,Weir,Orchard,River Bend,Meadow Way,Lower Bridge,Poplar Street,Valley Station",
}
REGION_OF = {store: region for region, names in STORES.items() for store in names.split(",")}
PLAN = {"2024-12": 2_140_000.0, "2025-12": 2_270_000.0, "2026-12": 2_400_000.0}  # the target of `sales`, in kpis.yaml

Points = Mapping[str, float]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One figure of a shop or region: its levels, and how strongly members (`spread`), `season` and `noise` move it.

    `regions` are the points of regions that go their own way. Of rare things what is rounded off is `carried` to the next
    month, so that their sums are right.
    """

    name: str
    points: Points
    noise: float = 0.0
    spread: float = 0.0
    season: float = 0.0
    step: float = 1.0
    of: str = ""
    carried: bool = False
    regions: Mapping[str, Points] = field(default_factory=dict)


SHOP = [
    Series(
        "customers",
        {"2024-11": 6010, "2025-12": 6270, "2026-10": 6480},
        0.02,
        0.16,
        1.0,
        regions={"Valley": {"2024-11": 6010, "2025-12": 6260, "2026-08": 6330, "2026-10": 5850}},
    ),
    Series(
        "sales",
        {"2024-11": 9.62, "2025-12": 10.05, "2026-10": 10.52},
        0.012,
        0.03,
        of="customers",
        regions={"Valley": {"2024-11": 9.62, "2025-12": 10.02, "2026-06": 10.28, "2026-10": 9.98}},
    ),
    Series("margin", {"2024-11": 0.588, "2025-12": 0.604, "2026-10": 0.617}, 0.006, 0.012, of="sales"),
    Series("discounts", {"2024-11": 0.029, "2025-12": 0.026, "2026-10": 0.028}, 0.06, 0.10, of="sales"),
    Series(
        "labour_hours",
        {"2024-11": 1 / 49.5, "2025-12": 1 / 52.5, "2026-10": 1 / 55.2},
        0.012,
        0.04,
        of="sales",
        regions={"Valley": {"2024-11": 1 / 49.5, "2025-12": 1 / 52.4, "2026-06": 1 / 53.5, "2026-10": 1 / 52.1}},
    ),
    Series(
        "complaints",
        {"2024-11": 0.00165, "2025-12": 0.00128, "2026-10": 0.00098},
        0.12,
        0.10,
        of="customers",
        carried=True,
        regions={"Valley": {"2024-11": 0.0016, "2025-12": 0.00128, "2026-06": 0.0012, "2026-10": 0.00168}},
    ),
    Series("card_customers", {"2024-11": 0.31, "2026-10": 0.38}, 0.02, 0.07, of="customers"),
    Series(
        "returning_customers",
        {"2024-11": 0.412, "2025-12": 0.458, "2026-10": 0.508},
        0.012,
        0.03,
        of="card_customers",
        regions={"Valley": {"2024-11": 0.41, "2025-12": 0.455, "2026-07": 0.484, "2026-08": 0.466, "2026-10": 0.431}},
    ),
    Series("shelf_checks", {"2024-11": 104, "2026-10": 104}, 0.012),
    Series(
        "shelves_full",
        {"2024-11": 0.885, "2025-12": 0.925, "2026-10": 0.957},
        0.006,
        0.008,
        of="shelf_checks",
        regions={"Valley": {"2024-11": 0.885, "2025-12": 0.924, "2026-05": 0.938, "2026-06": 0.899, "2026-10": 0.889}},
    ),
    Series("deliveries", {"2024-11": 52, "2026-10": 52}, 0.015),
    Series(
        "deliveries_on_time",
        {"2024-11": 0.905, "2025-12": 0.94, "2026-10": 0.968},
        0.008,
        of="deliveries",
        regions={"Valley": {"2024-11": 0.9, "2025-12": 0.94, "2026-05": 0.95, "2026-06": 0.80, "2026-10": 0.785}},
    ),
    Series("production", {"2024-11": 0.196, "2026-10": 0.182}, 0.008, 0.02, of="sales"),
    Series("waste", {"2024-11": 0.112, "2025-12": 0.095, "2026-10": 0.079}, 0.05, 0.10, of="production"),
    Series("waiting", {"2024-11": 4.7, "2025-12": 3.9, "2026-10": 3.3}, 0.05, 0.10, step=0.1),
    Series("peak_hours", {"2024-11": 91, "2026-10": 91}, 0.01),
    Series("peak_hours_staffed", {"2024-11": 0.80, "2025-12": 0.86, "2026-10": 0.92}, 0.02, 0.03, of="peak_hours"),
    Series("positions", {"2024-11": 11, "2026-10": 11}, 0.0, 0.12),
    Series("employees", {"2024-11": 0.90, "2025-12": 0.925, "2026-10": 0.95}, 0.02, 0.02, of="positions"),
    Series("leavers", {"2024-11": 0.031, "2025-12": 0.025, "2026-10": 0.019}, 0.0, 0.15, of="employees", carried=True),
    Series("hours_trained", {"2024-11": 1.3, "2025-12": 1.9, "2026-10": 2.35}, 0.12, 0.10, of="employees"),
    Series("certified", {"2024-11": 0.53, "2025-12": 0.62, "2026-10": 0.70}, 0.015, 0.05, of="employees"),
]
COMPANY = [
    Series("head_office_cost", {"2024-11": 121_000, "2025-12": 119_000, "2026-10": 118_500}, 0.015, step=100),
]
RECOMMENDATION = [33, 35, 36, 39, 41, 42, 45, 46]  # 2024-Q4 .. 2026-Q3
ACADEMY = [
    Series(
        "seats",
        {"2024-11": 36, "2025-12": 44, "2026-05": 46, "2026-10": 42},
        0.05,
        regions={"City": {"2024-11": 52, "2025-12": 60, "2026-10": 58}},
    ),
    Series(
        "seats_taken",
        {"2024-11": 0.75, "2025-12": 0.86, "2026-10": 0.915},
        0.03,
        of="seats",
        regions={"Valley": {"2024-11": 0.70, "2025-12": 0.76, "2026-05": 0.77, "2026-10": 0.68}},
    ),
    Series(
        "courses_held",
        {"2024-11": 9, "2026-10": 10},
        0.04,
        regions={"City": {"2024-11": 13, "2026-10": 14}},
    ),
    Series(
        "courses_cancelled",
        {"2024-11": 0.13, "2026-04": 0.07, "2026-06": 0.14, "2026-10": 0.12},
        0.1,
        of="courses_held",
    ),
    Series("course_rating", {"2024-11": 3.9, "2026-05": 4.4, "2026-10": 4.2}, 0.012, step=0.1),
    Series("course_hours", {"2024-11": 118, "2026-10": 132}, 0.02, regions={"City": {"2024-11": 168, "2026-10": 182}}),
    Series(
        "oven_hours",
        {"2024-11": 0.37, "2025-12": 0.46, "2026-05": 0.485, "2026-06": 0.44, "2026-10": 0.40},
        0.02,
        of="course_hours",
    ),
    Series("exams", {"2024-11": 0.55, "2026-10": 0.55}, 0.03, of="seats_taken"),
    Series(
        "exams_passed",
        {"2024-11": 0.74, "2025-12": 0.85, "2026-07": 0.89, "2026-08": 0.84, "2026-10": 0.80},
        0.015,
        of="exams",
        regions={"Valley": {"2024-11": 0.74, "2025-12": 0.84, "2026-07": 0.87, "2026-08": 0.80, "2026-10": 0.72}},
    ),
    Series("asked_later", {"2024-11": 0.8, "2026-10": 0.8}, 0.04, of="exams_passed"),
    Series(
        "working_alone", {"2024-11": 0.66, "2025-12": 0.77, "2026-08": 0.83, "2026-10": 0.80}, 0.02, of="asked_later"
    ),
]
TRAINERS = {"2024-11": 7, "2025-03": 8, "2025-09": 9, "2026-05": 7}  # from that month on
SILENT = ("Ferry Landing", "2026-10")  # from this month on nothing came any more
HALF = {("Castle Hill", "production", "2026-10")}  # one of two ovens was not written down
NOTES = {
    ("Mill Lane", "deliveries_on_time", "2026-06"): "First month from the new depot",
    ("Harbour", "sales", "2025-07"): "Street closed for ten days",
    ("Opera", "waiting", "2026-03"): "Second till open",
}
FIRST_NOTE = "All figures of this file are made up, to illustrate"


def make_files() -> dict[str, str]:
    """The text of every file, by its path below strategies/."""
    shops = [(store, draw_member(SHOP, store, REGION_OF[store])) for store in sorted(REGION_OF)]
    regions = [(region, draw_member(ACADEMY, region, region)) for region in STORES]
    years = sorted({month[:4] for month in MONTHS})
    head = ("kpi", "period", "store", "value", "note")
    return {
        **{f"bakeries/stores_{year}.csv": write(head, list_shops(shops, year)) for year in years},
        "bakeries/sales_targets.csv": write(("kpi", "period", "store", "value", "target"), list_targets()),
        "bakeries/company.csv": write(("kpi", "period", "value", "note", "by"), list_company()),
        "bakery_academy/courses.csv": write(("kpi", "period", "region", "value", "note"), list_courses(regions)),
    }


def list_shops(shops: Sequence[tuple[str, dict[str, list[float]]]], year: str) -> Iterator[Row]:
    """Month after month, shop after shop, as the tills and the shops' sheets are put together."""
    note = FIRST_NOTE
    for at, month in enumerate(MONTHS):
        for store, recorded in shops if month.startswith(year) else ():
            if store == SILENT[0] and month >= SILENT[1]:
                continue
            for series in SHOP:
                value = recorded[series.name][at]
                if (store, series.name, month) in HALF:
                    value = round_to(series.step, value * 0.52)
                yield series.name, month, store, f"{value:.10g}", note or NOTES.get((store, series.name, month), "")
                note = ""


def list_targets() -> Iterator[Row]:
    """The plan of the chain shared out to the shops by their size, also for the months to come."""
    size = {store: lasting(SHOP[0], store) for store in sorted(REGION_OF)}
    for month in [*MONTHS, "2026-11", "2026-12"]:
        for store, share in size.items():
            target = round_to(100, line(PLAN, month) * share / sum(size.values()))
            yield "sales", month, store, "", f"{target:.10g}"


def list_company() -> Iterator[Row]:
    """What is known for the chain only, by no shop."""
    recorded = draw_member(COMPANY, "chain", "")
    for at, month in enumerate(MONTHS):
        for series in COMPANY:
            yield series.name, month, f"{recorded[series.name][at]:.10g}", "" if at else FIRST_NOTE, "Finance"
        if month[-2:] in ("03", "06", "09", "12"):
            quarter = f"{month[:4]}-Q{int(month[-2:]) // 3}"
            yield "recommendation", quarter, str(RECOMMENDATION[at // 3]), "", "Survey agency"


def list_courses(regions: Sequence[tuple[str, dict[str, list[float]]]]) -> Iterator[Row]:
    note = FIRST_NOTE
    for at, month in enumerate(MONTHS):
        for region, recorded in regions:
            for series in ACADEMY:
                yield series.name, month, region, f"{recorded[series.name][at]:.10g}", note
                note = ""
        count = [persons for since, persons in TRAINERS.items() if since <= month][-1]
        yield "trainers", month, "", str(count), "Two trainers have left" if month == "2026-05" else ""


def draw_member(all_series: Sequence[Series], member: str, region: str) -> dict[str, list[float]]:
    """What a shop, a region or the chain recorded, month by month, by the name of the series."""
    recorded: dict[str, list[float]] = {}
    for series in all_series:
        draw = random.Random(f"{SEED} {member} {series.name}")
        points = series.regions.get(region, series.points)
        rest = series.step * (draw.random() - 0.5) if series.carried else 0.0
        values: list[float] = []
        for at, month in enumerate(MONTHS):
            level = line(points, month) * (1 + series.season * (SEASON[int(month[-2:]) - 1] - 1))
            level *= lasting(series, member) * (1 + series.noise * normal(draw))
            whole = recorded[series.of][at] if series.of else 1.0
            most = whole if series.of and line(points, month) < 1 else math.inf
            values.append(min(most, round_to(series.step, level * whole + rest)))
            rest = level * whole + rest - values[-1] if series.carried else 0.0
        recorded[series.name] = values
    return recorded


def line(points: Points, month: str) -> float:
    """The line through the points at a month, flat beyond its ends."""
    at = number(month)
    places = [(number(one), value) for one, value in points.items()]
    before = max((p for p in places if p[0] <= at), default=places[0])
    after = min((p for p in places if p[0] >= at), default=places[-1])
    part = (at - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
    return before[1] + part * (after[1] - before[1])


def number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[-2:])


def lasting(series: Series, member: str) -> float:
    """What a member always has more or less of than others."""
    return 1 + series.spread * normal(random.Random(f"{SEED} {member} {series.name} always"))


def normal(draw: random.Random) -> float:
    """Roughly normal around 0 with a deviation of 1; only random(), which every Python repeats."""
    return 2 * (draw.random() + draw.random() + draw.random() - 1.5)


def round_to(step: float, value: float) -> float:
    return round(round(value / step) * step, 6)


def write(head: Row, rows: Iterator[Row]) -> str:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(head)
    out.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    for name, text in make_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
