"""The bakeries and their academy: the story of the example, by hand from its files, and the page that walks through it."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import make_bakery_data
import pytest
from command_line import run
from pages import ROOT, read_blocks
from test_docs import pattern_of

from scorecard.api import Scorecard, load, load_workspace, read_report
from scorecard.compute.evaluation import Evaluation

STRATEGIES = ROOT / "strategies"
BAKERIES, ACADEMY = STRATEGIES / "bakeries", STRATEGIES / "bakery_academy"
PAGE = ROOT / "docs" / "dimensions.md"
VALLEY = {"Mill Lane", "Weir", "Orchard", "River Bend", "Meadow Way", "Lower Bridge", "Poplar Street", "Valley Station"}
COAST = {name for name, region in make_bakery_data.REGION_OF.items() if region == "Coast"}
LAST_YEAR = [*(f"2025-{month}" for month in (11, 12)), *(f"2026-{month:02}" for month in range(1, 11))]
Figures = dict[tuple[str, str, str], float]


@pytest.fixture(scope="module")
def workspace() -> dict[str, Scorecard]:
    return load_workspace(STRATEGIES)


@pytest.fixture(scope="module")
def bakeries(workspace: dict[str, Scorecard]) -> Scorecard:
    return workspace["bakeries"]


@pytest.fixture(scope="module")
def regions(bakeries: Scorecard) -> dict[str, Evaluation]:
    sliced = bakeries.evaluate_by("region", "2026-10")
    return {part["region"]: sliced.part(number) for number, part in enumerate(sliced.slices)}


@pytest.fixture(scope="module")
def reported() -> Figures:
    """What the shops reported, by figure, month and shop."""
    return read_figures(BAKERIES.glob("stores_*.csv"), "value")


def read_figures(paths: Iterable[Path], column: str) -> Figures:
    found = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[row["kpi"], row["period"], row["store"]] = float(row[column])
    return found


def total(figures: Figures, name: str, stores: set[str] | None = None, month: str = "2026-10") -> float:
    return sum(
        value
        for (kpi, period, store), value in figures.items()
        if (kpi, period) == (name, month) and (stores is None or store in stores)
    )


# The files


@pytest.mark.parametrize("name", sorted(make_bakery_data.make_files()))
def test_the_figures_are_what_the_script_writes(name: str) -> None:
    assert (STRATEGIES / name).read_text(encoding="utf-8") == make_bakery_data.make_files()[name]


def test_no_finding_is_left_where_the_folder_of_both_is_named() -> None:
    findings = read_report(str(STRATEGIES), method=True).findings
    own = [one for one in findings if Path(one.place.file).parent in (BAKERIES, ACADEMY)]
    assert [one.code for one in own] == ["S341"]
    assert "Ferry Landing" in own[0].message  # the one that has stopped reporting


def test_alone_only_the_link_to_the_academy_is_missed() -> None:
    assert [finding.code for finding in read_report(str(BAKERIES), method=True).findings] == ["S341", "S244"]
    assert load(BAKERIES).evaluate("2026-10").goal("craft").leading.coverage == pytest.approx(1 / 3)


# By hand


def test_a_region_sells_what_its_stores_sell(
    bakeries: Scorecard, regions: dict[str, Evaluation], reported: Figures
) -> None:
    assert regions["Valley"].kpi("sales").value == total(reported, "sales", VALLEY)
    assert bakeries.evaluate("2026-10").kpi("sales").value == total(reported, "sales")


def test_a_rate_is_sums_over_sums(bakeries: Scorecard, regions: dict[str, Evaluation], reported: Figures) -> None:
    for part, stores in ((regions["Valley"], VALLEY), (bakeries.evaluate("2026-10"), None)):
        for rate, above, below in (
            ("availability", "shelves_full", "shelf_checks"),
            ("gross_margin", "margin", "sales"),
            ("certified_share", "certified", "employees"),
        ):
            expected = total(reported, above, stores) / total(reported, below, stores)
            assert part.kpi(rate).value == pytest.approx(expected, rel=1e-12), rate


def test_a_rate_over_twelve_months(regions: dict[str, Evaluation], reported: Figures) -> None:
    left = sum(total(reported, "leavers", VALLEY, month) for month in LAST_YEAR)
    there = sum(total(reported, "employees", VALLEY, month) for month in LAST_YEAR) / 12
    assert regions["Valley"].kpi("turnover").value == pytest.approx(left / there, rel=1e-12)


def test_the_target_of_a_region_is_that_of_its_stores(bakeries: Scorecard, regions: dict[str, Evaluation]) -> None:
    """The chain goes from 2.0 million to its target; the Valley from as large a part of its own to that."""
    targets = read_figures([BAKERIES / "sales_targets.csv"], "target")
    valley, target = regions["Valley"].kpi("sales"), total(targets, "sales", VALLEY)
    assert valley.target == target
    chain = bakeries.evaluate("2026-10").kpi("sales").target
    assert chain == pytest.approx(2_270_000 + 130_000 * 10 / 12)
    assert chain is not None
    assert valley.value is not None
    baseline = 2_000_000 * target / chain
    assert valley.score == pytest.approx((valley.value - baseline) / (target - baseline))


def test_what_only_the_chain_knows_is_unknown_in_a_region(bakeries: Scorecard, regions: dict[str, Evaluation]) -> None:
    for kpi in ("overhead_share", "recommendation"):
        assert bakeries.evaluate("2026-10").kpi(kpi).score is not None
        assert regions["Valley"].kpi(kpi).score is None
    assert regions["Valley"].goal("loyal_customers").lagging.coverage == pytest.approx(3 / 4)


# The story


def test_the_whole_is_green_and_the_valley_is_worst() -> None:
    shown = read_shown(BAKERIES, "--by", "region")
    assert [member["member"] for member in shown["members"]] == ["Valley", "City", "Hills", "Coast"]
    assert min(shown["all"].values()) > 2 / 3
    statuses = {column["id"]: column["status"] for column in shown["members"][0]["columns"]}
    assert {goal for goal, status in statuses.items() if status == "red"} == {"full_shelves", "loyal_customers"}
    assert shown["members"][1]["columns"][4]["status"] == "green"


def test_customers_follow_the_shelves_after_the_delay_that_is_written(bakeries: Scorecard) -> None:
    (link,) = (one for one in bakeries.strategy.goals["loyal_customers"].links if one.goal == "full_shelves")
    valley = {month: bakeries.evaluate(month, where={"region": "Valley"}) for month in LAST_YEAR}

    def falls(kpi: str) -> str:
        """The month of the deepest fall from one month to the next."""
        values = [valley[month].kpi(kpi).value or 0 for month in LAST_YEAR]
        return min(zip(LAST_YEAR[1:], values, values[1:], strict=False), key=lambda step: step[2] - step[1])[0]

    assert falls("on_time_deliveries") == falls("availability") == "2026-06"
    assert valley["2026-07"].goal("loyal_customers").status == "green"
    assert valley["2026-08"].goal("loyal_customers").status == "amber"
    assert LAST_YEAR.index("2026-08") - LAST_YEAR.index("2026-06") == link.delay


def test_a_store_that_has_stopped_reporting_is_stale(bakeries: Scorecard, regions: dict[str, Evaluation]) -> None:
    silent = bakeries.evaluate("2026-10", where={"store": "Ferry Landing"})
    sales = silent.kpi("sales")
    assert (str(sales.effective_period), sales.stale) == ("2026-09", True)
    assert silent.kpi("turnover").value is None
    targets = read_figures([BAKERIES / "sales_targets.csv"], "target")
    assert regions["Coast"].kpi("sales").target == total(targets, "sales", COAST - {"Ferry Landing"})


def test_a_figure_that_is_off_is_found_and_put_right(tmp_path: Path) -> None:
    shutil.copytree(BAKERIES, tmp_path / "bakeries")
    asked = tmp_path / "bakeries", "--by", "store", "--where", "region=Hills", "--kpi", "waste_rate"
    first, second = read_shown(*asked)["members"][:2]
    assert (first["member"], first["status"], second["status"]) == ("Castle Hill", "red", "amber")
    assert first["value"] > 1.8 * second["value"]
    words = "production=11610", "--period", "2026-10", "--where", "store=Castle Hill", "--by", "Castle Hill"
    assert run("record", tmp_path / "bakeries", *words).exit_code == 0
    assert "red" not in {member["status"] for member in read_shown(*asked)["members"]}


def test_the_academy_drives_a_goal_of_the_bakeries(workspace: dict[str, Scorecard]) -> None:
    craft = workspace["bakeries"].evaluate("2026-10").goal("craft")
    assert (craft.lagging.status, craft.leading.status, craft.signal) == ("green", "amber", "warning")
    assert workspace["bakery_academy"].evaluate("2026-10").goal("skilled_bakers").status == "amber"
    assert workspace["bakery_academy"].evaluate("2026-08").goal("skilled_bakers").status == "green"
    listed = json.loads(run("show", STRATEGIES, "--json").stdout)["strategies"]
    assert [one["strategy"] for one in listed] == ["bakeries", "bakery_academy", "social_media"]


def test_a_region_meets_the_same_region_of_the_academy(
    workspace: dict[str, Scorecard], regions: dict[str, Evaluation]
) -> None:
    valley = {"region": "Valley"}
    learners = workspace["bakery_academy"].evaluate("2026-10", where=valley).goal("skilled_bakers").lagging.score
    training = regions["Valley"].kpi("training_hours").score
    assert learners is not None
    assert training is not None
    assert regions["Valley"].goal("craft").leading.score == pytest.approx((2 * learners + training) / 3)
    of_all = workspace["bakery_academy"].evaluate("2026-10").goal("skilled_bakers").lagging.score
    store = workspace["bakeries"].evaluate("2026-10", where={"store": "Weir"})
    assert store.linked("bakery_academy/skilled_bakers")[1].score == of_all


def read_shown(*arguments: object) -> Any:
    done = run("show", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


# The page


def test_the_page_shows_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(STRATEGIES, tmp_path / "strategies")
    monkeypatch.chdir(tmp_path)
    blocks = [block for block in read_blocks(PAGE) if block.kind == "console"]
    assert blocks
    for block in blocks:
        for part in re.split(r"^\$ scorecard ", block.text, flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            done = run(*shlex.split(line), COLUMNS="100")
            assert re.fullmatch(pattern_of(shown), done.stdout), f"line {block.line}: {line}\n{done.output}"


def test_the_page_quotes_the_files() -> None:
    blocks = [block for block in read_blocks(PAGE) if block.file]
    assert {block.kind for block in blocks} == {"yaml", "csv"}
    for block in blocks:
        lines = (BAKERIES / block.file).read_text(encoding="utf-8").splitlines()
        for line in block.text.splitlines():
            assert line.partition(" #")[0].rstrip() in [one.partition(" #")[0].rstrip() for one in lines], line
