"""Parquet files made by pyarrow: both forms, the types that columns have, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet
from source_rows import Reading, read_source

from scorecard.store import parquet as reader


def read_columns(
    folder: Path, columns: dict[str, Any], data: str = "rows.parquet", more: str = "", **options: Any
) -> Reading:
    parquet.write_table(pyarrow.table(columns), folder / "rows.parquet", **options)
    return read_source(folder, data, more)


def test_the_long_form_with_members_and_targets(tmp_path: Path) -> None:
    columns = {
        "note": ["late", None, None],
        "KPI": pyarrow.array(["sales", "Net sales", "share"]).dictionary_encode(),
        "period": ["2026-01", "2026-Q1", "2026-02"],
        "value": [1.5, None, 0.25],
        "target": [None, 9.0, None],
        "region": ["North", None, None],
    }
    reading = read_columns(tmp_path, columns, more="dimensions: {region: [north, south]}")
    assert reading.findings == []
    assert reading.rows[0] == ("sales", "2026-01", ("north",), 1.5)
    assert reading.rows[2] == ("share", "2026-02", (), 0.25)
    assert reading.targets == {("sales", "2026-Q1"): 9.0}
    assert reading.places == ["rows.parquet:1:4", "rows.parquet:2:4", "rows.parquet:3:4"]


def test_the_wide_form(tmp_path: Path) -> None:
    reading = read_columns(tmp_path, {"kpi": ["sales", "share"], "2026-01": [1, None], "2026-02": [2.5, 0.5]})
    assert reading.findings == []
    assert [row[:2] + row[3:] for row in reading.rows] == [
        ("sales", "2026-01", 1.0),
        ("sales", "2026-02", 2.5),
        ("share", "2026-02", 0.5),
    ]
    assert reading.places == ["rows.parquet:1:2", "rows.parquet:1:3", "rows.parquet:2:3"]


@pytest.mark.parametrize(
    ("periods", "period"),
    [
        (["2026-10"], "2026-10"),
        (pyarrow.array([2026], pyarrow.int32()), "2026"),
        ([date(2026, 10, 31)], "2026-10-31"),
        (pyarrow.array([datetime(2026, 10, 31)], pyarrow.timestamp("us")), "2026-10-31"),
        (pyarrow.array([datetime(2026, 10, 31)], pyarrow.timestamp("ns")), "2026-10-31"),
        (pyarrow.array(["2026-W41"], pyarrow.large_string()), "2026-W41"),
    ],
)
def test_periods_are_texts_years_or_days(periods: Any, period: str, tmp_path: Path) -> None:
    reading = read_columns(tmp_path, {"kpi": ["sales"], "period": periods, "value": [1]})
    assert (reading.findings, reading.rows) == ([], [("sales", period, (), 1.0)])


@pytest.mark.parametrize(
    ("values", "value"),
    [
        (pyarrow.array([7], pyarrow.uint64()), 7.0),
        (pyarrow.array([0.5], pyarrow.float32()), 0.5),
        (pyarrow.array([Decimal("12.50")], pyarrow.decimal128(9, 2)), 12.5),
        (["12.5%"], 0.125),
        (["-3"], -3.0),
    ],
)
def test_values_are_numbers_of_any_type_or_texts(values: Any, value: float, tmp_path: Path) -> None:
    reading = read_columns(tmp_path, {"kpi": ["sales"], "period": ["2026-01"], "value": values})
    assert (reading.findings, reading.rows) == ([], [("sales", "2026-01", (), value)])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, float("nan")], "'nan' is not a number"),
        ([1.0, float("inf")], "'inf' is too large for a number"),
        (["1", "1,200"], "'1,200' is not a number"),
        ([date(2026, 1, 1), date(2026, 1, 1)], "'2026-01-01' is not a number"),
        ([True, False], "'FALSE' is not a number"),
        ([b"ab", b"abc"], "'3 bytes' is not a number"),
    ],
)
def test_a_value_that_is_no_figure_is_named_by_row_and_column(values: Any, message: str, tmp_path: Path) -> None:
    reading = read_columns(tmp_path, {"kpi": ["sales"] * 2, "period": ["2026-01", "2026-02"], "value": values})
    assert reading.findings[-1] == f"rows.parquet:2:3 S304 {message}"
    assert all(row[1] == "2026-01" for row in reading.rows)


def test_a_time_of_day_is_no_period(tmp_path: Path) -> None:
    columns = {"kpi": ["sales"], "period": [datetime(2026, 10, 31, 12)], "value": [1]}
    assert read_columns(tmp_path, columns).findings == ["rows.parquet:1:2 S305 '2026-10-31 12:00:00' is not a period"]


def test_rows_keep_their_numbers_across_batches_and_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_BATCH", 7)
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(50)]
    columns = {"kpi": ["sales"] * 50, "period": days, "value": list(range(50))}
    reading = read_columns(tmp_path, columns, row_group_size=20)
    assert reading.places == [f"rows.parquet:{line}:3" for line in range(1, 51)]
    assert [row[3] for row in reading.rows] == list(range(50))


def test_a_header_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    assert (
        "S302 the header has no column 'kpi'" in read_columns(tmp_path, {"name": ["sales"], "value": [1]}).findings[0]
    )
    unknown = read_columns(tmp_path, {"kpi": ["sales"], "period": ["2026-01"], "value": [1], "shop": [[1]]})
    assert unknown.findings == ["rows.parquet:1:4 S302 the column 'shop' is not known"]
    assert len(unknown.rows) == 1


def test_the_index_that_pandas_writes_is_passed_over(tmp_path: Path) -> None:
    columns = {"kpi": ["sales"], "period": ["2026-01"], "value": [1], "__index_level_0__": [5]}
    assert read_columns(tmp_path, columns).findings == []


def test_a_long_text_repeated_in_every_row_is_held_once(tmp_path: Path) -> None:
    words = pyarrow.array(["x" * 1_000_000])
    names = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 10_000, pyarrow.int32()), words)
    reading = read_columns(tmp_path, {"kpi": names, "period": ["2026-01"] * 10_000, "value": [1] * 10_000})
    assert len(reading.findings) == 101  # a hundred, and that there are more
    assert max(map(len, reading.findings)) < 200


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 64 + b"PAR1", b"kpi,period,value\n"])
def test_what_is_no_parquet_file_is_one_finding(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(content)
    message = "rows.parquet:1:1 S301 the file is no Parquet file, or damaged"
    assert read_source(tmp_path, "rows.parquet").findings == [message]


def test_a_damaged_file_shows_what_could_be_read_and_says_so(tmp_path: Path) -> None:
    columns = {"kpi": ["sales"] * 100, "period": ["2026-01"] * 100, "value": [float(n) for n in range(100)]}
    read_columns(tmp_path, columns, compression="zstd")
    sound = (tmp_path / "rows.parquet").read_bytes()
    for at in range(4, len(sound), 37):
        (tmp_path / "rows.parquet").write_bytes(sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :])
        reading = read_source(tmp_path, "rows.parquet")
        assert len(reading.rows) == 100 or reading.findings


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_ROWS", 1)
    columns = {"kpi": ["sales"] * 2, "period": ["2026-01", "2026-02"], "value": [1, 2]}
    assert read_columns(tmp_path, columns).findings == ["rows.parquet:1:1 S301 the file is too large"]
