"""Data files as spreadsheets write them, several kinds side by side, and what is said where a kind cannot be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow
import pytest
from pyarrow import parquet
from source_rows import Reading, read_source

from scorecard.store.sources import SOURCES

COMMA = "rows.csv:1:1 S332 the figures are read with a decimal comma: 12,5 is twelve and a half"


def read_text(folder: Path, text: str | bytes, data: str = "rows.csv", name: str = "rows.csv") -> Reading:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(folder, data)


SALES = [("sales", "2026-01", (), 12.5), ("share", "2026-02", (), 0.07)]


@pytest.mark.parametrize(
    "text",
    [
        "kpi,period,value\nsales,2026-01,12.5\nshare,2026-02,7%\n",
        "kpi;period;value\nsales;2026-01;12.5\nshare;2026-02;7%\n",
        "kpi\tperiod\tvalue\nsales\t2026-01\t12.5\nshare\t2026-02\t7%\n",
        "\ufeffkpi,period,value\r\nsales,2026-01,12.5\r\nshare,2026-02,7%\r\n",
        'kpi,"period",value\n"sales",2026-01,"12.5"\nshare,2026-02,7%',
        'note;kpi;period;value\n"a; ""b""\nc";Revenue;2026-01;12.5\n;share;2026-02;7%\n',
        "sep=;\nkpi;period;value\nsales;2026-01;12.5\nshare;2026-02;7%\n",
        '\ufeff"sep=,"\r\nkpi,period,value\r\nsales,2026-01,12.5\r\nshare,2026-02,7%\r\n',
        "SEP=\t\r\nkpi\tperiod\tvalue\nsales\t2026-01\t12.5\nshare\t2026-02\t7%\n",
        "kpi,period,value,,\nsales,2026-01,12.5,,\nshare,2026-02,7%,,\n,,,,\n,,,,\n",
        "kpi,period,value\nsales,2026-01,12.5,,\n\n,,\nshare,2026-02,7%\n  ,,\n",
        "kpi;2026-01;2026-02;\nsales;12.5;;\nshare;;7%;\n;;;\n",
    ],
)
def test_one_table_written_in_many_ways(text: str, tmp_path: Path) -> None:
    reading = read_text(tmp_path, text)
    assert (reading.findings, reading.rows) == ([], SALES)


def test_lines_and_columns_are_those_of_the_file(tmp_path: Path) -> None:
    reading = read_text(tmp_path, 'sep=;\nkpi;period;value\nsales;2026-01;x\n"sha\nrf";2026-02;1\n')
    assert [line.split(" S3")[0] for line in reading.findings] == ["rows.csv:3:15", "rows.csv:4:1"]


@pytest.mark.parametrize(
    ("figures", "values"),
    [
        (["12,5", "7"], [12.5, 7.0]),
        (["1.234,56", "-1,5", "12,5%"], [1234.56, -1.5, 0.125]),
        (["12,5", "1,234"], [12.5, 1.234]),
        (["0,125", "1.234.567"], [0.125, 1234567.0]),
        (["12,5", "", "n/a"], [12.5]),
    ],
)
def test_semicolons_and_figures_that_only_a_decimal_comma_explains(
    figures: list[str], values: list[float], tmp_path: Path
) -> None:
    long = "kpi;period;value\n" + "".join(f"sales;2026-{at:02};{text}\n" for at, text in enumerate(figures, 1))
    header = ";".join(f"2026-{at:02}" for at in range(1, len(figures) + 1))
    for text in (long, f"kpi;{header}\nsales;{';'.join(figures)}\n"):
        reading = read_text(tmp_path, text)
        assert [row[3] for row in reading.rows] == values
        assert reading.findings[0] == COMMA
        assert "decimal: comma" in reading.hints
        assert [line for line in reading.findings[1:] if "n/a" not in line] == []


@pytest.mark.parametrize(
    ("figures", "refused"),
    [
        (["1,234"], ["1,234"]),  # 1234 or 1.234
        (["12,5", "12.5"], ["12,5"]),
        (["12,5", "1.234"], ["12,5"]),  # 1234 or 1.234
        (["12,5", "1,234.5"], ["12,5", "1,234.5"]),
        (["1.234.567,8,9"], ["1.234.567,8,9"]),
    ],
)
def test_figures_in_doubt_are_findings_and_never_guessed(
    figures: list[str], refused: list[str], tmp_path: Path
) -> None:
    rows = "".join(f"sales;2026-{at:02};{text}\n" for at, text in enumerate(figures, 1))
    reading = read_text(tmp_path, f"kpi;period;value\n{rows}")
    assert [line.partition("S304 ")[2] for line in reading.findings] == [
        f"'{text}' is not a number" for text in refused
    ]
    assert len(reading.rows) == len(figures) - len(refused)


@pytest.mark.parametrize(
    "text", ['kpi,period,value\nsales,2026-01,"12,5"\n', "kpi\tperiod\tvalue\nsales\t2026-01\t12,5\n"]
)
def test_without_semicolons_a_decimal_comma_is_declared(text: str, tmp_path: Path) -> None:
    assert "S304 '12,5' is not a number" in read_text(tmp_path, text).findings[0]
    assert [row[3] for row in read_text(tmp_path, text, "{path: rows.csv, decimal: comma}").rows] == [12.5]


def test_what_is_declared_is_never_overruled(tmp_path: Path) -> None:
    text = "kpi;period;value\nsales;2026-01;12,5\n"
    assert "S304" in read_text(tmp_path, text, "{path: rows.csv, decimal: point}").findings[0]
    declared = read_text(tmp_path, text, "{path: rows.csv, decimal: comma}")
    assert (declared.findings, declared.rows[0][3]) == ([], 12.5)


@pytest.mark.parametrize(
    ("figures", "values"),
    [
        (["455,000", "80"], [80.0]),
        (["-1,200", "1.234"], [1234.0]),
        (["455,000", "12.5"], []),
        (["455,125", "12,5"], [455.125, 12.5]),
        (["455,125", "0,125"], [455.125, 0.125]),
        (["455,125", "1.234.567"], [455.125, 1234567.0]),
    ],
)
def test_a_declared_comma_may_part_thousands_until_a_figure_shows_what_it_is(
    figures: list[str], values: list[float], tmp_path: Path
) -> None:
    rows = "".join(f"sales;2026-{at:02};{text}\n" for at, text in enumerate(figures, 1))
    reading = read_text(tmp_path, f"kpi;period;value\n{rows}", "{path: rows.csv, decimal: comma}")
    assert [row[3] for row in reading.rows] == values
    assert len(reading.findings) == len(figures) - len(values)
    assert all("S304" in line for line in reading.findings)


@pytest.mark.parametrize(
    ("data", "text", "hint"),
    [
        ("rows.csv", "455,000", "write 455000 without thousands separators"),
        ("rows.csv", "-1,234,567.5%", "write -1234567.5% without thousands separators"),
        ("rows.csv", "0,125", "write 1234.5; where the comma is the decimal sign, say 'decimal: comma' at the source"),
        (
            "{path: rows.csv, decimal: comma}",
            "455,000 %",
            "write 455000 % where the comma parts thousands, 455,0000% where it is the decimal sign",
        ),
        ("{path: rows.csv, decimal: comma}", "1,234,567", "write 1234567 without thousands separators"),
    ],
)
def test_the_hint_fits_the_figure(data: str, text: str, hint: str, tmp_path: Path) -> None:
    reading = read_text(tmp_path, f'kpi,period,value\nsales,2026-01,"{text}"\n', data)
    assert reading.hints.splitlines() == [hint]


@pytest.mark.parametrize(("text", "hint"), [("40", "write 40% or 0.4"), ("4000%", "write 40% or 0.4")])
def test_a_value_far_off_its_scale_is_written_on_it(text: str, hint: str, tmp_path: Path) -> None:
    reading = read_text(tmp_path, f"kpi,period,value\nshare,2026-01,{text}\n")
    assert "S310" in reading.findings[0]
    assert reading.hints.splitlines() == [hint]


def test_figures_without_a_header_are_named_once(tmp_path: Path) -> None:
    reading = read_text(tmp_path, "kpi,2026-01,\nsales,1,2\nshare,0.1,3\n")
    assert reading.findings == ["rows.csv:2:9 S302 the column has no header"]
    assert len(reading.rows) == 2


def test_a_row_that_is_cut_or_too_long_is_named(tmp_path: Path) -> None:
    reading = read_text(tmp_path, "kpi,period,value\nsales,2026-01\nsales,2026-02,1,200\nsales,2026-03,5,\n")
    assert [row[1] for row in reading.rows] == ["2026-03"]
    assert [line.split(" ")[:2] for line in reading.findings] == [["rows.csv:2:1", "S314"], ["rows.csv:3:1", "S314"]]


def write_each_kind(folder: Path) -> None:
    """One value a file, January in CSV to April in Parquet."""
    folder.mkdir(exist_ok=True)
    (folder / "a.csv").write_text("kpi,2026-01\nsales,1\n")
    (folder / "b.tsv").write_text("kpi\t2026-02\nsales\t2\n")
    book = openpyxl.Workbook()
    book.active.append(["kpi", "2026-03"])
    book.active.append(["sales", 3])
    book.save(folder / "c.xlsx")
    book.save(folder / "c2.XLSX")
    parquet.write_table(pyarrow.table({"kpi": ["sales"], "2026-04": [4]}), folder / "d.parquet")
    (folder / "~$c.xlsx").write_bytes(b"Ada")  # what Excel keeps beside an open book
    (folder / "read me.txt").write_text("nothing")


@pytest.mark.parametrize("data", ["data", "data/[a-d]*"])
def test_a_folder_of_all_kinds_is_read_in_the_order_of_names(data: str, tmp_path: Path) -> None:
    write_each_kind(tmp_path / "data")
    reading = read_source(tmp_path, f"'{data}'")
    assert reading.findings == []
    assert [row[1] for row in reading.rows] == ["2026-01", "2026-02", "2026-03", "2026-03", "2026-04"]
    assert reading.places[2].startswith("data/c.xlsx!Sheet:2:2")


@pytest.mark.parametrize("name", ["figures.db", "figures.sqlite", "figures.sqlite3"])
def test_a_database_is_named_by_its_address(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    reading = read_source(tmp_path, name)
    assert reading.findings == [f"strategy.yaml:7:8 S316 '{name}' is of a kind that cannot be read"]
    assert f"connect: 'sqlite:///{name}'" in reading.hints


def test_a_library_that_is_missing_is_one_finding_a_source_and_the_rest_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_each_kind(tmp_path / "data")
    for library in ("openpyxl", "pyarrow.parquet", "sqlalchemy"):
        monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    reading = read_source(tmp_path, "data, data/c.xlsx, {connect: 'postgresql://db/shop', table: figures}")
    assert [row[1] for row in reading.rows] == ["2026-01", "2026-02"]
    assert {line.split(" ")[1] for line in reading.findings} == {"S316"}
    assert all(line.startswith("strategy.yaml:7:") for line in reading.findings)
    missing = ["scorecard[parquet]", "scorecard[sql]", "scorecard[xlsx]", "scorecard[xlsx]"]
    assert sorted(reading.hints.splitlines()) == [f"run pip install '{name}'" for name in missing]


def test_no_library_is_imported_for_what_no_strategy_names(tmp_path: Path) -> None:
    read_text(tmp_path, "kpi,2026-01\nsales,1\n")
    heavy = "openpyxl pyarrow sqlalchemy pandas"
    code = f"import sys, scorecard.api as a; a.load({str(tmp_path)!r}); print(*(set('{heavy}'.split()) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_every_ending_has_a_reader() -> None:
    assert set(SOURCES) == {".csv", ".tsv", ".xlsx", ".parquet"}
