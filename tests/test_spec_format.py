"""What a strategy file may say, rule by rule: each case is a text, and the findings it must give at their places."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from scorecard.api import read_report

GOAL = "strategy: s\nperspectives: {p: P}\ngoals: {g: {perspective: p}}\n"
CELLS = "kpi,period,value\n"


def write(folder: Path, files: dict[str, str] | str) -> Path:
    for name, text in ({"s.yaml": files} if isinstance(files, str) else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder


def find(folder: Path, files: dict[str, str] | str, method: bool = False) -> list[str]:
    """The findings as `file:line:column code`, those of the method only where asked for."""
    report = read_report(str(write(folder, files)), method=method)
    return [f"{Path(f.place.file).name}:{f.place.line}:{f.place.column} {f.code}" for f in report.findings]


# Scalars


def test_a_number_may_be_written_in_any_form_wherever_one_may_stand(tmp_path: Path) -> None:
    # plain, with underscores, with an exponent, as a fraction, in percent: as key, weight, line, tolerance, lift, budget
    text = """\
        strategy: s
        bands: {amber: 30%, green: 4/6}
        lead_share: 1/2
        perspectives: {p: {name: P, weight: 1_0}}
        goals:
          g:
            perspective: p
            weight: 5e-1
            lagging:
              - {kpi: a, scale: {0%: 0, 1/2: 25%, 1e2: 1}, weight: 1/3, values: {2026-10: 1/4}}
              - {kpi: b, band: [1/2, 7.5e-1], tolerance: 25%, keep: 1e0, values: {2026-10: 80%}}
              - {kpi: c, baseline: -1/2, target: {2026-09: 50%, 2026-11: 1_000}, bands: {amber: 1/4, green: 50 %}}
              - {kpi: d, levels: {weak: 0%, strong: 2/3}}
            leading:
              - {goal: h, weight: 1/4, delay: 2e0, evidence: {kind: tested, lift: 1/3, low: -5%, high: 4e-1, n: 1_000}}
            guardrails: [{kpi: a, max: 25%}]
            initiatives: [{initiative: i, progress: {2026-04: 30%, 2026-05: 2/3}, weight: 50%, budget: 12_000}]
          h: {perspective: p}
        """
    assert find(tmp_path, text) == []
    results = {kpi.id: kpi for kpi in read_report(str(tmp_path)).scorecards["s"].evaluate("2026-10").kpis}
    assert results["a"].score == pytest.approx(0.125)
    assert results["b"].score == pytest.approx(0.8)
    assert results["c"].target == pytest.approx(500.25)


NO_NUMBERS = [
    "0x10",
    "1__0",
    "_1",
    "1_",
    ".",
    "e5",
    "1e",
    ".inf",
    "-.Inf",
    ".nan",
    "NaN",
    "inf",
    "١",
    "1/0",
    "1/2/3",
    "50%%",
    "1e400",
    "∞",
    "yes",
    "~",
]


@pytest.mark.parametrize("text", [*NO_NUMBERS, "40 000", "'1,5'"])
def test_what_is_no_finite_number_is_refused_where_a_number_is_expected(text: str, tmp_path: Path) -> None:
    assert find(tmp_path, f"{GOAL}kpis: {{k: {{baseline: {text}}}}}\n") == ["s.yaml:4:22 S205"]


@pytest.mark.parametrize(
    "key", ["name", "owner", "unit", "target", "baseline", "direction", "scoring", "weight", "bands"]
)
def test_a_single_value_may_not_be_left_empty(key: str, tmp_path: Path) -> None:
    [finding] = find(tmp_path, f"{GOAL}kpis:\n  k:\n    {key}:\n")
    assert finding.startswith("s.yaml:6:5 S2")


def test_mappings_and_lists_may_be_left_empty(tmp_path: Path) -> None:
    assert find(tmp_path, f"{GOAL}metrics:\ndata:\nkpis:\n  k:\n    aliases:\n    values:\n    comments:\n  l:\n") == []


@pytest.mark.parametrize(
    "period", ["2026-Q5", "2026-H3", "2026-13", "2026-9", "2025-W53", "2026-02-29", "2026-q1", "Oct", "26"]
)
@pytest.mark.parametrize(
    "where",
    [
        "kpis: {{k: {{target: {{{0}: 1}}}}}}",
        "kpis: {{k: {{values: {{{0}: 1}}}}}}",
        "kpis: {{k: {{comments: {{{0}: x}}}}}}",
    ],
)
def test_an_impossible_period_is_refused_wherever_one_may_stand(period: str, where: str, tmp_path: Path) -> None:
    assert find(tmp_path, f"{GOAL}{where.format(period)}\n")[0].endswith("S207")


def test_every_kind_of_period_may_stand_wherever_one_may(tmp_path: Path) -> None:
    every = ["2026", "2026-H1", "2026-Q3", "2026-10", "2026-W53", "2026-10-31"]
    points = ", ".join(f"{period}: 1" for period in every)
    text = f"""\
        strategy: s
        perspectives: {{p: P}}
        goals:
          g:
            perspective: p
            comments: {{{points}}}
            override: {{status: red, why: x, from: 2026-W40, until: 2026-H2}}
            initiatives: [{{initiative: i, progress: {{{points}}}, start: 2026-Q1, due: 2026-W53}}]
        kpis:
          k: {{values: {{{points}}}, comments: {{{points}}}, aggregate: last}}
        """
    assert [line for line in find(tmp_path, text) if "S309" not in line] == []


# Ids and names


def test_one_id_may_name_things_of_different_kinds(tmp_path: Path) -> None:
    text = """\
        strategy: x
        perspectives: {x: X}
        themes: {x: X}
        dimensions: {x: [x]}
        goals:
          x: {perspective: x, theme: x, lagging: [{kpi: x, unit: x}], initiatives: [{initiative: x}]}
        """
    assert find(tmp_path, text) == []


def test_a_written_name_may_not_be_the_name_made_from_another_id(tmp_path: Path) -> None:
    # a missing name is the id in words: data could mean either
    kpis = "kpis:\n  lead_conversion: {unit: x}\n  other: {name: Lead Conversion}\n"
    assert find(tmp_path, GOAL + kpis) == ["s.yaml:6:17 S222"]


def test_an_alias_may_not_be_an_id_a_name_or_an_alias_of_another(tmp_path: Path) -> None:
    kpis = "kpis:\n  a: {name: Alpha, aliases: [Al fa]}\n  b: {aliases: [A, ALPHA, alfa, own]}\n"
    assert find(tmp_path, GOAL + kpis) == ["s.yaml:6:17 S222", "s.yaml:6:20 S222", "s.yaml:6:27 S222"]


@pytest.mark.parametrize("sign", ["\u061c", "\u200e", "\u200f", "\u202e", "\u2066", "\ufeff", "\x7f", "\x85"])
def test_a_sign_that_cannot_be_seen_is_refused(sign: str, tmp_path: Path) -> None:
    assert find(tmp_path, f"{GOAL}name: a{sign}b\n") == ["s.yaml:4:8 S103"]


@pytest.mark.parametrize("name", ["👩\u200d👧", "می\u200cخواهم", "a\u00a0b", "Revenue [EUR m]", "<b>", "=1+1"])
def test_other_signs_are_ordinary(name: str, tmp_path: Path) -> None:
    assert find(tmp_path, f"{GOAL}name: {name}\n") == []


@pytest.mark.parametrize("folder", ["", "a/"])
@pytest.mark.parametrize(
    "text",
    [
        '{"strategy": "a", "goals": {}}\n',
        '\ufeff{\n  "name": "A",\n  "strategy": "a"\n}\n',
        "# A\n--- {name: A, strategy: a}\n",
    ],
)
def test_a_strategy_in_braces_is_one_of_a_workspace(text: str, folder: str, tmp_path: Path) -> None:
    files = {f"{folder}a.yaml": text, "b.yaml": "strategy: b\nglossary:\n  {strategy: what we want}\n"}
    report = read_report(str(write(tmp_path, files)))
    assert sorted(report.scorecards) == ["a", "b"]
    assert [finding for finding in report.findings if finding.code < "S4"] == []


def test_more_values_in_one_dimension_than_are_meant_are_a_finding(tmp_path: Path) -> None:
    members = "".join(f"    - m{number}\n" for number in range(50_001))
    assert find(tmp_path, f"{GOAL}dimensions:\n  shop:\n{members}") == ["s.yaml:6:5 S107"]


def test_an_empty_file_is_an_error_also_beside_others(tmp_path: Path) -> None:
    files = {"a.yaml": GOAL, "b.yaml": "", "c.yaml": "# later\n"}
    assert find(tmp_path, files) == ["b.yaml:1:1 S201", "c.yaml:1:1 S201"]


def test_a_kpi_defined_twice_is_reported_at_both_places(tmp_path: Path) -> None:
    files = {
        "a.yaml": "strategy: s\nperspectives: {p: P}\ngoals:\n  g:\n    perspective: p\n    lagging: [{kpi: k, unit: x}]\n",
        "b.yaml": "kpis:\n  k: {owner: me}\n",
    }
    assert find(tmp_path, files) == ["a.yaml:6:21 S221", "b.yaml:2:3 S221"]


def test_an_entry_with_only_the_fields_of_a_use_defines_nothing(tmp_path: Path) -> None:
    use = "{kpi: k, weight: 2, role: diagnostic, delay: 1, why: x, evidence: observed}"
    text = f"strategy: s\nperspectives: {{p: P}}\ngoals:\n  g: {{perspective: p, leading: [{use}]}}\n"
    assert find(tmp_path, text) == ["s.yaml:4:39 S220"]


def test_kpis_from_a_library_stand_where_they_are_first_mentioned(tmp_path: Path) -> None:
    text = """\
        strategy: s
        libraries: [social_media]
        goals:
          g: {perspective: customer, lagging: [followers, {kpi: own, unit: x}, {kpi: lead_conversion, target: 9%}]}
        kpis: {last: {unit: x}}
        """
    assert find(tmp_path, text) == []
    strategy = read_report(str(tmp_path)).scorecards["s"].strategy
    assert list(strategy.kpis)[:4] == ["followers", "own", "lead_conversion", "last"]
    assert strategy.kpis["lead_conversion"].target == 0.09  # the field at the entry
    assert strategy.kpis["lead_conversion"].formula  # and the rest of the library's definition
    assert {"social_sales", "social_leads"} <= set(strategy.metrics)  # which its formula needs


# Scorings


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("levels: {x: 0, y: 1}, scale: {0: 0, 1: 1}", "S231"),
        ("levels: {x: 0, y: 1}, band: [1, 2]", "S231"),
        ("levels: {x: 0, y: 1}, target: 3", "S231"),
        ("levels: {x: 0, y: 1}, formula: m + 1", "S231"),
        ("levels: {x: 0, y: 1}, formula: m + 1, scoring: none", "S231"),
        ("scale: {0: 0, 1: 1}, band: [1, 2]", "S231"),
        ("scale: {0: 0, 1: 1}, baseline: 1", "S231"),
        ("scale: {0: 0, 1: 1}, direction: up", "S231"),
        ("band: [1, 2], red: 3", "S231"),
        ("baseline: 1, target: 3, tolerance: 1", "S231"),
        ("tolerance: 1", "S235"),
        ("baseline: 1, target: 3, direction: down", "S234"),
        ("red: 5, target: 3, direction: up", "S234"),
        ("red: 5, baseline: 9, target: 3, direction: down", ""),
        ("baseline: 3, target: 3", "S232"),
        ("baseline: 3, target: {2026-01: 4, 2026-02: 2}", "S233"),
        ("baseline: 3, red: 8, target: 5", "S233"),
        ("baseline: 1, target: {2026-03: 3, 2026-Q1: 4}", "S238"),
        ("scale: {0: 0}", "S236"),
        ("scale: {0: 0, 0.0: 1, 1: 1}", "S236"),
        ("scale: {0: 0, 1: 2}", "S211"),
        ("band: [2, 1]", "S236"),
        ("band: [1, 2, 3]", "S212"),
        ("levels: {weak: 0, ' WEAK ': 1}", "S236"),
        ("scoring: linear, target: 3", "S235"),
        ("scoring: goal, target: 3", "S235"),
        ("scoring: goal, target: 3, baseline: 1", ""),
        ("scoring: none, baseline: 1, target: 3, levels: {a: 0, b: 1}", ""),
        ("bands: {amber: 0.5, green: 0.5}", "S237"),
        ("bands: {amber: 0, green: 0.5}", "S237"),
        ("bands: {amber: 0.5, green: 1.01}", "S237"),
    ],
)
def test_fields_of_one_scoring_stand_alone(fields: str, code: str, tmp_path: Path) -> None:
    found = find(tmp_path, f"{GOAL}metrics: {{m: {{unit: x}}}}\nkpis: {{k: {{{fields}}}}}\n")
    assert [line.split()[1] for line in found] == ([code] if code else [])


# Links


def test_a_faulty_goal_of_a_link_is_one_finding(tmp_path: Path) -> None:
    links = "[{goal: BB/x, effect: opposes, weight: 2}, {goal: , delay: 1}, {goal: nope, why: x}]"
    text = f"strategy: s\nperspectives: {{p: P}}\ngoals:\n  g: {{perspective: p, leading: {links}}}\n"
    assert find(tmp_path, text) == ["s.yaml:4:40 S209", "s.yaml:4:76 S204", "s.yaml:4:102 S220"]


def test_a_goal_that_drives_itself_hides_no_longer_circle(tmp_path: Path) -> None:
    text = """\
        strategy: s
        perspectives: {p: P}
        goals:
          x: {perspective: p, leading: [{goal: y}, {goal: x}]}
          y: {perspective: p, leading: [{goal: x}]}
        """
    found = find(tmp_path, text)
    assert len(found) == 2
    assert {line.split()[1] for line in found} == {"S224"}


def test_a_faulty_limit_is_one_finding(tmp_path: Path) -> None:
    text = f"{GOAL.replace('p}}', 'p, guardrails: [{kpi: m, max: much}]}}')}metrics: {{m: {{unit: x}}}}\n"
    assert find(tmp_path, text) == ["s.yaml:3:56 S205"]


# Data


def test_a_name_in_data_is_matched_without_case_and_spaces(tmp_path: Path) -> None:
    kpis = "kpis:\n  net_sales: {name: Net Sales, aliases: [Umsatz netto]}\ndata: [d.csv, w.tsv]\n"
    files = {
        "s.yaml": GOAL + kpis,
        "d.csv": '\ufeffKPI, Period ,Value,note\nNETSALES,2026-01,1,"a, b\nc"\n'
        + '"umsatz  NETTO",2026-02,"2",\nnet_sales,2026-03,3,\n',
        "w.tsv": "kpi\t2026-04\t2026-05\nnet sales\t4\t\n",
    }
    assert find(tmp_path, files) == []
    values = read_report(str(tmp_path)).scorecards["s"].evaluate("2026-04", periods=4).history("net_sales")
    assert values == [1, 2, 3, 4]


def test_two_values_for_one_key_in_one_source_are_a_finding_also_in_two_files_of_it(tmp_path: Path) -> None:
    # a glob is one source; what a later source says of a key counts, and is only a hint
    files = {
        "s.yaml": GOAL + "kpis: {k: {unit: x, values: {2026-01: 9}}}\ndata: ['d/*.csv', late.csv]\n",
        "d/a.csv": CELLS + "k,2026-01,1\nk,2026-02,1\nk,2026-02,1\n",
        "d/b.csv": CELLS + "k,2026-01,2\n",
        "late.csv": CELLS + "k,2026-01,3\nk,2026-02,4\n",
    }
    assert find(tmp_path, files) == ["b.csv:2:11 S307", "b.csv:2:11 S338", "late.csv:2:11 S338"]
    assert read_report(str(tmp_path)).scorecards["s"].evaluate("2026-02", periods=2).history("k") == [3, 4]


@pytest.mark.parametrize("header", ["kpi,2026-10,2026-10", "kpi,period,value,value", "kpi,period,KPI,value"])
def test_a_header_that_names_a_column_twice_leaves_its_file_out(header: str, tmp_path: Path) -> None:
    kpis = "kpis: {k: {values: {2026-10: 1}}}\ndata: [d.csv]\n"
    cells = ",".join({"kpi": "k", "period": "2026-10"}.get(key, "5") for key in header.split(","))
    folder = write(tmp_path, {"s.yaml": GOAL + kpis, "d.csv": f"{header}\n{cells}\n"})
    report = read_report(str(folder))
    assert [finding.code for finding in report.findings if finding.code < "S4"] == ["S302"]
    assert report.scorecards["s"].evaluate("2026-10").kpi("k").value == 1


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234,5", 1234.5),
        ("-1.234.567", -1234567),
        ("12,5%", 0.125),
        ("7", 7),
        ("0.125", None),
        ("1.23,4", None),
        ("1,2,3", None),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_declared(cell: str, value: float | None, tmp_path: Path) -> None:
    data = "data: [{path: d.csv, decimal: comma}]\n"
    files = {"s.yaml": f"{GOAL}kpis: {{k: {{unit: x}}}}\n{data}", "d.csv": f"kpi;period;value\nk;2026-01;{cell}\n"}
    assert find(tmp_path, files) == ([] if value is not None else ["d.csv:2:11 S304"])
    assert read_report(str(tmp_path)).scorecards["s"].evaluate("2026-01").kpi("k").value == value


@pytest.mark.parametrize("cell", ["nan", "inf", "1_000", "(5)", '"1,5"', "1/3", "abc", "5 EUR", "--3"])
def test_a_doubtful_cell_is_left_out_and_named_and_the_others_count(cell: str, tmp_path: Path) -> None:
    files = {
        "s.yaml": f"{GOAL}kpis: {{k: {{unit: x}}}}\ndata: [d.csv]\n",
        "d.csv": f"{CELLS}k,2026-01,{cell}\nk,2026-02,5\n",
    }
    assert find(tmp_path, files) == ["d.csv:2:11 S304"]
    assert read_report(str(tmp_path)).scorecards["s"].evaluate("2026-02", periods=2).history("k") == [None, 5]


@pytest.mark.parametrize(
    ("rhythm", "before", "near", "far", "said"),
    [
        ("month", "2026-07", "2027-07", "2062-07", "2062-07 lies 432 months after every other value"),
        ("month", "2026-07", "2027-Q2", "2027-08-31", "2027-08-31 lies 13 months after every other value"),
        ("quarter", "2026-Q3", "2029-Q3", "2029-Q4", "2029-Q4 lies 13 quarters after every other value"),
        ("half", "2026-H1", "2032-H1", "2032-H2", "2032-H2 lies 13 half-years after every other value"),
        ("day", "2026-07-01", "2027-07-01", "2027-07-03", "2027-07-03 lies 367 days after every other value"),
        ("year", "2014", "2026", "2027", "2027 lies 13 years after every other value"),
    ],
)
def test_a_period_far_after_all_others_is_named(
    rhythm: str, before: str, near: str, far: str, said: str, tmp_path: Path
) -> None:
    head = f"{GOAL}period: {rhythm}\nkpis: {{k: {{unit: x}}, j: {{unit: x}}}}\ndata: [d.csv]\n"
    assert find(tmp_path, {"s.yaml": head, "d.csv": f"{CELLS}k,{near},1\nk,{before},1\n"}) == []
    rows = f"j,{far},1\nk,{before},1\nk,{far},1\n"
    assert find(tmp_path, {"d.csv": f"{CELLS}{rows}"}) == [f"d.csv:2:{len(f'j,{far},') + 1} S333"]
    assert [one.message for one in read_report(str(tmp_path)).findings] == [said]
    assert find(tmp_path, {"d.csv": f"{CELLS}k,{far},1\nj,{far},2\n"}) == []  # the only period


@pytest.mark.parametrize("scoring", ["", ", scoring: none"])
def test_rows_of_a_kpi_in_words_name_no_members(scoring: str, tmp_path: Path) -> None:
    kpis = f"dimensions: {{r: [n]}}\nkpis: {{k: {{levels: {{a: 0, b: 1}}{scoring}}}}}\ndata: [d.csv]\n"
    files = {"s.yaml": GOAL + kpis, "d.csv": "kpi,period,value,r\nk,2026-01,a,n\nk,2026-02, B ,\n"}
    assert find(tmp_path, files) == ["d.csv:2:1 S306"]


def test_a_misplaced_target_is_a_finding_only_where_it_counts(tmp_path: Path) -> None:
    # for exactly a review period, in a row without members
    files = {
        "s.yaml": f"{GOAL}dimensions: {{r: [n]}}\nkpis: {{k: {{baseline: 5, target: 9}}}}\ndata: [d.csv]\n",
        "d.csv": "kpi,period,value,target,r\nk,2026-01,6,1,n\nk,2026-Q1,,1,\nk,2026-02,6,1,\n",
    }
    assert find(tmp_path, files) == ["d.csv:4:13 S312"]


def test_several_values_in_one_review_period_ask_how_they_combine(tmp_path: Path) -> None:
    two = "values: {2026-W41: 1, 2026-W42: 2}"
    text = f"""{GOAL}kpis:
  silent: {{unit: x, {two}}}
  said: {{unit: x, aggregate: last, {two}}}
  words: {{levels: {{"1": 0, "2": 1}}, {two}}}
  apart: {{unit: x, values: {{2026-W40: 1, 2026-W45: 2}}}}
"""
    found = find(tmp_path, text, method=True)
    assert [line for line in found if line.endswith("S425")] == ["s.yaml:5:3 S425"]


# The command


def test_check_says_all_of_all_files_in_order_and_ends_with_1(tmp_path: Path) -> None:
    files = {
        "b.yaml": "strategy: s\nperspectives: {p: P}\nnme: x\ndata: [d.csv]\n",
        "a.yaml": "goals:\n  g: {perspective: q, weight: -1}\nkpis: {k: {unit: x}}\n",
        "d.csv": CELLS + "k,2026-13,1\nz,2026-01,1\n",
    }
    command = [sys.executable, "-m", "scorecard", "check", str(write(tmp_path, files)), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(result)[:4] == ["findings", "errors", "warnings", "hints"]
    assert list(result["findings"][0]) == ["code", "severity", "file", "line", "column", "message", "hint"]
    errors = [one for one in result["findings"] if one["severity"] == "error"]
    places = [(Path(one["file"]).name, one["line"], one["column"], one["code"]) for one in errors]
    assert places == [
        ("a.yaml", 2, 20, "S220"),
        ("a.yaml", 2, 31, "S211"),
        ("b.yaml", 3, 1, "S202"),
        ("d.csv", 2, 3, "S305"),
        ("d.csv", 3, 1, "S303"),
    ]
    keys = [(one["file"], one["line"], one["column"], one["code"]) for one in result["findings"]]
    assert keys == sorted(keys)
    assert result["errors"] == len(errors)
