"""The summary with which a check ends: what is counted, what is advised first, and the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from method_cases import edit, margin, strategy, team

from scorecard import api
from scorecard.analysis.quality import Quality, say, summarise, write_quality
from scorecard.model.finding import Finding, Place, Severity


def judge(folder: Path, text: str = "", **files: str) -> Quality:
    if text:
        (folder / "strategy.yaml").write_text(text)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    report = api.read_report(str(folder), method=True)
    ((_, scorecard),) = report.scorecards.items()
    evaluation = scorecard.evaluate() if scorecard.last_period else None
    return summarise(scorecard.strategy, evaluation, report.findings)


def test_a_strategy_without_findings_is_told_what_it_consists_of(tmp_path):
    assert write_quality(judge(tmp_path, strategy())).splitlines() == [
        "Shop: 5 goals in 3 perspectives, 7 KPIs (5 lagging, 2 leading), 4 links (2 tested, 2 observed)",
        "Data for 2026-01: 7 of 7 KPIs fresh; the index rests on 100% of its weight",
        "1 entry under 'accept' switches findings off, with a reason",
    ]


def test_the_social_media_strategy():
    quality = judge(Path(__file__).parent.parent / "strategies/social_media")

    assert write_quality(quality).splitlines() == [
        "Social media marketing: 9 goals in 4 perspectives, 28 KPIs (22 lagging, 4 leading, 2 guarding), "
        "8 links (1 tested, 1 observed, 6 assumed)",
        "Data for 2026-10: 27 of 28 KPIs fresh, 1 stale; the index rests on 100% of its weight",
        "What would help most:",
        "  1. bring 1 stale figure up to date (S420)",
        "  2. test 6 links that rest on assumptions (S418)",
        "  3. find a lagging KPI for 3 goals that rest on their initiatives (S402)",
    ]


def test_kpis_are_counted_by_what_they_do_and_by_their_data(tmp_path):
    kpis = "kpis:\n  idle: {unit: x}\n  limit: {unit: x, values: {2026-01: 1}}"
    quality = judge(
        tmp_path,
        strategy(
            top=kpis,
            guardrails="guardrails:\n      - {kpi: limit, max: 4}\n      - {kpi: staff, min: 1}",
            **edit("margin", "2026-01", "2025-12"),
        ),
    )

    assert (quality.kpis, quality.lagging, quality.leading, quality.guarding, quality.idle) == (9, 5, 2, 2, 1)
    assert (quality.fresh, quality.stale, quality.unknown) == (7, 1, 1)
    assert "(5 lagging, 2 leading, 2 guarding, 1 in no goal)" in write_quality(quality)
    assert "7 of 9 KPIs fresh, 1 stale, 1 without a value" in write_quality(quality)


def test_advice_counts_what_a_gathered_finding_stands_for(tmp_path):
    text = strategy(ada="", grace="").replace("owner: Edsger", "description: x")
    (advice,) = judge(tmp_path, text).advice

    assert (advice.codes, advice.count, advice.text) == (("S412",), 7, "name an owner for 7 KPIs")


def test_what_keeps_numbers_unknown_comes_before_what_is_merely_unsaid(tmp_path):
    changes = {
        "ada": "",
        "to_loyalty": "{goal: loyalty}",
        **margin("baseline: 2, values: {2026-01: 3}"),
        **edit("regulars", "unit: guests, ", ""),
    }
    quality = judge(tmp_path, strategy(**changes))

    assert [advice.codes for advice in quality.advice] == [("S413",), ("S412",), ("S417",), ("S418",), ("S415",)]
    assert write_quality(quality).splitlines()[-4:] == [
        "What would help most:",
        "  1. give 1 KPI a baseline and a target: without both it has no score (S413)",
        "  2. name an owner for 1 KPI (S412)",
        "  3. say why for 1 link: the hypothesis is missing (S417)",
    ]


def test_a_strategy_without_values_says_so_and_is_told_to_measure(tmp_path):
    text = strategy()
    for value in ("3%", "20", "7", "3", "60%", "high"):
        text = text.replace(f", values: {{2026-01: {value}}}", "")
    quality = judge(tmp_path, text)

    assert (quality.period, quality.fresh, quality.unknown, quality.coverage) == (None, 0, 7, 0.0)
    assert "Data: no value yet" in write_quality(quality)
    assert quality.advice[0].text == "measure 7 figures that never had a value"


def test_a_list_of_goals_is_told_to_link_all_of_them(tmp_path):
    changes = {"to_loyalty": "fresh", "to_speed": "fresh", "to_taste": "", "team": team(driver="staff", accept="")}
    advice = {advice.codes: advice.text for advice in judge(tmp_path, strategy(**changes)).advice}

    assert advice["S406",] == "link 5 goals that stand alone on the map"


@pytest.mark.parametrize(
    ("code", "severity", "expected"),
    [
        ("S301", Severity.ERROR, ["correct 2 errors in the data: what is faulty is left out"]),
        ("S220", Severity.ERROR, ["correct 2 errors in the text: until then nothing is computed"]),
        ("S307", Severity.WARNING, []),
    ],
)
def test_errors_come_first(code, severity, expected, tmp_path):
    (tmp_path / "strategy.yaml").write_text(strategy())
    findings = [Finding(code, severity, Place("a.yaml", line), "message") for line in (1, 2)]

    quality = summarise(api.load(tmp_path).strategy, None, findings)

    assert [advice.text for advice in quality.advice] == expected


def test_a_part_is_never_called_the_whole(tmp_path):
    heavy = edit("margin", "kpi: margin,", "kpi: margin, weight: 999,")
    quality = judge(tmp_path, strategy(also="{kpi: more, unit: x, baseline: 0, target: 1, weight: 0.001}", **heavy))

    assert 0.999 < quality.coverage < 1
    assert "99% of its weight" in write_quality(quality)


def test_words_follow_their_number():
    assert say("{n} [goal|goals] that [stands|stand] alone", 1) == "1 goal that stands alone"
    assert say("{n} [goal|goals] that [stands|stand] alone", 1200) == "1,200 goals that stand alone"
