"""The detail screen: why a goal or KPI has its colour, the chart, who recorded the number, and the ways from there."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from test_app import EXAMPLE, TODAY, make_app, read, wait_until
from textual.widgets import Input, Static

from scorecard.analysis.control_chart import Limits, natural_limits
from scorecard.compute.evaluation import Evaluation
from scorecard.model.status import Signal
from scorecard.render.chart_data import Mark, read_chart
from scorecard.render.reasons import explain_score, explain_value
from scorecard.render.words import signal_words
from scorecard.tui.app import ReviewApp
from scorecard.tui.screens.detail import NearList
from scorecard.tui.session import open_path
from scorecard.tui.widgets.kpi_chart import KpiChart, list_ticks

RULES = """
strategy: s
goals:
  g:
    perspective: customer
    lagging:
      - {kpi: linear, baseline: 0, target: 10, values: {2026-09: 5, 2026-10: 12}}
      - {kpi: flagged, red: 20, target: 10, values: {2026-10: 15}}
      - {kpi: reach, target: 5, direction: down, values: {2026-10: 6}}
      - {kpi: banded, band: [3, 5], tolerance: 2, values: {2026-10: 6}}
      - {kpi: scaled, scale: {0: 0, 10: 1}, values: {2026-10: 4}}
      - {kpi: worded, levels: {weak: 0, strong: 1}, values: {2026-10: strong}}
      - {kpi: shown, scoring: none, values: {2026-10: 4}}
      - {kpi: missing, baseline: 0, target: 1}
      - {kpi: rate, formula: hits / tries, unit: "%", baseline: 0, target: 50%}
metrics:
  hits: {values: {2026-10: 3}}
  tries: {values: {2026-10: 8}}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Evaluation:
    (tmp_path / "s.yaml").write_text(RULES)
    return open_path(str(tmp_path / "s.yaml"), TODAY).evaluations["s"]


def chart_rows(app: ReviewApp) -> list[str]:
    chart = app.screen.query_one(KpiChart)
    return ["".join(segment.text for segment in chart.render_line(y)) for y in range(chart.size.height)]


@pytest.mark.parametrize(
    ("kpi", "words"),
    [
        ("linear", "= (12 - 0) / (10 - 0) = 120%, held to 100%"),
        ("flagged", "= 33% + (67% - 33%) x (15 - 20) / (10 - 20) = 50%"),
        ("reach", "0%: the target 5 or less is not reached with 6"),
        ("banded", "50%: 6 lies outside 3 to 5, tolerance 2"),
        ("scaled", "40%: 4 on the scale 0 = 0%, 10 = 100%"),
        ("worded", "100%: weak = 0%, strong = 100%"),
        ("shown", "not scored: it is only shown"),
    ],
)
def test_a_score_is_explained_by_its_rule_with_the_numbers(rules: Evaluation, kpi: str, words: str) -> None:
    assert words in list(explain_score(rules, rules.kpi(kpi)))


def test_a_formula_is_filled_in_and_an_unknown_value_says_why(rules: Evaluation) -> None:
    assert list(explain_value(rules, rules.kpi("rate"))) == ["hits / tries", "= 3 / 8 = 37.5%"]
    assert list(explain_value(rules, rules.kpi("missing"))) == ["no value"]


async def test_a_goal_says_why_with_means_bars_guardrails_and_comments() -> None:
    app = make_app()
    async with app.run_test(size=(132, 50)) as pilot:
        await pilot.press("down", "down", "right", "3")
        await pilot.pause()
        why = read(app, "#why")
        for words in (
            "Why it is green",
            "(2 x 67% + 1 x 87% + 1 x 84% + 1 x 82%) / 5 = 78%",
            "50% x result 78% + 50% x drivers' own outlook 50% = 64%",
            "warning: the result is green, its drivers are not",
            "What makes up the outlook 64%",
            "Average shares per article",
            "░",
        ):
            assert words in why
        assert "Visits to the profile fall" in read(app, "#around")
        await pilot.press("o")
        await pilot.pause()
        assert "What makes up the result 78%" in read(app, "#why")
        app.shell.open_detail("business_results")
        await pilot.pause()
        assert "⚑ lowered to amber by a guardrail" in read(app, "#why")
        assert "results and drivers are green, but a guardrail is breached" in read(app, "#why")
        assert "steady" not in read(app, "#why")
        assert "Pass campaign fields" in read(app, "#around")


async def test_everything_near_is_one_key_or_click_away() -> None:
    app = make_app()
    async with app.run_test(size=(132, 50)) as pilot:
        app.shell.open_detail("engaging_content")
        await pilot.pause()
        near = str(app.screen.query_one(NearList).content)
        assert near.index("Results") < near.index("Drivers") < near.index("Drives")
        for name, kpi, goal in (
            ("Profile visits", "profile_visits", "engaging_content"),
            ("Post engagi", None, "post_content"),
            ("Achieve valu", None, "business_results"),
        ):
            line = next(line for line in near.splitlines() if name in line)
            await pilot.press(line[0])
            await pilot.pause()
            assert (app.shell.session.goal, app.shell.session.kpi) == (goal, kpi)
            await pilot.press("escape")
            await pilot.pause()
            assert (app.shell.session.goal, app.shell.session.kpi) == ("engaging_content", None)
        await pilot.click(NearList, offset=(5, 1))
        await pilot.pause()
        assert app.shell.session.kpi == "profile_visits"
        await pilot.press("n")
        await pilot.pause()
        assert app.shell.session.kpi == "subscribers"


async def test_a_guardrails_kpi_has_a_letter_a_chart_with_what_is_allowed_and_a_way_back() -> None:
    app = make_app()
    async with app.run_test(size=(132, 50)) as pilot:
        app.shell.open_detail("business_results")
        await pilot.pause()
        line = next(line for line in str(app.screen.query_one(NearList).content).splitlines() if "⚑" in line)
        assert "27.27%, allowed ≤20%" in line
        await pilot.press(line[0])
        await wait_until(pilot, lambda: "allowed at most 20%" in "\n".join(chart_rows(app)))
        assert app.shell.session.kpi == "discount_share"
        assert "⚑ breached" in read(app, "#title")
        assert "⚑ breached at “Achieve valuable business results”" in read(app, "#why")
        rows = chart_rows(app)
        allowed = next(number for number, row in enumerate(rows) if "┅" in row)
        assert "20% ┤" in rows[allowed]
        assert all(number < allowed for number, row in enumerate(rows[:-1]) if "⚑" in row)
        assert "Goals it guards" in str(app.screen.query_one(NearList).content)
        await pilot.press("b")
        await pilot.pause()
        assert app.shell.session.kpi == "social_revenue"
        await pilot.press("n", "v")
        await pilot.pause()
        assert app.screen.kpi == "discount_share"


async def test_the_palette_finds_the_kpi_of_a_guardrail_and_scenarios() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        for typed, holds in (
            ("with a discount", lambda: app.shell.session.kpi == "discount_share"),
            ("scenario keep", lambda: app.shell.open_id == "what_if" and app._notifications),
        ):
            await pilot.press("ctrl+p")
            await pilot.pause()
            app.screen.query_one(Input).value = typed if typed != "scenario keep" else "Keep the scenario"
            await pilot.pause(0.6)
            await pilot.press("enter")
            await wait_until(pilot, lambda holds=holds: app.screen is app.shell and holds())
        titles = [one.title for one in app.get_system_commands(app.screen)]
        assert "Screenshot" not in titles  # they have their own words: Export, Colour theme
        assert "Theme" not in titles


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.28), (70.8, 113.0), (-3.0, 1e9), (0.0, 1e-300), (-1e308, 7e307)])
def test_the_figures_beside_a_chart_are_round_and_evenly_apart(low: float, high: float) -> None:
    found = list_ticks(low, high, 4)
    assert 1 <= len(found) <= 4
    assert all(low <= one <= high for one in found)
    assert all(float(f"{one:.3g}") == one for one in found)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (132, 40), (200, 50)])
async def test_the_periods_below_a_chart_are_evenly_apart_and_end_with_that_looked_at(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        app.shell.open_detail("business_results", "qualified_interactions")
        await wait_until(pilot, lambda: "2026-10" in "".join(chart_rows(app)))
        named = [int(year) * 12 + int(month) for year, month in re.findall(r"(\d{4})-(\d\d)", chart_rows(app)[-2])]
        assert len(named) > 3
        assert len({after - before for before, after in pairwise(named)}) == 1
        assert named[-1] == 2026 * 12 + 10


@pytest.mark.parametrize(("breached", "judged"), [(True, False), (False, True), (True, True)])
def test_no_goal_is_called_steady_that_is_lowered_or_judged(breached: bool, judged: bool) -> None:
    said = signal_words(Signal.STEADY, breached, judged)
    assert said.startswith("results and drivers are green, but ")
    assert ("guardrail" in said, "judgement" in said) == (breached, judged)
    assert signal_words(Signal.WARNING, breached, judged) == signal_words(Signal.WARNING)
    assert signal_words(Signal.STEADY).startswith("steady: ")


async def test_a_goal_without_drivers_says_so() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        app.shell.open_detail("learn_tactics")
        await pilot.pause()
        assert "no drivers" in read(app, "#why")
        assert "coverage 0%" not in read(app, "#why")


async def test_the_chart_shows_values_target_limits_and_periods() -> None:
    app = make_app()
    async with app.run_test(size=(132, 50)) as pilot:
        app.shell.open_detail("business_results", "qualified_interactions")
        await wait_until(pilot, lambda: "usual range" in "\n".join(chart_rows(app)))
        rows = chart_rows(app)
        text = "\n".join(rows)
        assert all(sign in text for sign in ("●", "◆", "▲", "╌", "┈", "2024-12", "2026-10"))
        assert "usual range" in text
        assert "outside it now, look why" in text
        ends = [row.rindex("●") for row in rows if "●" in row]
        assert max(ends) > 120
        before = text.count("●")
        await pilot.press("left_square_bracket", "left_square_bracket")
        await pilot.pause()
        assert "2026-08" in chart_rows(app)[-2]
        assert "\n".join(chart_rows(app)).count("●") == before - 2


def test_old_and_missing_values_have_their_own_marks(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "strategy: s\ngoals: {g: {perspective: customer, lagging: [{kpi: k, baseline: 0, target: 9,\n"
        "  values: {2026-05: 1, 2026-06: 2, 2026-10: 3}}]}}\n"
    )
    data = read_chart(open_path(str(tmp_path / "s.yaml"), TODAY).evaluations["s"], "k", 12)
    assert data
    assert [point.mark for point in data.points] == [
        Mark.OWN, Mark.OWN, Mark.STALE, Mark.MISSING, Mark.MISSING, Mark.OWN,
    ]  # fmt: skip
    assert data.limits is None
    assert data.low <= 1 < 9 <= data.high


async def test_a_kpi_without_values_or_with_words_has_a_chart_too(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(RULES)
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(80, 24)) as pilot:
        for kpi in app.evaluations["s"].strategy.kpis:
            app.shell.open_detail("g", kpi)
            await pilot.pause(0.05)
            expected = "no value in these periods" if kpi == "missing" else "2026-10"
            assert expected in "\n".join(chart_rows(app))


def test_natural_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    assert natural_limits([1.0, 2.0, None, 3.0, 4.0]) is None
    found = natural_limits([10.0, 12.0, None, 11.0, 13.0, 9.0])
    assert found
    assert found.mean == pytest.approx(11)
    assert (found.lower, found.upper) == (pytest.approx(11 - 2.66 * 9 / 4), pytest.approx(11 + 2.66 * 9 / 4))
    assert not found.holds(20)
    assert natural_limits([5.0] * 5) == Limits(5, 5, 5)


async def test_where_a_number_comes_from_is_answered_with_file_line_and_column() -> None:
    app = make_app()
    async with app.run_test(size=(132, 50)) as pilot:
        app.shell.open_detail("business_results", "lead_conversion")
        await wait_until(pilot, lambda: "Where this number comes from" in read(app, "#sources"))
        said = read(app, "#sources").replace("\n  ", "")
        number = next(n for n, row in enumerate((EXAMPLE / "measurements.csv").read_text().splitlines(), 1)
                      if row.startswith("social_sales,2026-10,"))  # fmt: skip
        assert f"measurements.csv:{number}:" in said
        assert "Social leads" in said


async def test_on_80_columns_the_parts_stand_below_each_other() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.shell.open_detail("engaging_content")
        await pilot.pause()
        left, right = app.screen.query_one("#left").region, app.screen.query_one("#right").region
        assert left.width == right.width >= 76
        assert right.y >= left.bottom
        await pilot.press("pagedown")
        await pilot.pause(0.3)
        assert app.screen.query_one("#page").scroll_y > 0


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("press", [["down", "down", "right", "3"], ["2", "down", "down", "enter"]], ids=["goal", "kpi"])
def test_the_detail_looks_as_it_did(snap_compare, size: tuple[int, int], theme: str, press: list[str]) -> None:
    async def settle(pilot) -> None:
        app = pilot.app
        await pilot.pause()
        await pilot.press(*press)
        await wait_until(pilot, lambda: app.shell.open_id == "detail")
        if app.shell.session.kpi:
            await wait_until(pilot, lambda: "Where this number" in read(app, "#sources"))
            app.screen.query_one("#sources", Static).display = False  # its path differs from machine to machine
        await pilot.pause()

    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=settle)


def test_the_detail_without_colour_looks_as_it_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(100, 30), press=["down", "down", "3"])
