"""Many rows at once are read as one by one: the same observations in the same order, the same findings."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from random_tables import SHOP, draw_table, write_text

from scorecard.compute.observations import TOTAL, Block, Observations, Recorder
from scorecard.model.finding import Finding, Place
from scorecard.model.number import NumberError, read_clear_comma, read_data_number, read_decimal_comma
from scorecard.model.period import Period, Rhythm
from scorecard.model.strategy import Strategy
from scorecard.parser.reader import read_path
from scorecard.store import lines, table, text_chunk
from scorecard.store import parquet as parquet_reader
from scorecard.store.columns import Cells
from scorecard.store.intake import Intake, read_cell
from scorecard.store.sources import read_file

COLUMNS = ("measure", "period", "member", "value", "target", "file", "line", "column")
TABLES = ("measures", "periods", "members", "files", "sources")
SEEDS = range(40)
Way = Callable[[pytest.MonkeyPatch], None]


def one_by_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(text_chunk.Cutter, "__call__", lambda self: None)
    for form in (table._Long, table._Wide):
        patch.setattr(form, "many", table._take_each)


def in_small_chunks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lines, "BLOCK", 700)
    patch.setattr(parquet_reader, "_BATCH", 17)


def at_once(patch: pytest.MonkeyPatch) -> None:
    """With the sizes as they are."""


def with_pyarrow(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(text_chunk, "LARGE", 0)
    patch.setattr(text_chunk, "_MANY", 2_000)
    patch.setattr(lines, "BLOCK", 300)


def without_pyarrow(patch: pytest.MonkeyPatch) -> None:
    with_pyarrow(patch)
    patch.setitem(sys.modules, "pyarrow", None)  # as if it were not installed


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Strategy:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.yaml").write_text(SHOP)
    strategy = read_path(str(folder)).readings[0].strategy
    assert strategy is not None
    return strategy


def read(shop: Strategy, path: Path, decimal: str, way: Way) -> tuple[Observations, list[Finding]]:
    with pytest.MonkeyPatch.context() as patch:
        way(patch)
        order = {member: number for d in shop.dimensions.values() for number, member in enumerate(d.members)}
        intake = Intake(shop, Recorder((*shop.kpis, *shop.metrics), order))
        intake.recorder.add("sales", (3, 2020, 1), 1.0, None, Place("before"))  # type: ignore[arg-type]
        read_file(path, "rows", decimal, intake)
        return intake.recorder.freeze(), intake.findings


def assert_same(shop: Strategy, path: Path, decimal: str, *ways: Way) -> Observations:
    rows, findings = read(shop, path, decimal, one_by_one)
    for way in ways:
        others, other_findings = read(shop, path, decimal, way)
        assert other_findings == findings
        for name in TABLES:
            assert getattr(others, name) == getattr(rows, name), name
        for name in COLUMNS:
            assert getattr(others, name).dtype == getattr(rows, name).dtype
            np.testing.assert_array_equal(getattr(others, name), getattr(rows, name), name)
    return rows


@pytest.mark.parametrize("is_wide", [False, True], ids=["long", "wide"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_text_file_is_read_as_row_by_row(seed: int, is_wide: bool, shop: Strategy, tmp_path: Path) -> None:
    rng = random.Random(seed)
    odd = rng.choice([0, 0.01, 0.1, 0.6])
    separator, name = rng.choice([(",", "rows.csv"), (";", "rows.csv"), ("\t", "rows.tsv")])
    sign = rng.choice(["point", "comma"]) if separator != "," else "point"
    decimal = rng.choice([sign, sign, ""])
    write_text(rng, tmp_path / name, draw_table(rng, 150, odd, sign, is_wide), separator, odd)
    rows = assert_same(shop, tmp_path / name, decimal, in_small_chunks, at_once, with_pyarrow)
    assert odd or decimal == "" or len(rows) > 140


@pytest.mark.parametrize("is_wide", [False, True], ids=["long", "wide"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_parquet_file_is_read_as_row_by_row(seed: int, is_wide: bool, shop: Strategy, tmp_path: Path) -> None:
    rng = random.Random(seed)
    odd = rng.choice([0, 0.01, 0.1, 0.6])
    header, *cells = draw_table(rng, 100, odd, is_wide=is_wide)
    columns = [
        draw_column(rng, name, list(texts)) for name, texts in zip(header, zip(*cells, strict=True), strict=True)
    ]
    parquet.write_table(pyarrow.table(columns, names=header), tmp_path / "rows.parquet", row_group_size=40)
    assert_same(shop, tmp_path / "rows.parquet", "", in_small_chunks, at_once)


def draw_column(rng: random.Random, name: str, texts: list[str]) -> Any:
    """Texts, words, or numbers of some type, where the texts are."""
    kind = rng.choice(["text", "words", "float", "float", "int"])
    if name in ("kpi", "period", "region", "store", "note") or kind in ("text", "words"):
        array = pyarrow.array([text or rng.choice(["", None]) for text in texts])
        return array.dictionary_encode() if kind == "words" else array
    odd = [None, float("nan"), float("inf"), 3.0, -7.25, 2.0**62]
    numbers = [float(text) if re.fullmatch(r"-?\d{1,9}(\.\d+)?", text) else rng.choice(odd) for text in texts]
    if kind == "float":
        return pyarrow.array(numbers, rng.choice([pyarrow.float64(), pyarrow.float32()]), from_pandas=False)
    whole = [None if number is None or not isfinite(number) else int(number) for number in numbers]
    return pyarrow.array(whole, pyarrow.int64())


@given(
    st.lists(st.text("0123456789.,+-eE%_ x\u0663", max_size=8) | st.floats().map(repr), min_size=1, max_size=5),
    st.sampled_from([read_data_number, read_decimal_comma, read_clear_comma]),
)
def test_a_column_of_figures_is_read_as_each_of_them(texts: list[str], reader: Callable[[str], float]) -> None:
    figures = Cells(texts).read(reader)
    for text, value, is_odd in zip(texts, figures.values.tolist(), figures.odd.tolist(), strict=True):
        try:
            number = read_cell(text, reader)
        except NumberError:
            assert is_odd
        else:
            assert not is_odd
            assert value == number if number is not None else np.isnan(value)


@pytest.mark.parametrize("way", [in_small_chunks, with_pyarrow, without_pyarrow])
@pytest.mark.parametrize("is_wide", [False, True], ids=["long", "wide"])
@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_only_rows_that_may_be_odd_are_looked_at_one_by_one(
    decimal: str, is_wide: bool, way: Way, shop: Strategy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = "," if decimal == "comma" else "."
    months = [f"2026-{month:02}" for month in range(1, 13)]
    if is_wide:
        lines_ = [f"sales;{';'.join(f'{row}{sign}5' for _ in months)}" for row in range(50)]
        header, faulty = f"kpi;{';'.join(months)}", f"sales;x{';' * 11}"
    else:
        lines_ = [f"sales;{month};{row}{sign}5;400;north;Kiel" for row in range(50) for month in months]
        header, faulty = "kpi;period;value;target;region;store", "sales;2026-01;x;;;"
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([header, *lines_[:30], faulty, *lines_[30:]]), encoding="utf-8")
    looked_at: list[str] = []
    single = Intake.read
    monkeypatch.setattr(
        Intake, "read", lambda self, row, *more: looked_at.append(row.value) or single(self, row, *more)
    )
    rows, findings = read(shop, path, decimal, way)
    assert (looked_at, len(rows), len(findings)) == (["x"], 601, 1)
    assert findings[0].place == Place("rows", 32, 15 if not is_wide else 7)


@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_a_large_file_is_cut_by_pyarrow(
    decimal: str, shop: Strategy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = "," if decimal == "comma" else "."
    rows = [f"late;;Ümsatz;sales;{1990 + row};{row}{sign}5" for row in range(500)]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["by;;note;kpi;period;value", *rows]), encoding="utf-8")
    monkeypatch.setattr(text_chunk, "cut_texts", lambda *_: None)
    monkeypatch.setattr(Intake, "read", lambda *_: pytest.fail("a row was taken by itself"))
    seen, findings = read(shop, path, decimal, with_pyarrow)
    assert (findings, seen.value[1:].tolist()) == ([], [row + 0.5 for row in range(500)])
    assert seen.place(500) == Place("rows", 501, len("late;;Ümsatz;sales;2489;") + 1)


def test_blocks_and_single_rows_keep_their_order() -> None:
    recorder = Recorder(("sales", "costs"), {"north": 0, "south": 1})
    january, february = Period(Rhythm.MONTH, 2026, 1), Period(Rhythm.MONTH, 2026, 2)
    for period in (february, Period(Rhythm.YEAR, 2020, 1), january):  # one of them is never used
        recorder.code_period(period)
    south, north = recorder.code_members(("south",)), recorder.code_members(("north",))
    recorder.code_members(("nowhere",))
    recorder.add("costs", january, 1.0, None, Place("a", 1, 1))
    three = np.arange(3)
    members = np.array([south, TOTAL, north])
    recorder.add_block("b", Block(three * 0, three * 0, members, three + 2.0, three + 0.5, three + 7, three + 4))
    recorder.begin_source()
    recorder.add("sales", february, None, 5.0, Place("b", 9, 2), ("north",))
    rows = recorder.freeze()
    assert rows.periods == (january, february)
    assert rows.members == ((), ("north",), ("south",))
    assert (rows.files, rows.sources) == (("a", "b", "b"), (0, 0, 1))
    assert rows.measure.tolist() == [1, 0, 0, 0, 0]
    assert rows.period.tolist() == [0, 1, 1, 1, 1]
    assert rows.member.tolist() == [0, 2, 0, 1, 1]
    np.testing.assert_array_equal(rows.value, [1.0, 2.0, 3.0, 4.0, np.nan])
    np.testing.assert_array_equal(rows.target, [np.nan, 0.5, 1.5, 2.5, 5.0])
    assert [str(rows.place(row)) for row in range(5)] == ["a:1:1", "b:7:4", "b:8:5", "b:9:6", "b:9:2"]


def test_nothing_recorded_is_no_rows() -> None:
    rows = Recorder(("sales",)).freeze()
    assert (len(rows), rows.periods, rows.members, rows.files) == (0, (), ((),), ())
    assert {getattr(rows, name).dtype.kind for name in COLUMNS} == {"i", "f"}
