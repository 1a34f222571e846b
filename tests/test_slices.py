"""Slices: the same map for members of dimensions, by hand and against strategies that hold only those members' rows."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from command_line import run

from scorecard.api import Scorecard, load, read_report
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.histories import UnknownMember

CHAIN = """
    strategy: chain
    perspectives: {top: Top, base: Base}
    dimensions:
      region: [north, south]
      store: {members: [Oslo, Bergen, Rome, Bari], parent: region}
    goals:
      sell:
        perspective: top
        lagging:
          - {kpi: sales, aggregate: sum, unit: EUR, baseline: 100, target: 400}
          - {kpi: rate, formula: won / asked, unit: "%", baseline: 0, target: 50%}
        leading: [{goal: please}]
        guardrails: [{kpi: returns, max: 10}, {kpi: rate, min: 25%}]
        override: {status: red, why: Seen by us}
      please: {perspective: base, lagging: [{kpi: mood, baseline: 0, target: 10}], initiatives: []}
      learn: {perspective: base, initiatives: [{initiative: course, progress: 30%}]}
    metrics: {won: {aggregate: sum}, asked: {aggregate: sum}, returns: {aggregate: sum}}
    data: [rows.csv]
"""
ROWS = """
    kpi,period,region,store,value,target
    sales,2026-01,north,Oslo,50,80
    sales,2026-01,north,Bergen,90,120
    sales,2026-01,south,Rome,70,
    won,2026-01,north,Oslo,1,
    asked,2026-01,north,Oslo,10,
    won,2026-01,north,Bergen,20,
    asked,2026-01,north,Bergen,40,
    mood,2026-01,north,Oslo,4,8
    mood,2026-01,north,Bergen,8,
    mood,2026-01,south,Rome,9,
    returns,2026-01,north,Oslo,30,
    mood,2026-01,,,6,
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text).lstrip(), encoding="utf-8")
    return folder


@pytest.fixture
def chain(tmp_path: Path) -> Scorecard:
    return load(write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS}))


def scores(evaluation: Evaluation) -> dict[str, float | None]:
    return {kpi.id: kpi.score for kpi in evaluation.kpis}


def test_a_region_is_its_stores_combined_and_a_rate_sums_over_sums(chain: Scorecard) -> None:
    north = chain.evaluate(where={"region": "north"})
    assert {kpi.id: kpi.value for kpi in north.kpis} == {"sales": 140, "rate": 21 / 50, "mood": 6}
    assert str(north.period) == "2026-01"
    assert dict(north.members) == {"region": "north"}


def test_what_adds_up_is_held_against_its_own_target_in_proportion(chain: Scorecard) -> None:
    # the file's 100 to 400 become 50 to 200 for a target of 200: that of both stores together
    north = chain.evaluate(where={"region": "north"}).kpi("sales")
    assert (north.target, north.score, north.progress) == (200, pytest.approx(0.6), pytest.approx(0.6))
    oslo = chain.evaluate(where={"store": "Oslo"}).kpi("sales")
    assert (oslo.target, oslo.score) == (80, pytest.approx((50 - 20) / (80 - 20)))


def test_what_adds_up_has_no_score_without_a_target_of_its_own(chain: Scorecard) -> None:
    rome = chain.evaluate(where={"store": "Rome"})
    sales = rome.kpi("sales")
    assert (sales.value, sales.target, sales.score) == (70, None, None)
    assert sales.reason == "its target is for all members together"
    assert rome.goal("sell").lagging.coverage == 0


def test_a_target_of_its_own_counts_where_every_member_with_a_value_has_one(chain: Scorecard) -> None:
    assert chain.evaluate(where={"store": "Oslo"}).kpi("mood").target == 8
    assert chain.evaluate(where={"region": "north"}).kpi("mood").target == 10
    assert chain.evaluate(where={"region": "north"}).kpi("sales").target == 200


def test_a_total_belongs_to_no_slice_and_a_member_without_rows_is_unknown(chain: Scorecard) -> None:
    assert chain.evaluate().kpi("mood").value == 6
    bari = chain.evaluate(where={"store": "Bari"})
    assert [kpi.value for kpi in bari.kpis] == [None, None, None]
    assert bari.kpi("mood").reason == "no value of its own"


def test_judgements_and_limits_of_the_whole_are_not_held_against_a_slice(chain: Scorecard) -> None:
    assert chain.evaluate().goal("sell").override is not None
    oslo = chain.evaluate(where={"store": "Oslo"}).goal("sell")
    assert oslo.override is None
    assert oslo.guardrails_breached == ("rate",)  # 10% is below 25%; the returns of all stores together are limited
    assert chain.evaluate(where={"store": "Oslo"}).goal("learn").lagging.score == 0.3


def test_all_members_at_once_are_each_one_alone(chain: Scorecard) -> None:
    sliced = chain.evaluate_by("store")
    assert [dict(part) for part in sliced.slices] == [{"store": name} for name in ("Oslo", "Bergen", "Rome", "Bari")]
    for number, part in enumerate(sliced.slices):
        one, alone = sliced.part(number), chain.evaluate(where=part)
        assert one.goals == alone.goals
        assert one.kpis == alone.kpis
        assert one.perspectives == alone.perspectives
        assert one.index == alone.index
        assert (
            np.isnan(sliced.index()[0][number])
            if one.index.score is None
            else sliced.index()[0][number] == one.index.score
        )


def test_members_inside_members(chain: Scorecard) -> None:
    sliced = chain.evaluate_by("store", where={"region": "North"})
    assert [dict(part) for part in sliced.slices] == [{"region": "north", "store": name} for name in ("Oslo", "Bergen")]


def test_members_that_say_whom_they_belong_to(tmp_path: Path) -> None:
    text = CHAIN.replace(
        "members: [Oslo, Bergen, Rome, Bari]", "members: {Oslo: north, Bergen: North, Rome: south, Bari: south}"
    )
    rows = ROWS.replace("region,store", "store").replace(",north,", ",").replace(",south,", ",").replace(",,,6", ",,6")
    chain = load(write(tmp_path, {"s.yaml": text, "rows.csv": rows}))
    assert [finding.code for finding in chain.findings] == ["S308"]  # the total is not the mean of its members
    assert chain.evaluate(where={"region": "north"}).kpi("sales").value == 140
    sliced = chain.evaluate_by("store", where={"region": "south"})
    assert [part["store"] for part in sliced.slices] == ["Rome", "Bari"]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ("{members: {Oslo: nort}, parent: region}", "'nort' is no member of 'region'"),
        ("{members: {Oslo: north}}", "the members of 'store' say whom they belong to, but 'store' has no parent"),
    ],
)
def test_members_that_belong_to_nobody(members: str, message: str, tmp_path: Path) -> None:
    text = CHAIN.replace("{members: [Oslo, Bergen, Rome, Bari], parent: region}", members)
    write(tmp_path, {"s.yaml": text, "rows.csv": "kpi,period,value\n"})
    found = [finding for finding in read_report(str(tmp_path)).findings if finding.code == "S242"]
    assert [finding.message for finding in found] == [message]
    assert found[0].place.line == 5


@pytest.mark.parametrize(
    ("where", "hint"),
    [({"regoin": "north"}, "did you mean 'region'?"), ({"region": "nort"}, "did you mean 'north'?")],
)
def test_an_unknown_member_is_said(where: dict[str, str], hint: str, chain: Scorecard) -> None:
    with pytest.raises(UnknownMember) as caught:
        chain.evaluate(where=where)
    assert caught.value.hint == hint


def test_a_slice_is_the_strategy_with_only_its_rows(tmp_path: Path) -> None:
    """Carrying forward, finer values, formulas over time and targets: as if the others' rows were not there."""
    text = """
        strategy: s
        perspectives: {p: P}
        {dimensions}
        goals:
          g: {perspective: p, lagging: [level, pace, worst], leading: [share]}
        kpis:
          level: {baseline: 0, target: {2026-01: 5, 2026-12: 9}}
          pace: {formula: "growth(level) + rolling_mean(share, 2)", baseline: 0, target: 1}
          worst: {across: min, interval: week, aggregate: max, baseline: 9, target: 1}
          share: {formula: part / whole_, scale: {0: 0, 1: 1}}
        metrics: {part: {aggregate: sum, interval: week}, whole_: {aggregate: sum, interval: week}}
        data: [rows.csv]
    """
    rng = np.random.default_rng(7)
    months = [("level", f"2026-0{month}", 0.7) for month in range(1, 8)]
    weeks = [(name, f"2026-W{week:02}", 0.8) for week in range(1, 30) for name in ("worst", "part", "whole_")]
    lines = [
        (f"{name},{period}", shop, rng.integers(1, 9))
        for shop in "ab"
        for name, period, often in (*months, *weeks)
        if rng.random() < often
    ]
    both = "kpi,period,shop,value\n" + "".join(f"{key},{shop},{value}\n" for key, shop, value in lines)
    whole = load(
        write(
            tmp_path / "both", {"s.yaml": text.replace("{dimensions}", "dimensions: {shop: [a, b]}"), "rows.csv": both}
        )
    )
    sliced = whole.evaluate_by("shop", "2026-07", periods=7)
    for number, shop in enumerate("ab"):
        own = "kpi,period,value\n" + "".join(f"{key},{value}\n" for key, one, value in lines if one == shop)
        alone = load(write(tmp_path / shop, {"s.yaml": text.replace("{dimensions}", ""), "rows.csv": own}))
        expected, found = alone.evaluate("2026-07", periods=7), sliced.part(number)
        for period in expected.periods:
            assert found.at(period).kpis == [
                kpi if kpi.reason != "no value" else pytest.fail("every figure has a value")
                for kpi in expected.at(period).kpis
            ]
            assert found.at(period).goals == expected.at(period).goals


def test_linked_strategies_are_sliced_too_where_they_have_the_member(tmp_path: Path) -> None:
    head = "perspectives: {p: P}\ndata: [rows.csv]\ngoals:\n"
    shops = f"dimensions: {{shop: [a, b]}}\n{head}"
    goal = "  h: {perspective: p, lagging: [{kpi: k, baseline: 0, target: 10}]}\n"
    files = {
        "top/s.yaml": f"strategy: top\n{shops}  g: {{perspective: p, leading: [{{goal: low/h}}, {{goal: flat/h}}]}}\n",
        "low/s.yaml": f"strategy: low\n{shops}{goal}",
        "flat/s.yaml": f"strategy: flat\n{head}{goal}",
        "top/rows.csv": "kpi,period,value\n",
        "low/rows.csv": "kpi,period,shop,value\nk,2026-01,a,2\nk,2026-01,b,6\n",
        "flat/rows.csv": "kpi,period,value\nk,2026-01,10\n",
    }
    top = read_report(str(write(tmp_path, files))).scorecards["top"]
    sliced = top.evaluate_by("shop", "2026-01")
    assert [sliced.part(n).goal("g").leading.score for n in range(2)] == [pytest.approx(0.6), pytest.approx(0.8)]
    assert sliced.part(0).linked("low/h")[1].score == pytest.approx(0.2)


def test_the_command_shows_members_worst_first(tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    lines = run("show", str(tmp_path), "--by", "store").stdout.splitlines()
    assert lines[0] == "Chain · 2026-01 · by store"
    members = [line.split()[0] for line in lines if line[:1].isalpha() and "%" in line]
    assert members == ["all", "Bari", "Oslo", "Rome", "Bergen"]  # of Bari only the initiatives of all are known
    shown = json.loads(run("show", str(tmp_path), "--by", "store", "--where", "region=north", "--json").stdout)
    assert [member["member"] for member in shown["members"]] == ["Oslo", "Bergen"]
    assert shown["where"] == {"region": "north"}
    one = json.loads(run("show", str(tmp_path), "--where", "store=Oslo", "--json").stdout)
    assert one["where"] == {"store": "Oslo"}
    assert shown["members"][0]["score"] == pytest.approx(one["index"]["score"])


def test_the_command_shows_one_kpi_or_goal_by_members(tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    shown = json.loads(run("show", str(tmp_path), "--by", "store", "--kpi", "mood", "--json").stdout)
    assert [(one["member"], one["value"]) for one in shown["members"]] == [
        ("Oslo", 4),
        ("Bergen", 8),
        ("Rome", 9),
        ("Bari", None),
    ]
    goal = json.loads(run("show", str(tmp_path), "--by", "region", "--goal", "sell", "--json").stdout)
    assert goal["columns"] == ["sales", "rate"]
    assert "Mood" in run("why", str(tmp_path), "please", "--by", "store").stdout


def test_export_writes_a_file_for_each_member(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "s.yaml": CHAIN.replace("Oslo", "'../Oslo [1]'"),
            "rows.csv": "kpi,period,value\n",
        },
    )
    run("export", str(tmp_path), "-o", str(tmp_path / "out.mmd"), "--by", "store", "--period", "2026-01")
    assert sorted(path.name for path in tmp_path.glob("*.mmd")) == [
        "out-Bari.mmd",
        "out-Bergen.mmd",
        "out-Oslo_1.mmd",
        "out-Rome.mmd",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--where", "region"], "'region' says no member"),
        (["--where", "region=north", "--where", "region=south"], "two members of 'region' are asked for"),
        (["--by", "shop"], "there is no dimension 'shop'"),
        (["--where", "store=Paris"], "'Paris' is no member of 'store'"),
    ],
)
def test_wrong_members_end_the_command(words: list[str], message: str, tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    done = run("show", str(tmp_path), *words)
    assert (done.exit_code, message in done.stderr) == (2, True)


def test_stale_says_which_members_have_not_reported(tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": f"{dedent(ROWS).strip()}\nsales,2026-02,north,Oslo,60,80\n"})
    done = run("stale", str(tmp_path), "--by", "store", "--today", "2026-03-10", "--json")
    members = json.loads(done.stdout)["members"]
    found = {one["member"]: {figure["id"]: figure["state"] for figure in one["figures"]} for one in members}
    assert found["Oslo"]["sales"] == "fresh"
    assert found["Bergen"]["sales"] == "due"
    assert found["Bari"]["sales"] == "never"
    inside = run("stale", str(tmp_path), "--by", "store", "--where", "region=south", "--today", "2026-05-10")
    assert inside.exit_code == 1  # overdue
    assert "Rome" in inside.stdout
    assert "Oslo" not in inside.stdout


def test_the_dimension_asked_for_names_the_member_in_whatever_order(chain: Scorecard) -> None:
    sliced = chain.evaluate_by("store", where={"Store": "Oslo", "region": "north"})
    assert [list(part.items()) for part in sliced.slices] == [[("region", "north"), ("store", "Oslo")]]


def test_case_of_a_dimension_does_not_count_in_a_workspace(tmp_path: Path) -> None:
    write(tmp_path / "a", {"s.yaml": CHAIN, "rows.csv": ROWS})
    write(tmp_path / "b", {"s.yaml": "strategy: other\nperspectives: {p: P}\ngoals: {g: {perspective: p}}\n"})
    done = run("show", str(tmp_path), "--where", "Region=north", "--json")
    assert [one["strategy"] for one in json.loads(done.stdout)["strategies"]] == ["chain"]
    stale = run("stale", str(tmp_path), "--strategy", "chain", "--by", "store", "--today", "2026-02-10", "--json")
    assert {one["member"] for one in json.loads(stale.stdout)["members"]} == {"Oslo", "Bergen", "Rome", "Bari"}
