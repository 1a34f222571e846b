"""What is odd in the data as a whole: conflicts of sources, periods out of rhythm, values that slipped; and what is not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from command_line import CLEAN, SOCIAL_MEDIA, run, write_strategy

from scorecard.api import load, read_report
from scorecard.compute.oddities import find_oddities
from scorecard.model.finding import Finding

CONFORMANCE = sorted(path for path in (Path(__file__).parent / "conformance").iterdir() if path.is_dir())


def find(folder: Path, definition: str, *sources: str, head: str = "") -> list[Finding]:
    """What is odd in tables of `period,value` (a further column is `shop`) of the KPI `k`, one source each."""
    names = [f"s{number}.csv" for number in range(len(sources))]
    shops = "dimensions: {shop: [north, south]}\n"
    text = f"strategy: s\n{head}{shops}kpis: {{k: {{{definition}}}}}\ndata: [{', '.join(names)}]\n"
    write_strategy(folder / "made", text)
    for name, rows in zip(names, sources, strict=True):
        body = "".join(f"k,{row}{',' * (row.count(',') < 2)}\n" for row in rows.split())
        (folder / "made" / name).write_text(f"kpi,period,value,shop\n{body}", encoding="utf-8")
    card = load(folder / "made")
    return find_oddities(card.strategy, card.observations)


def months(values: Iterable[float], first: int = 2020, member: str = "") -> str:
    end = f",{member}" if member else ""
    return " ".join(f"{first + n // 12}-{n % 12 + 1:02},{value!r}{end}" for n, value in enumerate(map(float, values)))


def slipped(findings: list[Finding]) -> list[int]:
    """The lines of the values that slipped."""
    return [finding.place.line for finding in findings if finding.code == "S340"]


STEADY = [80, 84, 79, 88, 85, 90, 86, 83, 87, 91, 89, 92]


def with_one(at: int, value: float) -> list[float]:
    return [value if n == at else one for n, one in enumerate(STEADY)]


def test_sources_that_differ_are_said_once_for_each_two(tmp_path: Path) -> None:
    sources = "2026-01,1 2026-02,2 2026-03,3", "2026-01,1.0 2026-02,5 2026-03,6", "2026-03,7"
    findings = find(tmp_path, "unit: u", *sources)
    assert [(f.code, Path(f.place.file).name, f.place.line) for f in findings] == [
        ("S338", "s1.csv", 3),
        ("S338", "s2.csv", 2),
    ]
    assert "'k' for 2026-02" in findings[0].message
    assert "5 here and 2 in" in findings[0].message
    assert "s0.csv:3" in findings[0].message
    assert "one of 2" in findings[0].message


@pytest.mark.parametrize(
    "sources",
    [
        ("2026-01,1", "2026-01,1"),
        ("2026-01,1 2026-01,2", "2026-01,2"),  # the first source contradicts itself, the second agrees with what counts
        ("2026-01,1", "2026-02,2"),
        ("2026-01,1,north", "2026-01,2,south"),
        ("2026-01,1", "2026,2"),
    ],
)
def test_sources_that_do_not_differ(sources: tuple[str, ...], tmp_path: Path) -> None:
    assert [f.code for f in find(tmp_path, "unit: u", *sources)] == []


def test_what_is_on_record_may_differ_and_is_never_said_to_have_slipped(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "s", "strategy: s\nkpis: {k: {unit: u}}\ndata: [rows.csv]\n")
    (folder / "rows.csv").write_text(
        "kpi,period,value\n" + "".join(f"k,{row}\n" for row in months(with_one(5, 900)).split()), encoding="utf-8"
    )
    assert slipped([f for f in read_report(str(folder)).findings if f.code == "S340"]) == [7]
    assert run("record", folder, "k=900", "-p", "2020-06", "--yes", "--by", "Ann").exit_code == CLEAN
    assert run("record", folder, "k=70", "-p", "2020-01", "--by", "Ann").exit_code == CLEAN
    assert [f.code for f in read_report(str(folder)).findings] == []


@pytest.mark.parametrize(
    ("definition", "rows", "line"),
    [
        ("interval: month", "2026-01,1 2025,12", 3),
        ("interval: month", "2026-Q1,1", 2),
        ("interval: year", "2025,12 2026-01,1", None),  # one more look at it
        ("interval: year, aggregate: sum", "2025,12 2026-01,1", 3),
        ("interval: month, aggregate: mean", "2026-W02,1 2026-W03,1", None),
        ("interval: month, aggregate: sum", "2026-W02,1 2026-W03,1", 2),
        ("interval: month, aggregate: sum", "2026-01,1 2026-W02,1", None),  # S309 says so
        ("aggregate: sum", "2026-W02,1 2025,4", None),  # nothing is said of its rhythm
    ],
)
def test_periods_out_of_rhythm(definition: str, rows: str, line: int | None, tmp_path: Path) -> None:
    found = [f.place.line for f in find(tmp_path, definition, rows) if f.code == "S339"]
    assert found == ([] if line is None else [line])


def test_values_of_one_kpi_out_of_rhythm_are_one_finding_at_the_first(tmp_path: Path) -> None:
    (finding,) = find(tmp_path, "interval: month", "2026-01,1 2025,12 2024,13 2023,11,north 2023,10,south")
    assert finding.place.line == 3
    assert "2025 is a year, one of 4 such values" in finding.message
    assert "'interval: year'" in finding.hint


@pytest.mark.parametrize("at", range(len(STEADY)))
@pytest.mark.parametrize("factor", [10, 100, 1000, 0.1, 0.01, 0.001, -0.001])
def test_a_slip_of_a_decimal_place_is_found_anywhere(at: int, factor: float, tmp_path: Path) -> None:
    found = slipped(find(tmp_path, "unit: u", months(with_one(at, STEADY[at] * factor))))
    assert found == ([] if factor < 0 else [at + 2])


def test_of_negative_values_too(tmp_path: Path) -> None:
    assert slipped(find(tmp_path, "unit: u", months(-np.array(with_one(7, 850))))) == [9]


def test_each_member_has_a_history_of_its_own(tmp_path: Path) -> None:
    north, south = months(STEADY, member="north"), months(10 * np.array(STEADY), member="south")
    assert slipped(find(tmp_path, "unit: u", f"{north} {south}")) == []
    broken = months(with_one(4, 8.5), member="north")
    (finding,) = find(tmp_path / "2", "unit: u", f"{south} {broken}")
    assert finding.place.line == 12 + 4 + 2
    assert "'k' of north for 2020-05 is 8.5" in finding.message


def test_each_kind_of_period_has_a_history_of_its_own(tmp_path: Path) -> None:
    years = "2015,960 2016,980 2017,990 2018,1010 2019,1030"
    assert slipped(find(tmp_path, "unit: u", f"{years} {months(STEADY)}")) == []


def test_a_word_is_no_number(tmp_path: Path) -> None:
    words = ", ".join(f"w{n}: {n / 20}" for n in range(20))
    rows = " ".join(f"2020-{n:02},w{19 if n == 6 else 1}" for n in range(1, 13))
    assert find(tmp_path, f"levels: {{{words}}}", rows) == []


def test_what_is_far_off_its_scale_is_not_said_twice(tmp_path: Path) -> None:
    rows = " ".join(f"2020-{n:02},{'24' if n == 6 else '24%'}" for n in range(1, 13))
    assert find(tmp_path, "unit: '%', baseline: 20%, target: 40%", rows) == []


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3],
        [80, 84, 79, 850],  # too few to know what is usual
        STEADY[:6] + [10 * one for one in STEADY[6:]],  # another level, which stays
        [2.0**n for n in range(24)],
        [1000 * 0.6**n for n in range(24)],
        [1000 if n % 12 == 11 else 100 + n for n in range(36)],  # every December
        [10 if n % 12 == 7 else 100 + n for n in range(36)],  # every August
        [900 if n in (5, 16) else 90 + n % 3 for n in range(24)],  # Easter
        [900 if n in (3, 11, 20) else 90 + n % 3 for n in range(24)],  # campaigns
        [0 if n % 5 == 0 else 90 for n in range(24)],
        [0] * 11 + [100],
        [100] * 11 + [0],
        [100] * 11 + [-1000],
        [100] * 11 + [500],
        [1, 12, 3, 30, 2, 44, 5, 21, 1, 60, 8, 2],
    ],
)
def test_histories_without_a_slip(values: list[float], tmp_path: Path) -> None:
    assert slipped(find(tmp_path, "unit: u", months(values))) == []


@pytest.mark.parametrize("kind", ["noise", "walk", "geometric walk", "counts", "growth", "shares"])
def test_random_histories_raise_no_alarm(kind: str, tmp_path: Path) -> None:
    random, size = np.random.default_rng(3), (120, 20)  # 120 months, 20 of them after each other
    made = {
        "noise": lambda: 100 * np.exp(random.normal(0, 0.3, size)),
        "walk": lambda: 50 + np.cumsum(random.normal(0, 2, size), axis=0),
        "geometric walk": lambda: 100 * np.exp(np.cumsum(random.normal(0, 0.3, size), axis=0)),
        "counts": lambda: random.poisson(4, size),
        "growth": lambda: 1.1 ** np.arange(120)[:, None] * np.exp(random.normal(0, 0.1, size)),
        "shares": lambda: random.beta(2, 30, size),
    }
    for number, series in enumerate(made[kind]().T):
        assert slipped(find(tmp_path / str(number), "unit: u", months(series, 2000))) == []


@pytest.mark.parametrize("path", [Path(SOCIAL_MEDIA), *CONFORMANCE], ids=lambda path: path.name)
def test_sound_strategies_raise_no_alarm_of_slips(path: Path) -> None:
    assert slipped(list(read_report(str(path)).findings)) == []


def test_many_slips_are_not_all_listed(tmp_path: Path) -> None:
    kpis = [f"k{number}" for number in range(120)]
    text = f"strategy: s\nkpis: {{{', '.join(f'{one}: {{}}' for one in kpis)}}}\ndata: [rows.csv]\n"
    rows = [f"{one},{row}" for one in kpis for row in months(with_one(6, 860)).split()]
    folder = write_strategy(tmp_path / "s", text, "\n".join(["kpi,period,value", *rows, ""]))
    card = load(folder)
    codes = [finding.code for finding in find_oddities(card.strategy, card.observations)]
    assert codes == ["S340"] * 100 + ["S317"]


def test_numbers_at_the_edge_of_what_a_number_can_be(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    find(tmp_path, "unit: u", months([1e308, 1e-308, 1e308, 5e-324, 1.7e308, 0, -1.7e308]), months([5e-324] * 7))
    assert [str(one.message) for one in recwarn if one.category is RuntimeWarning] == []


def test_no_values_are_not_odd(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "s", "strategy: s\nkpis: {k: {}}\ndata: [rows.csv]\n", "kpi,period,value\n")
    card = load(folder)
    assert find_oddities(card.strategy, card.observations) == []
    (folder / "rows.csv").write_text("kpi,period,value,target\nk,2026-01,,5\n", encoding="utf-8")
    card = load(folder)
    assert find_oddities(card.strategy, card.observations) == []
