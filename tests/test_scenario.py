"""What if: a scenario is a strategy and data edited by hand and read again; levers and needed values are what they say."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference
import yaml
from command_line import ROWS, SHOP, SOCIAL_MEDIA, write_strategy, write_workspace
from random_strategies import make
from test_slices import CHAIN
from test_slices import ROWS as CHAIN_ROWS
from test_slices import write as write_files

from scorecard.analysis.changes import (
    Change,
    LinkChange,
    ProgressChange,
    TargetChange,
    ValueChange,
    WeightChange,
    find_faults,
)
from scorecard.analysis.explanation import Part, explain
from scorecard.analysis.inverse import find_need
from scorecard.analysis.levers import Levers, find_outlook, rank_levers
from scorecard.analysis.scenario import Scenario, ScenarioError, apply, list_effects
from scorecard.api import Scorecard, load, load_workspace
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.histories import read_history
from scorecard.compute.propagation import propagate
from scorecard.compute.sliced import evaluate
from scorecard.model.finding import Severity
from scorecard.model.period import Period
from scorecard.model.scoring import Levels, Linear, Reach
from scorecard.model.status import Status
from scorecard.render.json_result import result

SEEDS = range(24)
PARTS: tuple[Part, ...] = ("lagging", "leading", "outlook")


def make_random(seed: int, folder: Path) -> tuple[Scorecard, Evaluation]:
    period = make(seed, folder)
    card = load(folder)
    return card, card.evaluate(period, 3)


def pick_changes(card: Scorecard, rng: random.Random) -> list[Change]:
    """Some changes that are possible and do something, by kind."""
    strategy = card.strategy
    changes: list[Change] = []
    figures = [one for one in (*strategy.kpis.values(), *strategy.metrics.values()) if one.formula is None]
    for measure in rng.sample(figures, min(3, len(figures))):
        levels = getattr(measure, "levels", None)
        value = rng.choice(list(levels)) if levels else rng.randint(-40, 400) / 16
        changes.append(ValueChange(measure.id, value))
    changes += [TargetChange(kpi, rng.randint(-400, 400) / 16) for kpi in rng.sample(list(strategy.kpis), 2)]
    for goal in strategy.goals.values():
        uses = [*goal.lagging, *goal.drivers]
        if uses and rng.random() < 0.5:
            changes.append(WeightChange(goal.id, rng.choice(uses).kpi, rng.choice([0.0, 0.25, 3.0])))
        if goal.links and rng.random() < 0.5:
            changes.append(LinkChange(goal.id, rng.choice(goal.links).goal, rng.choice([None, 0.5, 4.0])))
        changes += [
            ProgressChange(one.id, rng.choice([0.0, 0.5, 1.0])) for one in goal.initiatives if rng.random() < 0.5
        ]
    faults = {fault.at for fault in find_faults(strategy, changes)}
    return [change for at, change in enumerate(changes) if at not in faults]


def edit_by_hand(card: Scorecard, folder: Path, period: Period, changes: list[Change]) -> Evaluation:
    """The strategy's files edited and read again, and its rows exchanged where a figure is changed."""
    tree: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, value in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader).items():
            tree[key] = {**tree.get(key, {}), **value} if isinstance(value, dict) else value
        path.unlink()
    for change in changes:
        edit_tree(tree, change, period)
    (folder / "strategy.yaml").write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    edited = load(folder)
    return with_rows(edited, period, changes)


def edit_tree(tree: dict[str, Any], change: Change, period: Period) -> None:
    if isinstance(change, WeightChange):
        goal = tree["goals"][change.goal]
        for name in ("lagging", "leading"):
            entries = [{"kpi": one} if isinstance(one, str) else one for one in goal.get(name, [])]
            goal[name] = [{**one, "weight": change.weight} if one.get("kpi") == change.kpi else one for one in entries]
    elif isinstance(change, LinkChange):
        goal = tree["goals"][change.goal]
        links = [one for one in goal["leading"] if isinstance(one, str) or one.get("goal") != change.cause]
        if change.weight is not None:
            links = [
                {**one, "weight": change.weight} if isinstance(one, dict) and one.get("goal") == change.cause else one
                for one in goal["leading"]
            ]
        goal["leading"] = links
    elif isinstance(change, ProgressChange):
        for goal in tree["goals"].values():
            for one in goal.get("initiatives", []):
                if one["initiative"] == change.initiative:
                    one |= {"progress": {str(period): change.progress}, "status": "active"}


def with_rows(card: Scorecard, period: Period, changes: list[Change]) -> Evaluation:
    """The evaluation with the rows of what is changed taken out of the period, and one of the period put in."""
    rows, strategy = card.observations, card.strategy
    t = strategy.calendar.ordinal(period)
    review = np.array([strategy.calendar.lying(one, strategy.rhythm) for one in rows.periods], dtype=np.int64)
    values = {rows.measures.index(one.measure): one for one in changes if isinstance(one, ValueChange)}
    targets = {rows.measures.index(one.kpi): one for one in changes if isinstance(one, TargetChange)}
    inside = review[rows.period] == t if len(rows) else np.zeros(0, dtype=bool)
    value = np.where(inside & np.isin(rows.measure, list(values)), np.nan, rows.value)
    columns: dict[str, list[float]] = {"measure": [], "value": [], "target": []}
    for code in {**values, **targets}:
        figure: float | str = values[code].value if code in values else np.nan
        rule = card._together[card._place].inputs.rules.get(rows.measures[code])
        if isinstance(rule, Levels) and isinstance(figure, str):
            figure = float(rule.find(figure) or 0)
        columns["measure"].append(code)
        columns["value"].append(float(figure))
        columns["target"].append(targets[code].target if code in targets else np.nan)
    added = len(columns["measure"])

    def add(old: np.ndarray, new: Any) -> np.ndarray:
        return np.concatenate([old, np.asarray(new, dtype=old.dtype)])

    edited = replace(
        rows,
        periods=(*rows.periods, period),
        files=(*rows.files, "by hand"),
        sources=(*rows.sources, 99),
        measure=add(rows.measure, columns["measure"]),
        period=add(rows.period, [len(rows.periods)] * added),
        member=add(rows.member, [0] * added),
        value=add(value, columns["value"]),
        target=add(rows.target, columns["target"]),
        file=add(rows.file, [len(rows.files)] * added),
        line=add(rows.line, [1] * added),
        column=add(rows.column, [1] * added),
    )
    inputs = card._together[card._place].inputs
    history, _ = read_history(strategy, edited)
    return evaluate([replace(inputs, history=history)], t, t)[0].part(0)


def read_off(evaluation: Evaluation) -> dict[str, Any]:
    """The result without what a row says of how it was measured."""
    found = result(evaluation)
    for kpi in found["kpis"]:
        kpi.update(partial=False, reason=None)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_scenario_is_a_strategy_edited_by_hand_and_read_again(seed: int, tmp_path: Path) -> None:
    card, evaluation = make_random(seed, tmp_path)
    changes = pick_changes(card, random.Random(seed))
    assert changes
    then = apply(evaluation, Scenario(changes=tuple(changes)))
    by_hand = edit_by_hand(card, tmp_path, evaluation.period, changes)
    assert reference.differences(read_off(by_hand), read_off(then)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_each_change_alone_is_an_edit_by_hand(seed: int, tmp_path: Path) -> None:
    card, evaluation = make_random(seed, tmp_path / "s")
    for change in random.Random(seed).sample(pick_changes(card, random.Random(seed)), 2):
        copy = tmp_path / f"{change.key}"
        make(seed, copy)
        by_hand = edit_by_hand(load(copy), copy, evaluation.period, [change])
        then = apply(evaluation, Scenario(changes=(change,)))
        assert reference.differences(read_off(by_hand), read_off(then)) == [], change


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_moves_that_is_not_reached(seed: int, tmp_path: Path) -> None:
    card, evaluation = make_random(seed, tmp_path)
    same = apply(evaluation, Scenario())
    for name in card.strategy.kpis:
        assert same.kpi(name) == evaluation.kpi(name)
    for name in card.strategy.goals:
        assert [getattr(same.goal(name), of).score for of in PARTS] == [
            getattr(evaluation.goal(name), of).score for of in PARTS
        ]
    assert (same.index.score, same.index.status) == (evaluation.index.score, evaluation.index.status)
    change = next(one for one in pick_changes(card, random.Random(seed)) if isinstance(one, ValueChange))
    reached = {change.measure}
    for name in evaluation.inputs.order:
        if not reached.isdisjoint(used for used, _ in evaluation.inputs.formulas[name].names):
            reached.add(name)
    then = apply(evaluation, Scenario(changes=(change,)))
    assert all(then.kpi(name) == evaluation.kpi(name) for name in card.strategy.kpis if name not in reached)


def test_the_strategy_of_the_readme_edited_as_a_person_would(tmp_path: Path) -> None:
    folder = tmp_path / "social_media"
    folder.mkdir()
    for path in Path(SOCIAL_MEDIA).iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    now = load(folder).evaluate("2026-10", 12)
    changes = (ValueChange("social_leads", 400), TargetChange("qualified_interactions", 330), ValueChange("posts", 20))
    then = apply(now, Scenario("more", "", changes))
    rows = folder / "measurements.csv"
    text = rows.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("social_leads,2026-10", "posts,2026-10"))]
    head = kept[0].split(",")
    new = [
        {"kpi": "social_leads", "period": "2026-10", "value": "400"},
        {"kpi": "posts", "period": "2026-10", "value": "20"},
    ]
    kept += [",".join(row.get(name, "") for name in head) for row in new]
    rows.write_text("\n".join(kept) + "\n", encoding="utf-8")
    kpis = folder / "kpis.yaml"
    text = kpis.read_text(encoding="utf-8")
    assert text.count("target: {2026-06: 250, 2026-12: 400}") == 1
    kpis.write_text(text.replace("target: {2026-06: 250, 2026-12: 400}", "target: 330"), encoding="utf-8")
    by_hand = load(folder).evaluate("2026-10")
    assert reference.differences(result(by_hand), result(then)) == []
    sales = now.measure_value("social_sales")
    assert sales is not None
    assert then.kpi("lead_conversion").value == pytest.approx(sales / 400)
    assert then.kpi("qualified_interactions").score != now.kpi("qualified_interactions").score
    assert {effect.id for effect in list_effects(now, then) if effect.moved} >= {"business_results"}


def test_the_value_of_a_formula_may_be_said_and_formulas_over_it_follow(tmp_path: Path) -> None:
    text = """
strategy: s
perspectives: {all: All}
goals:
  top:
    perspective: all
    lagging:
      - {kpi: rate, formula: won / asked, baseline: 0, target: 1}
      - {kpi: trend, formula: "rolling_sum(rate, 2)", baseline: 0, target: 2}
metrics:
  won: {values: {2026-01: 1, 2026-02: 2}}
  asked: {values: {2026-01: 4, 2026-02: 4}}
"""
    now = load(write_strategy(tmp_path / "s", text)).evaluate("2026-02", 2)
    then = apply(now, Scenario(changes=(ValueChange("rate", 0.75), ValueChange("won", 4))))
    assert (then.kpi("rate").value, then.kpi("trend").value) == (0.75, 1.0)
    assert apply(now, Scenario(changes=(ValueChange("won", 4),))).kpi("trend").value == 1.25
    assert apply(now.at(now.periods[0]), Scenario(changes=(ValueChange("won", 4),))).kpi("rate").value == 1.0
    assert now.kpi("rate").value == 0.5


def test_an_unknown_value_becomes_known_and_formulas_say_why_not(tmp_path: Path) -> None:
    text = SHOP.replace(
        "kpis: {complaints: {}}", "kpis: {complaints: {}, ratio: {formula: calls / complaints}}\nmetrics: {calls: {}}"
    )
    now = load(write_strategy(tmp_path / "s", text, ROWS)).evaluate("2026-10")
    then = apply(now, Scenario(changes=(ValueChange("complaints", 0),)))
    assert now.kpi("ratio").reason == "unknown: calls"
    assert now.goal("profit").guardrails_breached == ("complaints",)
    assert then.goal("profit").guardrails_breached == ()
    both = apply(now, Scenario(changes=(ValueChange("complaints", 0), ValueChange("calls", 5))))
    assert both.kpi("ratio").reason == "unknown: division by zero"
    assert both.kpi("complaints").effective_period == now.period


def test_a_slice_is_changed_alone_and_held_against_its_own_target(tmp_path: Path) -> None:
    card = load(write_files(tmp_path, {"s.yaml": CHAIN, "rows.csv": CHAIN_ROWS}))
    north = card.evaluate(where={"region": "north"})
    by_region = card.evaluate_by("region")
    part = by_region.part([dict(one) for one in by_region.slices].index({"region": "north"}))
    changes: list[Change] = [TargetChange("sales", 280), ValueChange("won", 25), ValueChange("mood", 9)]
    for evaluation in (north, part):
        then = apply(evaluation, Scenario(changes=tuple(changes)))
        sales = then.kpi("sales")
        assert (sales.value, sales.target) == (140, 280)
        assert sales.score == pytest.approx((140 - 70) / (280 - 70))  # the file's 100 to 400 become 70 to 280
        assert then.kpi("rate").value == 25 / 50
        assert then.kpi("mood").score == pytest.approx(0.9)
        assert dict(then.members) == {"region": "north"}
    assert north.kpi("sales").target == 200


def test_goals_of_other_strategies_go_on_driving(tmp_path: Path) -> None:
    sales = load_workspace(write_workspace(tmp_path))["sales"].evaluate("2026-10")
    same = apply(sales, Scenario(changes=(WeightChange("training", "coached", 3),)))
    assert same.goal("leads").outlook.score == pytest.approx(sales.goal("leads").outlook.score)
    without = apply(sales, Scenario(changes=(LinkChange("leads", "company/brand", None),)))
    assert without.goal("leads").leading.score == pytest.approx(0.2)
    assert without.linked("company/brand") == sales.linked("company/brand")
    lever = next(one for one in rank_levers(sales, "leads").lines if one.id == "company/known")
    assert (lever.step, lever.value) == (None, None)
    assert lever.gain > 0


def test_a_goal_without_weight_on_its_kpis_rests_on_its_initiatives(tmp_path: Path) -> None:
    text = """
strategy: s
perspectives: {all: All}
goals:
  top:
    perspective: all
    lagging: [{kpi: k, baseline: 0, target: 10, values: {2026-01: 5}}]
    initiatives: [{initiative: i, progress: 20%}, {initiative: j, status: done}]
"""
    now = load(write_strategy(tmp_path / "s", text)).evaluate("2026-01")
    scenario = Scenario(changes=(WeightChange("top", "k", 0),))
    assert apply(now, scenario).goal("top").lagging.basis == "initiatives"
    assert apply(now, scenario).goal("top").lagging.score == pytest.approx(0.6)
    half = scenario.put(ProgressChange("j", 0.5), ProgressChange("i", 0.3))
    assert apply(now, half).goal("top").lagging.score == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (ValueChange("margn", 1), "S250", "did you mean 'margin'?"),
        (ValueChange("margin", "much"), "S205", "write a number"),
        (ValueChange("margin", float("nan")), "S205", "write a number"),
        (ValueChange("margin", 18.0), "S310", "write 18% where that is meant"),
        (TargetChange("margn", 1), "S250", "did you mean 'margin'?"),
        (TargetChange("margin", float("inf")), "S205", "write a number"),
        (TargetChange("margin", 0.05), "S233", "on the same side"),
        (TargetChange("complaints", 5), "S251", "change its value"),
        (WeightChange("profit", "returning", 1), "S250", "there are: margin"),
        (WeightChange("prfit", "margin", 1), "S250", "did you mean 'profit'?"),
        (WeightChange("profit", "margin", -1), "S211", "0 or more"),
        (LinkChange("profit", "regular", 1), "S250", "did you mean 'regulars'?"),
        (LinkChange("prfit", "regulars", 1), "S250", "did you mean 'profit'?"),
        (LinkChange("profit", "regulars", 0), "S211", "switch it off"),
        (ProgressChange("crm", 0.5), "S250", "there is none"),
    ],
)
def test_what_is_wrong_with_a_change(change: Change, code: str, said: str, tmp_path: Path) -> None:
    now = load(write_strategy(tmp_path / "s", SHOP, ROWS)).evaluate("2026-10")
    (fault,) = find_faults(now.strategy, [change])
    assert fault.code == code
    assert said in fault.hint
    if fault.severity == Severity.ERROR:
        with pytest.raises(ScenarioError, match=re.escape(fault.message)):
            apply(now, Scenario(changes=(change,)))
    else:
        assert apply(now, Scenario(changes=(change,))).period == now.period


def test_of_two_changes_of_one_thing_the_later_counts() -> None:
    scenario = Scenario("x").put(ValueChange("a", 1), LinkChange("g", "c", 2), ValueChange("a", 3))
    assert scenario.changes == (ValueChange("a", 3), LinkChange("g", "c", 2))
    assert scenario.put(LinkChange("g", "c", None)).changes[1] == LinkChange("g", "c", None)
    assert scenario.drop(("values", "a")).changes == (LinkChange("g", "c", 2),)


def test_effects_come_largest_first_and_tell_what_moves(tmp_path: Path) -> None:
    now = load(write_strategy(tmp_path / "s", SHOP, ROWS)).evaluate("2026-10")
    one = apply(now, Scenario("one", changes=(ValueChange("waiting", 20),)))
    two = apply(now, Scenario("two", changes=(ValueChange("returning", 2),)))
    assert [effect.id for effect in list_effects(now, one)] == ["rush", "profit", "regulars"]
    assert [effect.moved for effect in list_effects(now, one)] == [True, True, False]
    both = {effect.id: effect for effect in list_effects(now, one, two)}
    assert all(effect.moved for effect in both.values())
    assert both["rush"].weight == pytest.approx(0.75)
    assert [then.lagging.score for then in both["regulars"].then] == pytest.approx([0.8, 0.2])


def outlook_with(evaluation: Evaluation, leaf: int, score: float, goal: str | None) -> float:
    """The outlook with another score of one leaf, computed anew."""
    leaves = evaluation.leaves[:, evaluation.column, None].copy()
    leaves[leaf] = score
    numbers = propagate(evaluation.plan, leaves)
    found = find_outlook(replace(evaluation, numbers=numbers, column=0), goal)
    assert found is not None
    return found


def find_leaf(evaluation: Evaluation, kind: str, name: str) -> int:
    plan = evaluation.plan
    if kind == "kpi":
        return [kpi for _, kpi in plan.kpis].index(name)
    return len(plan.kpis) + [one.id for _, _, one in plan.initiatives].index(name)


@pytest.mark.parametrize("seed", SEEDS)
def test_levers_are_what_brute_force_finds(seed: int, tmp_path: Path) -> None:
    card, evaluation = make_random(seed, tmp_path)
    counted = 0
    for goal in (None, *card.strategy.goals):
        found = rank_levers(evaluation, goal)
        assert found.outlook == find_outlook(evaluation, goal)
        assert found.lines == tuple(sorted(found.lines, key=lambda line: (-round(line.gain, 12), line.id)))
        for line in found.lines:
            assert found.outlook is not None
            rule = evaluation.inputs.rules.get(line.id) if line.kind == "kpi" else None
            best = rule.high if isinstance(rule, Linear) else 1.0
            leaf = find_leaf(evaluation, line.kind, line.id)
            expected = outlook_with(evaluation, leaf, max(best, line.score), goal) - found.outlook
            assert line.gain == pytest.approx(expected, abs=1e-12)
            counted += 1
            check_step(evaluation, found, line.id, goal)
    assert counted


def check_step(evaluation: Evaluation, found: Levers, name: str, goal: str | None) -> None:
    """The step's value, tried, has the colour and the gain that are said of it."""
    line = next(one for one in found.lines if one.id == name)
    if line.step is None:
        return
    then = apply(evaluation, Scenario(changes=(ValueChange(name, line.step.value),)))
    assert then.kpi(name).status == line.step.status
    assert then.kpi(name).score == pytest.approx(line.step.score)
    outlook = find_outlook(then, goal)
    assert outlook is not None
    assert found.outlook is not None
    assert outlook - found.outlook == pytest.approx(line.step.gain, abs=1e-12)
    ranks = [Status.RED, Status.AMBER, Status.GREEN]
    assert ranks.index(line.step.status) > ranks.index(line.status) or line.step.score > line.score


def test_levers_are_those_of_the_explanation() -> None:
    evaluation = load(SOCIAL_MEDIA).evaluate("2026-10")
    for goal in evaluation.strategy.goals:
        said = {(line.kind, line.id): line.lever for line in explain(evaluation, goal).lines}
        levers = {(line.kind, line.id): line.gain for line in rank_levers(evaluation, goal).lines}
        assert levers == pytest.approx(said, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_needed_value_is_enough_and_only_just(seed: int, tmp_path: Path) -> None:
    card, evaluation = make_random(seed, tmp_path)
    bands = card.strategy.bands
    for goal in card.strategy.goals:
        for kpi in card.strategy.kpis:
            for of in PARTS:
                need = find_need(evaluation, goal, kpi, Status.GREEN, of)
                if need.value is None:
                    assert need.reason or getattr(evaluation.goal(goal), of).score >= bands.green - 1e-9
                    continue
                if need.value == evaluation.kpi(kpi).value:
                    continue
                then = apply(evaluation, Scenario(changes=(ValueChange(kpi, need.value),)))
                assert getattr(then.goal(goal), of).status == Status.GREEN
                assert_needed(evaluation, goal, kpi, of, need.value)


def assert_needed(evaluation: Evaluation, goal: str, kpi: str, of: Part, value: float | str) -> None:
    """A value a little nearer to the present one is not enough, where the score has no steps."""
    now, rule = evaluation.kpi(kpi).value, evaluation.inputs.rules[kpi]
    if isinstance(now, float) and isinstance(value, float) and not isinstance(rule, Reach):
        nearer = value + (now - value) * 1e-3
        then = apply(evaluation, Scenario(changes=(ValueChange(kpi, nearer),)))
        assert getattr(then.goal(goal), of).status != Status.GREEN


def test_why_no_value_is_enough(tmp_path: Path) -> None:
    now = load(write_strategy(tmp_path / "s", SHOP, ROWS)).evaluate("2026-10")

    def reason(kpi: str, of: Part) -> str:
        return find_need(now, "profit", kpi, Status.GREEN, of).reason

    assert find_need(now, "profit", "margin", Status.GREEN).value == pytest.approx(0.1 + 0.1 * 2 / 3)
    assert reason("returning", "lagging") == "it does not count here"
    assert reason("waiting", "outlook") == "a better score of it takes away here"
    assert reason("complaints", "lagging") == "it has no score"
    with pytest.raises(KeyError):
        find_need(now, "profit", "nothing", Status.GREEN)


@pytest.mark.parametrize(
    ("fields", "value", "needed"),
    [
        ("band: [4, 6], tolerance: 2", 9, 6 + 2 / 3),  # from above
        ("band: [4, 6], tolerance: 2", 1, 4 - 2 / 3),  # from below
        ("scale: {0: 0, 10: 1, 20: 0}", 3, 20 / 3),
        ("scale: {0: 0, 10: 1, 20: 0}", 18, 20 - 20 / 3),
        ("target: 10, direction: down", 12, 10),
        ("red: 2, target: 8", 3, 8),
        ("baseline: 50, target: 20", 60, 30),
    ],
)
def test_the_nearest_value_by_each_rule(fields: str, value: float, needed: float, tmp_path: Path) -> None:
    goal = f"{{perspective: all, lagging: [{{kpi: k, {fields}, values: {{2026-01: {value}}}}}]}}"
    text = f"strategy: s\nperspectives: {{all: All}}\ngoals: {{top: {goal}}}\n"
    now = load(write_strategy(tmp_path / "s", text)).evaluate("2026-01")
    assert find_need(now, "top", "k", Status.GREEN).value == pytest.approx(needed)


def test_the_least_word_that_is_enough(tmp_path: Path) -> None:
    goal = "{perspective: all, lagging: [{kpi: k, levels: {best: 1, fair: 70%, poor: 0}, values: {2026-01: poor}}]}"
    text = f"strategy: s\nperspectives: {{all: All}}\ngoals: {{top: {goal}}}\n"
    now = load(write_strategy(tmp_path / "s", text)).evaluate("2026-01")
    need = find_need(now, "top", "k", Status.GREEN)
    assert (need.value, need.score) == ("fair", 0.7)
    assert apply(now, Scenario(changes=(ValueChange("k", " FAIR "),))).kpi("k").value == "fair"


def test_what_becomes_unknown_by_a_step_is_not_what_falls(tmp_path: Path) -> None:
    (tmp_path / "strategy.yaml").write_text(
        "strategy: s\nperspectives: {p: P}\ngoals:\n  g:\n    perspective: p\n    lagging:\n"
        "      - {kpi: cause, baseline: 0, target: 10, values: {2026-05: 7}}\n"
        "      - {kpi: lost, formula: 10 / (10 - cause), baseline: 0, target: 4, weight: 8}\n"
        "      - {kpi: fallen, formula: 20 - 2 * cause, baseline: 0, target: 6, weight: 5}\n"
    )
    evaluation = load(tmp_path).evaluate("2026-05")
    step = next(one for one in rank_levers(evaluation, "g").lines if one.id == "cause").step
    assert step is not None
    after = apply(evaluation, Scenario(changes=(ValueChange("cause", step.value),)))
    assert after.kpi("lost").score is None
    assert after.kpi("fallen").score == 0
    assert step.gain < 0
    assert step.worsens == "fallen"
