"""Who recorded this number? Every statement on it, from all sources, the newest first."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorecard import load
from scorecard.cli.app import app
from scorecard.model.finding import Place
from scorecard.store import recorded
from scorecard.store.provenance import Provenance, find_provenance

SHOP = """
strategy: shop
perspectives: {people: People}
data: [rows.csv, more.csv]
dimensions: {store: [munich, berlin]}
goals:
  regulars:
    perspective: people
    lagging:
      - {kpi: visits, values: {2026-08: 1}}
      - {kpi: mood, levels: {good: 1, bad: 0}}
      - {kpi: per_head, formula: till / visits}
metrics: {till: {aggregate: sum}}
"""
FILES = {
    "rows.csv": "kpi,period,value\nvisits,2026-08,2\nvisits,2026-08-03,9\nmood,2026-08,bad\n",
    "more.csv": "kpi,period,value,store\nvisits,2026-08,3,\ntill,2026-08,10,berlin\ntill,2026-08,20,munich\n",
    "list.csv": "kpi,period,value,target\nvisits,2026-08,4,5\nvisits,2026-09,5,\n",
}


@pytest.fixture(params=["log", "packed copy"])
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    if request.param == "packed copy":
        monkeypatch.setattr(recorded, "PACKED_FROM", 1)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "strategy.yaml").write_text(SHOP, encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORECARD_BY", "Ann")
    return folder


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def find(shop: Path, kpi: str, period: str = "2026-08") -> tuple[Provenance, ...]:
    card = load("shop")
    return find_provenance(card, kpi, card.read_period(period))


def test_what_is_newest_comes_first_and_one_counts(shop: Path) -> None:
    run("import", "shop", "shop/list.csv", "--by", "Bob", "--note", "from the till", "--yes")
    run("record", "shop", "visits=6", "-p", "2026-08", "--note", "recount")
    found = [one for one in find(shop, "visits") if str(one.period) == "2026-08"]
    assert [(one.value, one.counts, one.row, one.by, one.note, one.corrects) for one in found] == [
        (6.0, True, 2, "Ann", "recount", 1),
        (4.0, False, 1, "Bob", "from the till", None),
        (3.0, False, None, "", "", None),
        (2.0, False, None, "", "", None),
        (1.0, False, None, "", "", None),
    ]
    assert [str(one.place) for one in found] == [
        "shop/scorecard.sqlite:2:1",
        "shop/scorecard.sqlite:1:1",
        "shop/more.csv:2:16",
        "shop/rows.csv:2:16",
        "shop/strategy.yaml:10:41",
    ]
    assert found[1].origin == Place("shop/list.csv", 2, 16)
    assert found[1].target == 5.0
    assert found[0].recorded_at.endswith("Z")


def test_a_withdrawal_lets_the_file_count_again(shop: Path) -> None:
    run("record", "shop", "visits=6", "-p", "2026-08")
    run("record", "shop", "visits=", "-p", "2026-08")
    found = [one for one in find(shop, "visits") if str(one.period) == "2026-08"]
    assert [(one.value, one.counts) for one in found][:3] == [(None, False), (6.0, False), (3.0, True)]
    assert found[0].corrects == 1


def test_finer_values_and_members_are_all_there_in_the_order_of_the_strategy(shop: Path) -> None:
    assert [(str(one.period), one.value) for one in find(shop, "visits") if one.counts] == [
        ("2026-08-03", 9.0),
        ("2026-08", 3.0),
    ]
    assert [(one.members, one.value) for one in find(shop, "till")] == [(("munich",), 20.0), (("berlin",), 10.0)]


def test_a_formula_has_the_statements_of_its_figures(shop: Path) -> None:
    found = find(shop, "per_head")
    assert {one.kpi for one in found} == {"till", "visits"}
    assert [one for one in found if one.kpi == "till"] == list(find(shop, "till"))


def test_words_are_words(shop: Path) -> None:
    run("record", "shop", "mood=good", "-p", "2026-08")
    assert [one.value for one in find(shop, "mood")] == ["good", "bad"]


def test_nothing_is_nothing(shop: Path) -> None:
    assert find(shop, "visits", "2020-01") == ()


def test_the_log_says_which_file_a_value_comes_from(shop: Path) -> None:
    text = run("log", "shop", "visits", "-p", "2026-08")
    assert "nothing of it is on record in the store" in text
    assert "shop/more.csv:2:16: Visits 2026-08 = 3\n" in text
    assert "shop/rows.csv:2:16: Visits 2026-08 = 2 (does not count: a later one does)\n" in text
    assert "nothing is on record" in run("log", "shop", "visits", "-p", "2020-01")
