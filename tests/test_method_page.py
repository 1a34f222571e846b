"""The worked example of the page on the method: every number on the page is what the tool computes."""

from __future__ import annotations

import re

import pytest
from pages import ROOT, read_blocks, read_sections, read_tables

from scorecard.analysis.explanation import explain
from scorecard.api import check, load
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Severity

METHOD = ROOT / "docs" / "method.md"
# The headings whose tables are calculations.
WORKED = (
    "From values to scores",
    "From scores to goals",
    "From goals to the outlook",
    "The whole scorecard",
)  # headings


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    path = tmp_path_factory.mktemp("method") / "strategy.yaml"
    (block,) = (block for block in read_blocks(METHOD) if block.kind == "yaml")
    path.write_text(block.text, encoding="utf-8")
    assert not [finding for finding in check(path) if finding.severity == Severity.ERROR]
    return load(path).evaluate("2026-06")


def figure(evaluation: Evaluation, words: str) -> object:
    """What a row's first cell names: `score of kpi`, `outlook of goal`, `status of goal`, `index`."""
    what, _, name = words.replace("`", "").partition(" of ")
    if what == "index":
        return evaluation.index.score
    if what in ("value", "score"):
        return getattr(evaluation.kpi(name), what)
    if name in evaluation.strategy.perspectives:
        return getattr(evaluation.perspective(name), what).score
    goal = evaluation.goal(name)
    part, _, field = what.partition(" ")
    if field:
        return getattr(getattr(goal, part), field)
    found = getattr(goal, part)
    return str(found) if isinstance(found, str) else found.score


def example_rows() -> list[list[str]]:
    sections = read_sections(METHOD)
    tables = [table for name in WORKED for table in read_tables(sections[name])]
    return [row for table in tables for row in table if len(row) == 3]


@pytest.mark.parametrize("row", example_rows(), ids=lambda row: row[0].replace("`", ""))
def test_the_numbers_of_the_worked_example(example: Evaluation, row: list[str]) -> None:
    name, way, said = row
    found = figure(example, name)
    if isinstance(found, str):
        assert said == found
        return
    places = len(said.rstrip("%").partition(".")[2]) + (2 if said.endswith("%") else 0)
    number = float(said.rstrip("%")) / (100 if said.endswith("%") else 1)
    assert found == pytest.approx(number, abs=0.5 * 10**-places + 1e-12)
    assert calculate(way) == pytest.approx(found, abs=1e-9)


def calculate(way: str) -> float:
    """The result of a calculation as the page writes it."""
    text = way.replace("×", "*").replace("−", "-").replace("%", "/100")
    assert re.fullmatch(r"[\d.+\-*/() ]+", text), way
    return float(eval(text, {"__builtins__": {}}))


def test_the_lines_of_the_worked_explanation(example: Evaluation) -> None:
    found = explain(example, "loyal_customers")
    (rows,) = read_tables(read_sections(METHOD)["Why: the parts of a number"])
    *lines, total = rows
    names = {line.id: line for line in found.lines}
    assert [row[0].strip("`") for row in lines] == [line.id for line in found.lines]
    for name, share, score, loss in lines:
        line = names[name.strip("`")]
        assert calculate(share) == pytest.approx(line.share, abs=1e-9)
        assert (score, loss) == (f"{line.score:.3f}", f"{line.loss:.4f}")
    assert found.constant == pytest.approx(calculate(total[1]), abs=1e-9)
    assert total[3] == f"{1 - found.number:.4f}"


def test_no_number_of_the_worked_example_stands_unchecked() -> None:
    sections = read_sections(METHOD)
    (block,) = (block for block in read_blocks(METHOD) if block.kind == "yaml")
    known = set(re.findall(r"\d+(?:\.\d+)?", block.text + " ".join(cell for row in example_rows() for cell in row)))
    for name in WORKED:
        prose = " ".join(line for line in sections[name].splitlines() if not line.startswith("|"))
        assert set(re.findall(r"\d+(?:\.\d+)?", prose)) <= known, name
