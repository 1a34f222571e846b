"""The page of each code: all have the same parts, the bad example gives the code, the good one does not.

An example is a block marked `yaml bad` or `yaml good`, with the data beside it as `csv bad` or `csv good`; what a good
example leaves out is as in the bad one. Codes about files, folders and the store show a picture in a `text` block instead.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorecard.api import check
from scorecard.cli.app import app
from scorecard.model.codes import CODES

PAGES = Path(__file__).parent.parent / "scorecard" / "pages"
STORED = {
    *(f"S{number}" for number in range(320, 330)),
    "S334",
    "S335",
    "S342",
}  # compared with transcripts in test_broken_store.py
PICTURED = {"S102", "S111", "S112", "S113", "S114", "S245", "S250", "S251", "S316", "S317", *STORED}
LEFT = {
    "S318": {"S319"},
    "S330": {"S301"},
    "S331": {"S301"},
}  # the variable or database of the good example is not here
NAMES = {"yaml": "strategy.yaml", "csv": "measurements.csv"}


def read_page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def read_examples(code: str, kind: str) -> dict[str, str]:
    """The blocks of one kind by the file they stand for."""
    blocks = re.findall(r"^```(\w+) (bad|good)\n(.*?)^```$", read_page(code), re.MULTILINE | re.DOTALL)
    return {NAMES[language]: text for language, what, text in blocks if what == kind}


def find_codes(folder: Path, files: dict[str, str]) -> set[str]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {finding.code for finding in check(folder)}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.iterdir()} == set(CODES)


def test_every_code_in_the_program_is_registered() -> None:
    texts = [path.read_text(encoding="utf-8") for path in PAGES.parent.rglob("*.py")]
    assert {code for text in texts for code in re.findall(r"\bS[1-4]\d\d\b", text)} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_page_has_its_parts(code: str) -> None:
    page = read_page(code)
    assert page.startswith(f"# {code}: {CODES[code].title}\n")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == ["What it says", "Why it matters", "Example", "Fix"]
    assert all(part.strip() for part in re.split(r"^##? .*$", page, flags=re.MULTILINE)[2:])
    assert all(len(line) <= 100 or line.startswith("glossary: [[") for line in page.splitlines())


@pytest.mark.parametrize("code", [code for code in CODES if code not in PICTURED])
def test_bad_example_gives_the_code(code: str, tmp_path: Path) -> None:
    bad = read_examples(code, "bad")
    assert "strategy.yaml" in bad
    if code == "S301":
        assert "measurements.csv" not in bad
    assert code in find_codes(tmp_path, bad)


@pytest.mark.parametrize("code", [code for code in CODES if code not in PICTURED])
def test_good_example_does_not(code: str, tmp_path: Path) -> None:
    good = read_examples(code, "good")
    assert good
    found = find_codes(tmp_path, read_examples(code, "bad") | good)
    assert code not in found
    assert {other for other in found if other < "S4"} == LEFT.get(code, set())


@pytest.mark.parametrize("code", sorted(PICTURED))
def test_pictured_page_has_a_picture(code: str) -> None:
    assert re.search(r"^```text\n", read_page(code), re.MULTILINE)
    assert not read_examples(code, "bad")


def test_command_prints_the_page() -> None:
    result = CliRunner().invoke(app, ["explain", "s204"])
    assert result.exit_code == 0
    assert result.output.strip() == read_page("S204").strip()
