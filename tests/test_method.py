"""The checks of the method: each code at its line and not where it nearly applies, many at once, what is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from method_cases import CASES, MARGIN, edit, margin, strategy, team, with_metric

from scorecard import api
from scorecard.analysis.issue import MethodFinding
from scorecard.model.codes import CODES
from scorecard.model.finding import Finding, Severity


def check(text: str, folder: Path, gathered: bool = False, **files: str) -> tuple[Finding, ...]:
    (folder / "strategy.yaml").write_text(text)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    return api.read_report(str(folder), method=True, gathered=gathered).findings


def codes(text: str, folder: Path) -> list[str]:
    return [finding.code for finding in check(text, folder)]


def test_a_good_strategy_has_no_findings(tmp_path):
    assert check(strategy(), tmp_path) == ()


@pytest.mark.parametrize(("code", "changes"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_a_code_is_found_at_the_marked_lines_and_nowhere_else(code, changes, tmp_path):
    text = strategy(**changes)
    assert text != strategy()
    marked = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith(f"# {code}")]

    findings = check(text, tmp_path)

    assert not [finding for finding in findings if finding.severity == Severity.ERROR]
    found = [finding for finding in findings if finding.code == code]
    assert [finding.place.line for finding in found] == marked
    assert all(finding.severity == CODES[code].severity and finding.hint for finding in found)


def test_every_code_is_tried_where_it_appears():
    assert {code for code, changes in CASES if f"# {code}" in " ".join(changes.values())} == {
        code for code in CODES if code >= "S4"
    }


def test_a_message_calls_goals_and_kpis_by_name_and_cuts_a_long_one(tmp_path):
    (finding,) = check(strategy(ada=f"name: {'Profit and ' * 12}"), tmp_path)

    assert finding.message.startswith("nobody answers for 'Margin': neither it nor the goal 'Profit and Profit")
    assert "…" in finding.message
    assert len(finding.message) < 140


def test_a_list_of_goals_without_links_is_said_once(tmp_path):
    text = re.sub(r"    leading:\n(?:      - \{goal.*\n)+", "    leading: [fresh]\n", strategy())

    (finding,) = [finding for finding in check(text, tmp_path) if finding.code == "S406"]

    assert finding.message == "no goal drives another: this is a list of goals, not a map"
    assert (finding.place.line, finding.place.column) == (6, 1)


def test_many_findings_of_a_code_are_said_as_one(tmp_path):
    text = re.sub(r" unit: [^,]+,", "", strategy())
    assert [finding.code for finding in check(text, tmp_path)] == ["S415"] * 6  # a machine takes each

    (finding,) = check(text, tmp_path, gathered=True)

    assert isinstance(finding, MethodFinding)
    assert (finding.code, finding.count, finding.place.line) == ("S415", 6, 11)
    assert finding.message == "6 KPIs have no unit: 'Margin', 'Regulars', 'Waiting', 'Staff' and 2 more"


def test_a_strategy_that_nobody_has_measured_yet_says_so_once(tmp_path):
    (finding,) = check(re.sub(r", values: \{2026-01: \w+%?\}", "", strategy()), tmp_path, gathered=True)

    assert finding.code == "S422"
    assert finding.message == "nobody measures 7 figures: 'Margin', 'Regulars', 'Waiting', 'Staff' and 3 more"
    assert "CSV" in finding.hint


def test_a_stale_input_is_said_of_the_input(tmp_path):
    top = "data: [values.csv]\nmetrics:\n  gain: {unit: EUR}\n  revenue: {unit: EUR}"
    text = strategy(top=top, **margin("baseline: 0, target: 1, formula: gain / revenue"))

    (finding,) = check(text, tmp_path, values="kpi,period,value\ngain,2025-12,3\nrevenue,2026-01,9\n")

    assert (finding.code, finding.place.line) == ("S420", 8)
    assert finding.message == "'Gain' has no value for 2026-01 yet: that of 2025-12 stands in (for margin)"


def test_a_formula_that_fails_on_known_inputs_says_why(tmp_path):
    (finding,) = check(strategy(**margin("baseline: 0, target: 1, formula: waiting / (staff - 3)")), tmp_path)

    assert finding.message == "'Margin' has no value for 2026-01, although its inputs have (division by zero)"


def test_formulas_that_look_too_far_back_end_in_no_crash(tmp_path):
    far = "rolling_mean(rolling_mean(rolling_mean(waiting, 9000), 9000), 9000)"

    assert check(strategy(**margin(f"baseline: 0, target: 1, formula: '{far}'")), tmp_path) == ()


@pytest.mark.parametrize(
    ("code", "broken", "accepting"),
    [
        ("S417", {"to_loyalty": "{goal: loyalty, evidence: tested}"}, {"ada": "owner: Ada\n    accept: {S417: Plain}"}),
        ("S418", {"to_loyalty": "{goal: loyalty, why: Plain}"}, {"ada": "owner: Ada\n    accept: {S418: Plain}"}),
        ("S415", edit("margin", 'unit: "%", ', ""), {"margin": MARGIN.replace('unit: "%"', "accept: {S415: A ratio}")}),
        ("S412", {"grace": ""}, {"grace": "accept: {S412: All of us}"}),
        ("S412", {"grace": ""}, edit("regulars", "regulars,", "regulars, accept: {S412: All of us},")),
        ("S407", {"perspectives": "  ground: Ground"}, {}),
        ("S409", {"team": ""}, {}),
    ],
)
def test_a_finding_is_accepted_where_it_stands_or_at_the_strategy(code, broken, accepting, tmp_path):
    assert codes(strategy(**broken), tmp_path) == [code]
    assert codes(strategy(**broken, accept=f"accept: {{{code}: We know}}"), tmp_path) == []
    assert (
        codes(
            strategy(**(broken | accepting | ({} if accepting else {"accept": f"accept: {{{code}: Yes}}"}))), tmp_path
        )
        == []
    )


def test_a_metric_accepts_what_is_said_of_it(tmp_path):
    ratio = margin("baseline: 0, target: 1, formula: gain / staff")
    assert codes(strategy(**ratio, **with_metric("gain")), tmp_path) == ["S422"]

    metric = "metrics:\n  gain: {unit: kg, accept: {S422: From June}}"
    assert codes(strategy(**ratio, top=metric), tmp_path) == []


def test_a_goal_does_not_accept_for_another(tmp_path):
    elsewhere = team(accept="accept: {S405: Known, S417: Elsewhere}")

    assert codes(strategy(to_loyalty="{goal: loyalty, evidence: tested}", team=elsewhere), tmp_path) == ["S417", "S430"]


def test_an_unknown_code_is_a_hint(tmp_path):
    (finding,) = check(strategy(team=team(accept="accept: {S405: Known, S441: Typing error}")), tmp_path)

    assert (finding.code, finding.severity) == ("S431", Severity.HINT)
    assert finding.message == "'accept' names S441, which no check has"
    assert "scorecard explain" in finding.hint


def test_a_kpi_of_a_library_is_found_where_it_is_used(tmp_path):
    text = strategy(top="libraries: [social_media]", also="{kpi: likes, role: primary}")

    found = {finding.code: finding.place.line for finding in check(text, tmp_path)}

    line = text.splitlines().index("      - {kpi: likes, role: primary}") + 1
    assert found == {"S413": line, "S416": line, "S422": line}


def test_a_rate_of_a_library_counts_though_the_strategy_does_not_use_it(tmp_path):
    saves = edit("regulars", "regulars, unit: guests", "saves, unit: saves")

    (finding,) = check(strategy(top="libraries: [social_media]", **saves), tmp_path)

    assert finding.code == "S416"
    assert finding.message.startswith("'Saves' is a raw count used as a result, where the rate '")


def test_a_goal_that_drives_another_strategy_does_not_stand_alone(tmp_path):
    alone = team(driver="{kpi: pay, unit: EUR, baseline: 1, target: 2, values: {2026-01: 1}}", accept="")
    other = strategy(to_taste_from="{goal: shop/team, why: Mood shows, evidence: tested}")
    for name, text in (("shop", strategy(team=alone)), ("chain", other.replace("strategy: shop", "strategy: chain"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "strategy.yaml").write_text(text)

    assert [finding.code for finding in api.check(tmp_path / "shop")] == ["S406"]
    assert api.check(tmp_path) == ()


def test_beside_an_error_nothing_is_called_missing_that_could_not_be_read(tmp_path):
    """The goal that fails takes links and the only goal of its perspective away; the link without a why is there."""
    text = strategy(team=team(driver="{goal: taste, evidence: tested}", accept=""))
    text = text.replace("  loyalty:\n    perspective: guests\n", "  loyalty:\n    perspective: [guests]\n")

    assert [code for code in codes(text, tmp_path) if code.startswith("S4")] == ["S405", "S417"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (edit("margin", "target: 5%", "target: five"), ["S205"]),
        (edit("margin", "margin,", "margin, targt: 5,"), ["S202"]),
    ],
)
def test_a_part_that_was_taken_out_is_not_called_missing(changes, expected, tmp_path):
    assert codes(strategy(**changes), tmp_path) == expected


def test_what_stands_behind_a_syntax_error_is_not_called_missing(tmp_path):
    assert all(code.startswith("S1") for code in codes(strategy(grace="owner: [Grace"), tmp_path))


def test_the_social_media_strategy_gets_few_lines_each_worth_reading():
    example = Path(__file__).parent.parent / "strategies" / "social_media"
    findings = api.read_report(str(example), method=True, gathered=True).findings

    assert [finding.code for finding in findings] == ["S420", "S418", "S402", "S402", "S402"]
