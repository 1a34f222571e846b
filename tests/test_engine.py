"""The evaluation in an engine is the evaluation: DuckDB and a real PostgreSQL against numpy, within 1e-9."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from random_strategies import make
from test_database import SECRET
from test_database import postgres as postgres_server  # noqa: F401  (a fixture)
from test_imports import loaded_by
from test_slices import CHAIN, ROWS, write

from scorecard.api import Scorecard, load, load_workspace
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.sliced import Sliced
from scorecard.engine.connection import Engine
from scorecard.engine.fault import EngineError
from scorecard.engine.reading import gather
from scorecard.engine.run import Answer, Asked
from scorecard.engine.run import run as run_in

CASES = Path(__file__).parent / "conformance"
NAMES = sorted(path.parent.name for path in CASES.glob("*/expected.json"))
SAMPLE = ["dimensions", "formula_edges", "moving_targets", "outlook_chain", "ratios", "scoring_rules", "time_and_carry"]
NUMBERS = ("lagging", "lagging_coverage", "leading", "leading_coverage", "outlook", "outlook_coverage")


@pytest.fixture(scope="module")
def postgres(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgres_server"))


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_SHOP_PASSWORD", SECRET)


def in_engine(
    path: Path,
    address: str,
    card: Scorecard,
    period: str,
    periods: int = 1,
    where: Mapping[str, str] = {},
    by: str = "",
) -> Answer:
    with Engine(address) as engine:
        tasks = gather(str(path), engine).linked_with(card.strategy.id)
        return run_in(tasks, engine, Asked(card.read_period(period), periods, where, by or None))


def assert_same(
    path: Path,
    address: str,
    period: str,
    periods: int = 1,
    where: Mapping[str, str] = {},
    by: str = "",
    card: Scorecard | None = None,
) -> Answer:
    """Every number of every goal, and what is said of it, is that of numpy."""
    card = card or load(path)
    answer = in_engine(path, address, card, period, periods, where, by)
    ours = answer.sliced
    theirs = card.evaluate_by(by, period, periods, where) if by else card.evaluate(period, periods, where)
    for number, members in enumerate(ours.slices):
        expected = theirs.part(number) if isinstance(theirs, Sliced) else theirs
        found = ours.part(number)
        assert dict(expected.members) == dict(members)
        for of in NUMBERS:
            for goal in card.strategy.goals:
                pair = [_history(one, goal, of) for one in (found, expected)]
                np.testing.assert_allclose(*pair, rtol=0, atol=1e-9, err_msg=f"{of} of {goal} {dict(members)}")
        for at in expected.periods:
            assert _said(found.at(at)) == _said(expected.at(at))
    return answer


def _history(evaluation: Evaluation, goal: str, of: str) -> list[float]:
    return [np.nan if one is None else one for one in evaluation.goal_history(goal, of)]


def _said(evaluation: Evaluation) -> list[object]:
    return [
        (one.id, one.status, one.computed_status, one.signal, one.guardrails_breached, one.override, one.lagging.basis)
        for one in evaluation.goals
    ]


@pytest.mark.parametrize("name", NAMES)
def test_conformance_in_duckdb(name: str) -> None:
    period = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))["period"]
    assert_same(CASES / name, "duckdb", period)


@pytest.mark.parametrize("name", SAMPLE)
def test_conformance_in_postgresql(name: str, postgres: str) -> None:
    period = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))["period"]
    assert_same(CASES / name, postgres, period)


@pytest.mark.parametrize("seed", range(16))
def test_a_random_strategy_in_duckdb(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    assert_same(tmp_path, "duckdb", period, periods=3)
    for dimension in list(load(tmp_path).strategy.dimensions)[:1]:
        assert_same(tmp_path, "duckdb", period, by=dimension)


@pytest.mark.parametrize("seed", range(100, 108))
def test_a_random_strategy_in_postgresql(seed: int, postgres: str, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    assert_same(tmp_path, postgres, period, periods=2)


SLICES = [
    ("store", {}),
    ("region", {}),
    ("store", {"region": "north"}),
    ("", {"region": "south"}),
    ("", {"store": "Bari"}),
]


@pytest.mark.parametrize(("by", "where"), SLICES)
def test_slices_with_targets_of_their_own(by: str, where: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    assert_same(tmp_path, "duckdb", "2026-01", where=where, by=by)


def test_slices_in_postgresql(postgres: str, tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    assert_same(tmp_path, postgres, "2026-01", by="store")


EDGES = """
    strategy: edges
    perspectives: {p: P}
    goals:
      g:
        perspective: p
        lagging:
    {kpis}
    metrics:
      big: {{values: {{2026-01: 1e300, 2026-02: 1e308, 2026-03: 1.7e308}}}}
      tiny: {{values: {{2026-01: 1e-300, 2026-02: 1e-320, 2026-03: 5e-324}}}}
      minus: {{values: {{2026-01: -8, 2026-02: -0.5, 2026-03: -1}}}}
      zero: {{values: {{2026-01: 0, 2026-02: 0, 2026-03: 0}}}}
      some: {{values: {{2026-01: 2.675, 2026-02: 1.115, 2026-03: 0.125}}}}
      many: {{aggregate: sum, values: {{2026-01-01: 1e308, 2026-01-02: 1.7e308, 2026-02-01: 1e308, 2026-03-01: 3}}}}
"""
FORMULAS = [
    "big * big", "big + big", "-big - big", "big - big + some", "big / tiny", "tiny / big", "tiny * tiny", "1 / zero",
    "zero / zero", "minus ** 0.5", "minus ** 3", "zero ** -1", "zero ** 0", "big ** 2", "tiny ** 2", "2 ** (some * 1000)",
    "exp(big)", "exp(-big)", "exp(some)", "log(zero)", "log(minus)", "log(big)", "sqrt(minus)", "sqrt(some)", "abs(minus)",
    "round(some, 2)", "round(some * 10)", "round(-2.5)", "round(minus)", "round(big, -15)", "round(some, 15)",
    "rolling_sum(big, 2)", "rolling_mean(some, 3)", "ytd(some)", "prev(2)", "change(some)", "growth(zero)", "growth(some, 2)",
    "some if zero else minus", "zero and 1 / zero", "1 or 1 / zero", "not minus", "min(some, minus, zero)", "many",
    "clamp(some, 3, 1)", "minus < zero < some", "some != some", "prev(some) if minus < -0.6 else ytd(some)",
    "(" * 20 + "some" + " * 1.01 + 1)" * 20, " + ".join(["some"] * 120), "max(" * 15 + "some" + ", big / zero)" * 15,
    "some if minus > -1 else " * 12 + "zero", " and ".join(["some"] * 40), "rolling_sum(prev(some * 2) + 1, 2) / some",
]  # fmt: skip


def write_edges(folder: Path) -> None:
    """A KPI for each formula; its score says what the value is."""
    lines = [
        f'          - {{kpi: k{n}, formula: "{text}", baseline: -5, target: 9}}' for n, text in enumerate(FORMULAS)
    ]
    goals = "".join(f"      g{n}: {{perspective: p, lagging: [k{n}]}}\n" for n in range(len(FORMULAS)))
    text = EDGES.replace("    {kpis}\n", "\n".join(lines) + "\n" + goals).replace("{{", "{").replace("}}", "}")
    write(folder, {"s.yaml": text})


def test_what_overflows_or_is_not_real_is_unknown(tmp_path: Path) -> None:
    write_edges(tmp_path)
    assert_same(tmp_path, "duckdb", "2026-02")


def test_postgresql_does_not_stop_at_an_overflow(postgres: str, tmp_path: Path) -> None:
    write_edges(tmp_path)
    assert_same(tmp_path, postgres, "2026-03", periods=3)


def test_strategies_of_a_workspace_are_computed_together(tmp_path: Path) -> None:
    one = """
        strategy: one
        perspectives: {p: P}
        goals:
          top: {perspective: p, lagging: [{kpi: a, baseline: 0, target: 10, values: {2026-01: 4}}], leading: [{goal: two/low}]}
    """
    two = """
        strategy: two
        perspectives: {p: P}
        goals: {low: {perspective: p, lagging: [{kpi: a, baseline: 0, target: 10, values: {2026-01: 9}}]}}
    """
    write(tmp_path, {"one/s.yaml": one, "two/s.yaml": two})
    cards = load_workspace(tmp_path)
    answer = assert_same(tmp_path, "duckdb", "2026-01", card=cards["one"])
    assert answer.sliced.part(0).goal("top").leading.score == pytest.approx(0.9)
    assert_same(tmp_path, "duckdb", "2026-01", card=cards["two"])


def test_the_command_prints_what_it_prints_without_an_engine(tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    plain, own = (run("show", tmp_path, "--json", *more) for more in ((), ("--engine", "duckdb")))
    expected, found = json.loads(plain.stdout), json.loads(own.stdout)
    del expected["kpis"]
    assert list(found) == list(expected)
    assert [one["id"] for one in found["goals"]] == ["sell", "please", "learn"]
    assert found == expected
    heat, own_heat = (run("show", tmp_path, "--by", "store", *more).stdout for more in ((), ("--engine", "duckdb")))
    assert heat == own_heat
    assert "Oslo" in heat
    table = run("show", tmp_path, "--engine", "duckdb").stdout
    assert "Sell" in table
    assert "sales" not in table.casefold()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--engine", "nowhere"], "does not say which kind of database"),
        (["--engine", "postgresql://ada:geheim@db/shop"], "SCORECARD_PASSWORD"),
        (["--engine", "postgresql://ada@/shop?host=/nowhere"], "the engine says"),
        (["--engine", "duckdb", "--kpi", "sales"], "goals back, not KPIs"),
        (["--engine", "duckdb", "--goal", "nothing"], "there is no goal"),
        (["--engine", "duckdb", "--strategy", "nothing"], "there is no strategy"),
        (["--engine", "duckdb", "--by", "shop"], "there is no dimension"),
        (["--engine", "duckdb", "--period", "2026"], "is a year"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(more: list[str], said: str, tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    ended = run("show", tmp_path, *more)
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "geheim" not in ended.stderr


def test_nothing_of_an_engine_is_loaded_without_one(tmp_path: Path) -> None:
    write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})
    assert not loaded_by(tmp_path, "show", str(tmp_path)) & {"ibis", "duckdb", "sqlglot", "pyarrow", "psycopg"}
    assert {"ibis", "duckdb"} <= loaded_by(tmp_path, "show", str(tmp_path), "--engine", "duckdb")


THERE = """
    strategy: shop
    perspectives: {{p: P}}
    dimensions: {{store: [Oslo, "Bergen; drop table x"]}}
    goals:
      sell:
        perspective: p
        lagging:
          - {{kpi: sales, name: "Net ""sales"" %s", aggregate: sum, baseline: 0, target: 100, values: {{2025-12: 4}}}}
          - {{kpi: mood, baseline: 0, target: 10}}
          - {{kpi: rate, formula: "mood / sales", baseline: 0, target: 1}}
    data:
      - first.csv
      - {{connect: "{address}", table: shop.facts}}
      - last.csv
"""


def test_rows_stay_where_they_are(postgres: str, tmp_path: Path) -> None:
    import psycopg

    rows = [
        ("SALES", "2026-01-10", "Oslo", 10.0, None),
        ('net "sales" %s', "2026-01-11", " oslo ", 20.0, None),
        ("sales", "2026-01-12", "Bergen; drop table x", 7.0, 50.0),
        ("mood", "2026-01-31", None, 6.0, None),
        ("mood", "2026-02-28", "Oslo", 3.0, None),
        ("mood", "2026-02-28", "Rome", 99.0, None),  # left out, as the intake does
        ("nothing", "2026-02-28", "Oslo", 99.0, None),
        ("rate", "2026-02-28", "Oslo", 99.0, None),
        ("sales", "2026-02-27", "Oslo", float("nan"), None),
        ("sales", "2026-02-26", "Oslo", 8.0, None),
        ("sales", "2026-02-26", "Oslo", 9.0, None),
    ]
    folder = postgres.partition("host=")[2]
    with psycopg.connect(host=folder, user="ada", password=SECRET, dbname="postgres") as connection:
        connection.execute("create schema shop")
        connection.execute(
            'create table shop.facts (kpi text, period date, "Store" text, value double precision, target numeric)'
        )
        connection.cursor().executemany("insert into shop.facts values (%s, %s, %s, %s, %s)", rows)
    first = "kpi,period,store,value\nmood,2026-01-31,,1\nmood,2026-03,Oslo,5\n"
    last = 'kpi,period,store,value\nmood,2026-02-28,Oslo,4\nsales,2026-03-01,"Bergen; drop table x",1\n'
    text = THERE.format(address=postgres)
    write(tmp_path, {"s.yaml": text.replace('""sales""', '\\"sales\\"'), "first.csv": first, "last.csv": last})
    for by in ("", "store"):
        answer = assert_same(tmp_path, postgres, "2026-03", periods=4, by=by)
        assert answer.sliced.part(0).goal("sell").lagging.score is not None
    assert [remark.partition(" ")[0] for remark in answer.remarks] == ["3", "1", "1"]
    shown = run("show", tmp_path, "--engine", postgres, "--json")
    assert json.loads(shown.stdout)["period"] == "2026-03"
    assert "3 rows of 'shop.facts' name no known KPI, period or member" in shown.stderr


def test_a_table_that_an_engine_cannot_take(postgres: str, tmp_path: Path) -> None:
    import psycopg

    folder = postgres.partition("host=")[2]
    with psycopg.connect(host=folder, user="ada", password=SECRET, dbname="postgres") as connection:
        connection.execute("create table texts (kpi text, period text, value text)")
        connection.execute('create table wide (kpi text, "2026-01" text)')
    for table, said in (("texts", "holds no numbers"), ("wide", "has no column 'period'"), ("none", "the engine says")):
        text = THERE.format(address=postgres).replace("shop.facts", table).replace("first.csv", "last.csv")
        write(tmp_path, {"s.yaml": text.replace('""sales""', "sales"), "last.csv": "kpi,period,value\n"})
        with Engine(postgres) as engine, pytest.raises(EngineError, match=said):
            run_in(gather(str(tmp_path), engine).linked_with("shop"), engine, Asked())
