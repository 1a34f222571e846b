"""Scenarios as files: what is written is read again, faults have their places, and nobody's edit is overwritten."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from command_line import ROWS, SHOP, write_strategy
from random_strategies import make
from test_scenario import pick_changes

from scorecard.analysis.changes import Change, LinkChange, ProgressChange, TargetChange, ValueChange, WeightChange
from scorecard.analysis.scenario import Scenario
from scorecard.api import check, load, load_workspace
from scorecard.model.finding import Finding
from scorecard.parser.replacement import Refused
from scorecard.parser.scenario_file import (
    Shelf,
    find_shelf,
    list_scenarios,
    make_name,
    open_scenario,
    save_scenario,
    write_scenario,
)

TEXT = """\
note: "Two more people: is it worth it?"
values:
  margin: 18%
  returning: 9
targets:
  margin: 25%
weights:
  profit:
    margin: 0.5
links:
  profit:
    regulars: 4
    rush: off
"""
CHANGES: tuple[Change, ...] = (
    ValueChange("margin", 0.18),
    ValueChange("returning", 9.0),
    TargetChange("margin", 0.25),
    WeightChange("profit", "margin", 0.5),
    LinkChange("profit", "regulars", 4.0),
    LinkChange("profit", "rush", None),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_strategy(tmp_path / "shop", SHOP, ROWS)


def shelf_of(path: Path) -> Shelf:
    card = load(path)
    return find_shelf(card.name, card.folder, card.strategy)


def put(folder: Path, text: str, name: str = "more") -> None:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")


def places(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    return [(finding.code, finding.place.line, finding.place.column) for finding in findings]


def test_what_is_kept_is_read_again(folder: Path) -> None:
    shelf = shelf_of(folder)
    assert list_scenarios(shelf) == []
    new = open_scenario(shelf, "more")
    assert (new.scenario, new.hash) == (Scenario("more"), None)
    kept = save_scenario(shelf, new, Scenario("more", "Two more people: is it worth it?", CHANGES))
    assert (folder / "scenarios" / "more.yaml").read_text(encoding="utf-8") == TEXT
    assert kept == open_scenario(shelf, "more")
    assert kept.scenario == Scenario("more", "Two more people: is it worth it?", CHANGES)
    assert (kept.findings, kept.sound) == ((), True)
    assert list_scenarios(shelf) == ["more"]
    assert not [finding for finding in check(folder) if "scenarios" in finding.place.file]


@pytest.mark.parametrize("seed", range(40))
def test_any_scenario_is_read_as_it_was_written(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    make(seed, tmp_path)
    card = load(tmp_path)
    notes = ["", "~", "no", "a: b # c", '"quoted"', "two\nlines", "- 'x'", "größer 漢字 🎉", " spaces ", "{a: [b"]
    changes = pick_changes(card, rng)
    changes += [ValueChange(one, rng.uniform(-1, 1) * 10 ** rng.randint(-12, 30)) for one in card.strategy.metrics]
    scenario = Scenario("s", rng.choice(notes), title=rng.choice(notes).replace("\n", " ")).put(*changes)
    shelf = find_shelf(card.name, card.folder, card.strategy)
    kept = save_scenario(shelf, open_scenario(shelf, "s"), scenario)
    by_key = {change.key: change for change in scenario.changes}
    assert {change.key: change for change in kept.scenario.changes} == by_key
    assert (kept.scenario.note, kept.scenario.title) == (scenario.note, scenario.title)
    assert kept.findings == ()
    assert write_scenario(kept.scenario, card.strategy) == write_scenario(scenario, card.strategy)
    assert not kept.commented


def test_numbers_are_written_with_their_sign_and_to_the_last_digit(folder: Path) -> None:
    strategy = load(folder).strategy

    def line(change: Change) -> str:
        return write_scenario(Scenario(changes=(change,)), strategy).splitlines()[-1].strip()

    assert line(ValueChange("margin", 0.07)) == "margin: 7%"
    assert line(ValueChange("margin", 1 / 3)) == f"margin: {1 / 3!r}"
    assert line(ValueChange("returning", 12_000.0)) == "returning: 12000"
    assert line(ValueChange("returning", 1e300)) == "returning: 1e+300"
    assert line(ProgressChange("crm", 0.6)) == "crm: 60%"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("values: {margn: 1}\n", [("S250", 1, 10)]),
        ("values:\n  margin: lots\n", [("S205", 2, 11)]),
        ("values:\n  margin:\n", [("S204", 2, 3)]),
        ("values:\n  margin: [1, 2]\n", [("S201", 2, 11)]),
        ("values: margin\n", [("S201", 1, 9)]),
        ("vaules: {margin: 1}\n", [("S202", 1, 1)]),
        ("weights: {prfit: {margin: 1}}\n", [("S250", 1, 11)]),
        ("weights: {profit: {margin: -1}}\n", [("S211", 1, 28)]),
        ("weights: {profit: 2}\n", [("S201", 1, 19)]),
        ("links:\n  profit: {rush: of}\n", [("S205", 2, 18)]),
        ("note: [a]\n", [("S201", 1, 7)]),
        ("name: [a]\n", [("S201", 1, 7)]),
        ('name: "a\\nb"\n', [("S210", 1, 7)]),
        ("values: {margin: 1, margin: 2}\n", [("S110", 1, 10), ("S110", 1, 21)]),
        ("- values\n", [("S201", 1, 1)]),
        ("", [("S201", 1, 1)]),
        ("values: {margin: 18}\n", [("S310", 1, 18)]),
        ("targets: {margin: 5%, complaints: 4}\n", [("S233", 1, 19), ("S251", 1, 23)]),
    ],
)
def test_a_fault_has_its_place_and_a_check_finds_it(text: str, found: list[tuple[str, int, int]], folder: Path) -> None:
    put(folder, text)
    file = open_scenario(shelf_of(folder), "more")
    assert places(file.findings) == found
    checked = [finding for finding in check(folder) if "scenarios" in finding.place.file]
    assert checked == list(file.findings)
    assert {finding.place.file for finding in checked} == {f"{folder}/scenarios/more.yaml"}
    assert all(finding.hint for finding in checked)


def test_what_can_be_read_of_a_faulty_file_is_kept(folder: Path) -> None:
    put(folder, "values: {margin: 18%, returning: x}\nelse: 1\n")
    file = open_scenario(shelf_of(folder), "more")
    assert file.scenario.changes == (ValueChange("margin", 0.18),)
    assert not file.sound


def test_words_of_levels_are_texts(tmp_path: Path) -> None:
    text = SHOP.replace("kpis: {complaints: {}}", "kpis: {complaints: {}, mood: {levels: {no: 0, yes: 1}}}")
    folder = write_strategy(tmp_path / "shop", text, ROWS)
    put(folder, "values: {mood: no}\n")
    assert open_scenario(shelf_of(folder), "more").scenario.changes == (ValueChange("mood", "no"),)
    put(folder, "values: {mood: maybe}\n")
    assert places(open_scenario(shelf_of(folder), "more").findings) == [("S313", 1, 16)]


def test_another_s_edit_is_not_overwritten(folder: Path) -> None:
    shelf = shelf_of(folder)
    mine = save_scenario(shelf, open_scenario(shelf, "more"), Scenario("more", "", CHANGES[:1]))
    hers = save_scenario(shelf, open_scenario(shelf, "more"), Scenario("more", "hers", CHANGES))
    with pytest.raises(Refused, match="changed meanwhile"):
        save_scenario(shelf, mine, Scenario("more", "mine", CHANGES[:2]))
    assert open_scenario(shelf, "more") == hers
    late = open_scenario(shelf, "other")
    save_scenario(shelf, open_scenario(shelf, "other"), Scenario("other", "", CHANGES))
    with pytest.raises(Refused, match="changed meanwhile"):
        save_scenario(shelf, late, Scenario("other", "late", CHANGES))
    assert sorted(os.listdir(shelf.path)) == ["more.yaml", "other.yaml"]


def test_comments_are_not_lost(folder: Path) -> None:
    put(folder, "# asked by the board\nvalues: {margin: 18%}\n")
    shelf = shelf_of(folder)
    file = open_scenario(shelf, "more")
    with pytest.raises(Refused, match="holds comments"):
        save_scenario(shelf, file, Scenario("more", "", CHANGES))
    assert "# asked" in file.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "../more", "a/b", ".hidden", "Two people", "x" * 65, "a.b", "näh"])
def test_a_name_is_no_path(name: str, folder: Path) -> None:
    with pytest.raises(Refused, match="no name for a scenario"):
        open_scenario(shelf_of(folder), name)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Longer posts", "longer_posts"),
        ("two_more--people", "two_more--people"),
        ("  50 % off! ", "50_off"),
        ("Größere Beiträge", "grossere_beitrage"),
        ("../../etc", "etc"),
        ("-x-", "x"),
        ("日本 🎯", ""),
        ("a b" * 40, ("a_b" * 40)[:64]),
    ],
)
def test_a_file_is_named_after_what_people_call_it(title: str, name: str, folder: Path) -> None:
    assert make_name(title) == name
    if name:
        assert open_scenario(find_shelf(str(folder), folder, load(folder).strategy), name).hash is None


def test_nothing_outside_of_the_folder_is_read_or_written(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("values: {margin: 18%}\n", encoding="utf-8")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "more.yaml").symlink_to(secret)
    shelf = shelf_of(folder)
    with pytest.raises(Refused, match="leads out of the folder"):
        open_scenario(shelf, "more")
    assert [finding.code for finding in check(folder) if "scenarios" in finding.place.file] == ["S111"]
    (folder / "scenarios" / "more.yaml").unlink()
    (folder / "scenarios").rmdir()
    (folder / "scenarios").symlink_to(tmp_path)
    with pytest.raises(Refused, match="not a folder of the strategy"):
        open_scenario(shelf, "more")
    assert secret.read_text(encoding="utf-8") == "values: {margin: 18%}\n"


def test_signs_that_cannot_be_seen_are_refused(folder: Path) -> None:
    shelf = shelf_of(folder)
    with pytest.raises(Refused, match="U\\+202E"):
        save_scenario(shelf, open_scenario(shelf, "more"), Scenario("more", "a\u202eb", CHANGES))
    assert not shelf.path.exists()


def test_a_single_file_has_a_folder_of_its_own(folder: Path) -> None:
    shelf = shelf_of(folder / "strategy.yaml")
    save_scenario(shelf, open_scenario(shelf, "more"), Scenario("more", "", CHANGES))
    assert (folder / "strategy.scenarios" / "more.yaml").is_file()
    assert list_scenarios(shelf) == ["more"]
    assert load(folder).strategy.id == "shop"


@pytest.mark.parametrize("name", ["scenarios", "strategy.scenarios"])
def test_scenarios_are_no_part_of_a_strategy(name: str, folder: Path) -> None:
    """Not even where one looks like a strategy."""
    (folder / name).mkdir()
    (folder / name / "more.yaml").write_text("strategy: other\nvalues: {margin: 18%}\n", encoding="utf-8")
    (folder / name / "worse.yaml").write_text("values: [", encoding="utf-8")
    assert load(folder).strategy.id == "shop"
    found = [finding.code for finding in check(folder) if f"/{name}/" in finding.place.file]
    assert found == (["S202", "S101"] if name == "scenarios" else [])


def test_in_a_workspace_each_strategy_has_its_own(folder: Path) -> None:
    other = write_strategy(folder.parent / "other", SHOP.replace("strategy: shop", "strategy: other"), ROWS)
    put(folder, TEXT)
    put(other, "values: {margn: 1}\n")
    cards = load_workspace(folder.parent)
    assert set(cards) == {"shop", "other"}
    shelves = {name: find_shelf(card.name, card.folder, card.strategy) for name, card in cards.items()}
    assert open_scenario(shelves["shop"], "more").sound
    assert not open_scenario(shelves["other"], "more").sound
    assert [f.place.file for f in check(folder.parent) if f.code == "S250"] == [f"{other}/scenarios/more.yaml"]
