"""What `scorecard check` prints: for people, for scripts, for GitHub, and as SARIF and JUnit."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from command_line import CLEAN, FINDINGS, ROWS, SHOP, SOCIAL_MEDIA, read_json, run, write_strategy

from scorecard.model.codes import CODES

ODD = "100%, a:b #1 & <c>.yaml"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A strategy with errors, warnings and hints, in a file whose name is special to every format."""
    folder = write_strategy(tmp_path / "broken", SHOP, ROWS)
    text = 'goals:\n  odd:\n    perspective: people\n    theme: "100%, <a> & b: c"\n    onwer: Ann\n'
    text += "kpis: {half: {formula: margin / 2, keep: 3}}\n"
    (folder / ODD).write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_text_says_place_code_sentence_and_hint(broken: Path) -> None:
    found = run("check", broken)
    assert (found.exit_code, found.stderr) == (FINDINGS, "")
    assert (
        f"{broken}/{ODD}:5:5: error S202 the key 'onwer' is not known here\n    did you mean 'owner'?\n" in found.stdout
    )
    places = re.findall(r"^(.*):(\d+):(\d+): (?:error|warning|hint) S\d\d\d ", found.stdout, re.MULTILINE)
    order = [(file, int(line), int(column)) for file, line, column in places]
    assert order == sorted(order)
    assert re.search(r"^2 errors, \d+ warnings, \d+ hints?$", found.stdout, re.MULTILINE)


def test_quiet_leaves_hints_and_the_summary_out() -> None:
    loud, quiet = run("check", SOCIAL_MEDIA), run("check", SOCIAL_MEDIA, "--quiet")
    assert (loud.exit_code, quiet.exit_code) == (CLEAN, CLEAN)
    assert " hint S" in loud.stdout
    assert "What would help most" in loud.stdout
    assert " hint S" not in quiet.stdout
    assert quiet.stdout.splitlines() == [line for line in loud.stdout.splitlines() if line in quiet.stdout.splitlines()]
    assert "warnings" not in quiet.stdout


def test_strict_counts_warnings() -> None:
    assert run("check", SOCIAL_MEDIA, "--strict").exit_code == FINDINGS
    assert run("check", SOCIAL_MEDIA, "--strict", "--quiet").exit_code == FINDINGS


def test_nothing_found_is_said(tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    clean.mkdir()
    accept = "\n".join(f"  {code}: This is a test" for code in CODES if code.startswith("S4"))
    (clean / "strategy.yaml").write_text(f"strategy: s\naccept:\n{accept}\n", encoding="utf-8")
    found = run("check", clean)
    assert (found.exit_code, found.stdout.splitlines()[0]) == (CLEAN, "no findings")
    assert run("check", clean, "--quiet").stdout == ""
    suite = ElementTree.fromstring(run("check", clean, "--format", "junit").stdout)
    assert (suite.get("tests"), suite.get("failures"), len(suite)) == ("1", "0", 1)
    assert json.loads(run("check", clean, "--format", "sarif").stdout)["runs"][0]["results"] == []


def test_json_counts_and_says_its_version(broken: Path) -> None:
    printed = json.loads(run("check", broken, "--format", "json").stdout)
    assert json.loads(run("check", broken, "--json").stdout) == printed
    assert list(printed)[:4] == ["findings", "errors", "warnings", "hints"]
    assert printed["version"] == 1
    for severity in ("error", "warning", "hint"):
        assert printed[f"{severity}s"] == sum(one["severity"] == severity for one in printed["findings"])
    first = next(one for one in printed["findings"] if one["code"] == "S202")
    assert list(first) == ["code", "severity", "file", "line", "column", "message", "hint"]
    assert first["file"] == f"{broken}/{ODD}"
    assert (first["line"], first["column"]) == (5, 5)


def test_other_commands_print_errors_as_json_too(broken: Path) -> None:
    for arguments in (["show", broken], ["why", broken, "profit"]):
        found = run(*arguments, "--json")
        assert found.exit_code == FINDINGS
        assert json.loads(found.stdout)["errors"] == 2


def test_github_annotations_name_the_line_and_escape_what_is_special(broken: Path) -> None:
    lines = run("check", ".", "--format", "github").stdout.splitlines()
    pattern = re.compile(r"::(error|warning|notice) file=([^,:]+),line=(\d+),col=(\d+),title=(S\d\d\d)::(.+)")
    found = [pattern.fullmatch(line) for line in lines]
    assert all(found)
    assert {one.group(1) for one in found if one} == {"error", "warning", "notice"}
    assert "::error file=100%25%2C a%3Ab #1 & <c>.yaml,line=5,col=5,title=S202::" in "\n".join(lines)
    assert any("'100%25, <a> & b: c'" in line for line in lines)


def test_sarif_has_what_code_scanning_reads(broken: Path) -> None:
    printed = json.loads(run("check", ".", "--format", "sarif").stdout)
    assert printed["version"] == "2.1.0"
    (log,) = printed["runs"]
    driver = log["tool"]["driver"]
    assert driver["name"] == "scorecard"
    assert [rule["id"] for rule in driver["rules"]] == sorted({one["ruleId"] for one in log["results"]})
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert {one["level"] for one in log["results"]} == {"error", "warning", "note"}
    for one in log["results"]:
        assert driver["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        _check_location(one)
    assert len(log["results"]) == len(json.loads(run("check", ".", "--json").stdout)["findings"])


def _check_location(finding: dict[str, Any]) -> None:
    assert finding["message"]["text"]
    (location,) = finding["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[\w./%-]+", uri)
    assert unquote(uri) in (ODD, "strategy.yaml", "rows.csv")
    region = location["physicalLocation"]["region"]
    assert region["startLine"] >= 1
    assert region["startColumn"] >= 1


def test_junit_has_a_case_for_each_finding(broken: Path) -> None:
    suite = ElementTree.fromstring(run("check", broken, "--format", "junit").stdout)
    printed = json.loads(run("check", broken, "--json").stdout)
    assert suite.get("tests") == str(len(printed["findings"])) == str(len(suite.findall("testcase")))
    assert (
        suite.get("failures") == str(printed["errors"] + printed["warnings"]) == str(len(suite.findall(".//failure")))
    )
    messages = {failure.get("message") for failure in suite.iter("failure")}
    assert {one["message"] for one in printed["findings"] if one["severity"] != "hint"} == messages
    assert f"S202 {broken}/{ODD}:5:5" in {case.get("name") for case in suite.iter("testcase")}


def test_every_format_says_the_same_findings(broken: Path) -> None:
    codes = [one["code"] for one in json.loads(run("check", broken, "--json").stdout)["findings"]]
    for form in ("github", "sarif", "junit"):
        text = run("check", broken, "--format", form).stdout
        assert set(re.findall(r"\bS[1-4]\d\d\b", text)) == set(codes), form
    assert read_json("check", SOCIAL_MEDIA)["errors"] == 0
