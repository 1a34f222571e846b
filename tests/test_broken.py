"""The gallery of broken files: each is checked, and all that is said of it is compared.

`tests/broken/S202_unknown_key.yaml` (a file, or a folder where one file cannot show it) shows S202; what `scorecard check`
says of it stands beside it in `S202_unknown_key.txt`. Weaknesses of the method are compared in the files of `S4` codes only.
`python tests/test_broken.py` writes these texts anew: read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorecard.api import load, read_report
from scorecard.cli.app import app
from scorecard.cli.findings import write_text
from scorecard.model.codes import CODES
from scorecard.model.finding import Finding

BROKEN = Path(__file__).parent / "broken"
NAMES = sorted(name for name in os.listdir(BROKEN) if not name.endswith(".txt"))
TRANSCRIPTS = sorted(os.listdir(BROKEN.parent / "broken_store"))  # of codes that take commands to show


def find(name: str) -> list[Finding]:
    """What is said of a file of the gallery, which is the working directory."""
    shows_method = name.startswith("S4")
    findings = read_report(name, method=True, gathered=True).findings
    return [finding for finding in findings if shows_method or finding.code < "S4"]


@pytest.fixture(autouse=True)
def in_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)


@pytest.mark.parametrize("name", NAMES)
def test_broken_file_is_described(name: str) -> None:
    expected = Path(name.removesuffix(".yaml") + ".txt").read_text(encoding="utf-8")
    assert write_text(find(name)) + "\n" == expected


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("S000")])
def test_broken_file_shows_its_code(name: str) -> None:
    assert name[:4] in {finding.code for finding in find(name)}


def test_every_code_has_a_file() -> None:
    assert set(CODES) - {name[:4] for name in (*NAMES, *TRANSCRIPTS)} == set()


def test_every_file_is_named_after_its_code() -> None:
    assert [name for name in NAMES if not re.fullmatch(r"S\d{3}(_[a-z0-9]+)+(\.yaml)?", name)] == []
    assert {name[:4] for name in NAMES} - set(CODES) == {"S000"}


def test_every_text_belongs_to_a_file() -> None:
    texts = {name for name in os.listdir(BROKEN) if name.endswith(".txt")}
    assert texts == {name.removesuffix(".yaml") + ".txt" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_findings_have_severity_hint_and_a_place_in_a_file(name: str) -> None:
    for finding in find(name):
        assert finding.severity == CODES[finding.code].severity
        assert finding.hint
        place = finding.place
        assert place.line >= 1
        assert place.column >= 1
        if Path(place.file).is_file():
            lines = Path(place.file).read_bytes().splitlines() or [b""]
            assert place.line <= len(lines) + 1  # what is missing at the end stands after the last line
            assert place.column <= len(lines[place.line - 1 if place.line <= len(lines) else -1]) + 1


def test_faults_of_all_stages_are_found_at_once() -> None:
    codes = {finding.code for finding in find("S000_everything.yaml")}
    syntax, shapes = {"S110"}, {"S202", "S204", "S205", "S207", "S208", "S209", "S211"}
    references, data = {"S220", "S224", "S225", "S226", "S227", "S232"}, {"S301", "S304"}
    assert codes == syntax | shapes | references | data


def test_faults_of_all_files_are_found_at_once() -> None:
    found = {(finding.place.file, finding.code) for finding in find("S101_one_file_of_two")}
    assert {code for file, code in found if file.endswith("kpis.yaml")} == {"S101"}
    assert {code for file, code in found if file.endswith("strategy.yaml")} == {"S205", "S232"}


def test_a_strategy_that_was_not_read_whole_is_not_computed() -> None:
    for name in ("S101_one_file_of_two", "S111_dangling_link", "S113_link_out"):
        assert not read_report(name).scorecards


def test_the_command_prints_the_same() -> None:
    result = CliRunner().invoke(app, ["check", "S000_everything.yaml", "--format", "text"])
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    for line in Path("S000_everything.txt").read_text(encoding="utf-8").splitlines():
        assert line.strip() in result.output


def test_a_warning_alone_does_not_stop_the_computing() -> None:
    assert load("S229_named_twice.yaml").strategy.id == "bakery"


if __name__ == "__main__":
    os.chdir(BROKEN)
    for broken in NAMES:
        Path(broken.removesuffix(".yaml") + ".txt").write_text(write_text(find(broken)) + "\n", encoding="utf-8")
