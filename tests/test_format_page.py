"""The page on the format says what the model says: every key, default and word; its examples are read as they stand."""

from __future__ import annotations

import enum
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pages import ROOT, Block, read_blocks, read_sections, read_tables
from pydantic import BaseModel

from scorecard.api import check, load
from scorecard.compute.formula import RESERVED
from scorecard.model import goal, kpi, strategy
from scorecard.model.fields import Record
from scorecard.model.limits import LIMITS, read_limits
from scorecard.model.number import read_number
from scorecard.model.period import Calendar, Rhythm, read_period
from scorecard.store.sources import SOURCES

FORMAT = ROOT / "docs" / "format.md"

# The record whose keys stand in the table under a heading of the format's page; for KPIs only what metrics lack.
TABLES: dict[str, tuple[type[Record], type[Record] | None]] = {
    "Strategy": (strategy.Strategy, None),
    "Bands": (kpi.Bands, None),
    "Perspective": (strategy.Perspective, None),
    "Dimension": (strategy.Dimension, None),
    "Goal": (goal.Goal, None),
    "An entry of lagging": (kpi.KpiUse, None),
    "A KPI in leading": (goal.KpiDriver, None),
    "A goal in leading: the link": (goal.Link, None),
    "Evidence": (goal.EvidenceRecord, None),
    "Guardrail": (goal.Guardrail, None),
    "Initiative": (goal.Initiative, None),
    "Override": (goal.Override, None),
    "KPI and metric": (kpi.Measure, None),
    "KPI": (kpi.Kpi, kpi.Measure),
    "A file": (strategy.FileSource, None),
    "A database": (strategy.DatabaseSource, None),
}
SHOWN_IN_ANOTHER = {kpi.Metric, kpi.Titled}  # a metric has the keys of a measure; what has a title has its own


def keys_of(record: type[Record], without: type[Record] | None = None) -> dict[str, Any]:
    """The keys a file may use in a record, each with its field of the model; an id that is the key above is none."""
    return {
        field.alias or name: field
        for name, field in record.model_fields.items()
        if field.alias != kpi.ID_KEY and (without is None or name not in without.model_fields)
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
        for module in (goal, kpi, strategy)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == module.__name__
    }
    assert {record for record, _ in TABLES.values()} == every - SHOWN_IN_ANOTHER
    assert keys_of(kpi.Metric).keys() == keys_of(kpi.Measure).keys()


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
    assert (kpi.DEFAULT_BANDS.amber, kpi.DEFAULT_BANDS.green) == (1 / 3, 2 / 3)


def test_the_page_names_every_function_of_formulas() -> None:
    assert set(re.findall(r"`(\w+)`", read_sections(FORMAT)["Formulas"])) >= RESERVED - {"if", "else"}


def test_the_page_names_the_limits() -> None:
    said = {row[0]: row[1] for row in next(read_tables(read_sections(FORMAT)["Limits"]))}
    assert said["a strategy file"] == f"{LIMITS.file_bytes // 1_000_000} MB"
    assert said["files of a strategy"] == f"{LIMITS.files}, together {LIMITS.strategy_bytes // 1_000_000} MB"
    assert said["values after aliases are followed"] == f"{LIMITS.values:,}"
    assert said["nesting"] == f"{LIMITS.depth} levels"
    assert said["a text"] == f"{LIMITS.text:,} characters"
    (setting,) = re.findall(r'SCORECARD_LIMITS="([^"]+)"', read_sections(FORMAT)["Limits"])
    assert read_limits(setting) != LIMITS


def test_the_page_s_periods_and_numbers_are_read_as_it_says() -> None:
    rows = next(read_tables(read_sections(FORMAT)["Periods"]))
    assert {read_period(text.strip("`")).rhythm.word in words for text, words in rows} == {True}
    year, quarter = Calendar(year_start=4), read_period("2026-Q1")
    whole, first = year.ordinal(read_period("2026")), year.ordinal(quarter)
    assert year.first_day(Rhythm.YEAR, whole) == date(2025, 4, 1).toordinal()
    assert year.last_day(Rhythm.YEAR, whole) == date(2026, 3, 31).toordinal()
    assert year.first_day(Rhythm.QUARTER, first) == date(2025, 4, 1).toordinal()
    assert year.last_day(Rhythm.QUARTER, first) == date(2025, 6, 30).toordinal()
    written = re.findall(r"`([^`]+)`", read_sections(FORMAT)["Numbers"].partition(" are numbers")[0])
    assert [read_number(text) for text in written] == [40000, 40000, 40000, pytest.approx(1 / 3), 0.125]


def test_the_page_names_the_files_that_are_read() -> None:
    (said,) = re.findall(r"^Files that end in (.+?) are read", read_sections(FORMAT)["Kinds of files"], re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", said)) == set(SOURCES)


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
