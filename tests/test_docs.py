"""The pages under docs/ say what is so: keys, defaults and words of the format, worked numbers, code and commands."""

from __future__ import annotations

import doctest
import enum
import os
import re
import shutil
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pages import PAGES, ROOT, Block, can_draw, read_blocks, read_sections, read_tables, run_command
from pydantic import BaseModel
from scorecard.analysis.explanation import explain
from scorecard.api import check, load
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula import RESERVED
from scorecard.model import strategy as records
from scorecard.model.finding import Severity
from scorecard.parser.files import Limits as FileLimits
from scorecard.parser.yaml_loader import LIMITS

DOCS = ROOT / "docs"
FORMAT, METHOD, LIBRARY, TUTORIAL = (DOCS / f"{name}.md" for name in ("format", "method", "library", "tutorial"))

# The record whose keys stand in the table under a heading of the format's page; for KPIs only what metrics lack.
TABLES: dict[str, tuple[type[records.Record], type[records.Record] | None]] = {
    "Strategy": (records.Strategy, None),
    "Bands": (records.Bands, None),
    "Perspective": (records.Perspective, None),
    "Dimension": (records.Dimension, None),
    "Goal": (records.Goal, None),
    "An entry of lagging": (records.KpiUse, None),
    "A KPI in leading": (records.KpiDriver, None),
    "A goal in leading: the link": (records.Link, None),
    "Evidence": (records.EvidenceRecord, None),
    "Guardrail": (records.Guardrail, None),
    "Initiative": (records.Initiative, None),
    "Override": (records.Override, None),
    "KPI and metric": (records.Measure, None),
    "KPI": (records.Kpi, records.Measure),
    "A file": (records.FileSource, None),
    "A database": (records.DatabaseSource, None),
}
SHOWN_IN_ANOTHER = {records.Metric, records.Titled}  # a metric has the keys of a measure; what has a title has its own


def keys_of(record: type[records.Record], without: type[records.Record] | None = None) -> dict[str, Any]:
    """The keys a file may use in a record, each with its field of the model; an id that is the key above is none."""
    return {
        field.alias or name: field
        for name, field in record.model_fields.items()
        if field.alias != records.ID_KEY and (without is None or name not in without.model_fields)
    }


def key_rows(heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading by key, without the key."""
    table = next(read_tables(read_sections(FORMAT)[heading]))
    return {row[0].strip("`"): row[1:] for row in table}


def words_of(annotation: Any) -> set[str]:
    """The words that may stand for a value: what is typed as one of several."""
    if get_origin(annotation) is Literal:
        return {word for word in get_args(annotation) if isinstance(word, str)}
    if isinstance(annotation, enum.EnumMeta):
        return {member.value for member in annotation}
    return set().union(*(words_of(part) for part in get_args(annotation)))


def test_every_record_of_the_model_has_a_table() -> None:
    every = {
        one
        for one in vars(records).values()
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == records.__name__
    }
    assert {record for record, _ in TABLES.values()} == every - SHOWN_IN_ANOTHER
    assert keys_of(records.Metric).keys() == keys_of(records.Measure).keys()


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_has_the_keys_of_its_record_and_no_other(heading: str) -> None:
    assert list(key_rows(heading)) == list(dict.fromkeys(key_rows(heading)))
    assert set(key_rows(heading)) == set(keys_of(*TABLES[heading]))


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_says_what_counts_where_a_key_is_left_out(heading: str) -> None:
    rows = key_rows(heading)
    for key, field in keys_of(*TABLES[heading]).items():
        said = rows[key][1]
        assert (said == "required") == field.is_required(), key
        default = None if field.is_required() else field.default
        if isinstance(default, str | int | float):
            written = str(default) if isinstance(default, str) else f"{default:g}"
            assert f"`{written}`" in said, key


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_names_every_word_a_value_may_be(heading: str) -> None:
    rows = key_rows(heading)
    for key, field in keys_of(*TABLES[heading]).items():
        words = words_of(field.annotation)
        assert words <= set(re.findall(r"`([^`]+)`", rows[key][0])), key


def test_the_default_bands_are_those_the_page_names() -> None:
    assert key_rows("Strategy")["bands"][1] == "`1/3`, `2/3`"
    assert (records.DEFAULT_BANDS.amber, records.DEFAULT_BANDS.green) == (1 / 3, 2 / 3)


def test_the_page_names_every_function_of_formulas() -> None:
    assert set(re.findall(r"`(\w+)`", read_sections(FORMAT)["Formulas"])) >= RESERVED - {"if", "else"}


def test_the_page_names_the_limits() -> None:
    said = {row[0]: row[1] for row in next(read_tables(read_sections(FORMAT)["Limits"]))}
    files = FileLimits()
    assert said["a strategy file"] == f"{LIMITS.file_bytes // 1_000_000} MB"
    assert said["files of a strategy"] == f"{files.files}, together {files.strategy_bytes // 1_000_000} MB"
    assert said["values after aliases are followed"] == f"{LIMITS.values:,}"
    assert said["nesting"] == f"{LIMITS.depth} levels"
    assert said["a text"] == f"{LIMITS.text:,} characters"


def format_examples() -> list[list[Block]]:
    """The examples of the format's page: a strategy text each, the last one before data with the data behind it."""
    examples: list[list[Block]] = []
    for block in read_blocks(FORMAT):
        if block.kind == "yaml":
            examples.append([block])
        else:
            examples[-1].append(block)
    return examples


@pytest.mark.parametrize("blocks", format_examples(), ids=lambda blocks: f"line {blocks[0].line}")
def test_the_examples_of_the_format_are_read_without_a_fault(blocks: list[Block], tmp_path: Path) -> None:
    text = blocks[0].text
    (tmp_path / "example.yaml").write_text(text, encoding="utf-8")
    if not text.startswith("strategy:"):
        (tmp_path / "rest.yaml").write_text("strategy: example\n", encoding="utf-8")
    for block in blocks[1:]:
        (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    findings = check(tmp_path)
    assert [finding for finding in findings if not finding.code.startswith("S4")] == []
    accepted = re.findall(r"^ +(S\d+): ", text, re.MULTILINE)
    assert not {*accepted, "S430", "S431"} & {finding.code for finding in findings}


def test_the_data_of_the_format_s_page_has_the_values_it_shows(tmp_path: Path) -> None:
    blocks = next(blocks for blocks in format_examples() if len(blocks) > 1)
    (tmp_path / "strategy.yaml").write_text("strategy: example\n" + blocks[0].text, encoding="utf-8")
    for block in blocks[1:]:
        (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    evaluation = load(tmp_path).evaluate("2026-07", periods=3)
    assert evaluation.history("visits") == [1210, 1304, 1377]
    assert evaluation.history("visits", "target") == [1500, 1400, 1500]
    assert evaluation.kpi("rating").value == 4.25


# The method's worked example


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
    tables = [table for name in EXAMPLE for table in read_tables(sections[name])]
    return [row for table in tables for row in table if len(row) == 3]


EXAMPLE = ("From values to scores", "From scores to goals", "From goals to the outlook", "The whole scorecard")


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
    for name in EXAMPLE:
        prose = " ".join(line for line in sections[name].splitlines() if not line.startswith("|"))
        assert set(re.findall(r"\d+(?:\.\d+)?", prose)) <= known, name


# The library's page


def test_the_code_of_the_library_s_page_does_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = "\n".join(block.text for block in read_blocks(LIBRARY) if block.kind == "python")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(text, {}, "library.md", None, None)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=flags, verbose=False).run(test, out=report.append)
    assert test.examples
    assert report == [], "".join(report)


def test_the_library_s_page_names_every_public_name() -> None:
    import scorecard

    said = set(re.findall(r"[A-Za-z_]+", " ".join(re.findall(r"`([^`]+)`", LIBRARY.read_text(encoding="utf-8")))))
    assert set(scorecard.__all__) <= said


# The tutorial


def test_the_tutorial_goes_as_it_says(tmp_path: Path) -> None:
    """Commands are run, files written and changes made in the order of the page; what is printed is what it shows."""
    for block in read_blocks(TUTORIAL):
        match block.kind:
            case "console":
                run_console(block, tmp_path)
            case "diff":
                apply_change(block, tmp_path)
            case _:
                assert block.file, f"line {block.line}: a block that is no file"
                (tmp_path / block.file).write_text(block.text, encoding="utf-8")


def run_console(block: Block, folder: Path) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        run = run_command(line, folder)
        if not can_draw(line):
            assert run.code == 2, run.output
            continue
        assert run.code == (1 if "error S" in shown else 0), run.output
        if shown.strip():
            assert re.fullmatch(pattern_of(shown), run.output), f"$ {line}\n{run.output}"


def pattern_of(shown: str) -> str:
    """What is shown as a pattern: a line of three dots stands for any lines, dots in a line for any text, blanks for any blanks."""

    def words(line: str) -> str:
        parts = [r"[ ]+".join(map(re.escape, part.split())) for part in line.split("...")]
        return "[ ]*" + ".*".join(f"{part}[ ]*" for part in parts) + "\n"

    return "".join(r"(?:.*\n)*" if line == "..." else words(line) for line in shown.splitlines())


def apply_change(block: Block, folder: Path) -> None:
    """A diff without line numbers: the lines with a blank or a minus before them stand in the file, once."""
    path = folder / block.file
    lines = [line or " " for line in block.text.splitlines()]
    before = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
    after = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"line {block.line}: these lines stand {text.count(before)} times in {block.file}"
    path.write_text(text.replace(before, after), encoding="utf-8")


# All pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists() and file.is_relative_to(ROOT), target
        if anchor:
            assert anchor in {slug(heading) for heading in read_sections(file)}, target


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_and_commands_on_the_pages_exist(page: Path) -> None:
    from scorecard.cli.app import app
    from typer.main import get_command

    commands = get_command(app).commands  # type: ignore[attr-defined]
    blocks = "\n".join(block.text for block in read_blocks(page) if block.kind == "console")
    spans = re.findall(r"`(scorecard [^`]*)`", page.read_text(encoding="utf-8"))
    for line in [*re.findall(r"^(?:\$ )?(scorecard .*)$", blocks, re.MULTILINE), *spans]:
        words = line.split()
        if words[1].startswith("-"):
            continue
        assert words[1] in commands, line
        known = {option for parameter in commands[words[1]].params for option in parameter.opts}
        assert {word for word in words[2:] if word.startswith("-")} <= known, line


@pytest.mark.parametrize("name", ["map-terminal.svg", "map-terminal-light.svg", "table.svg", "map.svg"])
def test_pictures_load_nothing_from_outside(name: str) -> None:
    text = (DOCS / "pictures" / name).read_text(encoding="utf-8")
    assert "Engaging" in text
    addresses = set(re.findall(r"""(?:url\(|href=|src=|@import)\s*["']?(?!#)([^"')\s]+)""", text))
    assert addresses == set()


@pytest.mark.skipif(shutil.which("dot") is None, reason="the map is drawn by Graphviz' dot, which is not installed")
def test_the_pictures_can_be_drawn_again(tmp_path: Path) -> None:
    import runpy

    runpy.run_path(str(DOCS / "make_pictures.py"))["draw_all"](tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(os.listdir(DOCS / "pictures"))
