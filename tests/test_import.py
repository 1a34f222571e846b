"""Whole files on record: what a dry run shows, all or nothing, twice is once, and several people at once."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shop_on_record import ROWS, SHOP, STORES, logged, run, write_shop

from scorecard import load
from scorecard.store import series
from scorecard.store.importing import Overtaken, commit_import, plan_import, read_import
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import IMPORT
from scorecard.store.recording import Refused, Register

IS_FULL = os.environ.get("SCORECARD_RELIABILITY") == "full"
pytestmark = pytest.mark.timeout(3600 if IS_FULL else 300)
KILLS, IMPORTERS = (200, 8) if IS_FULL else (12, 3)
LIST = """kpi,period,value,target,store
Returning customers,2026-07,7,,
margin,2026-08,15%,21%,
returning,2026-08,9,,
mood,2026-09,Good,,
till,2026-09,500,,Munich
till,2026-09,300,,berlin
"""
SAID = {"by": "Ann", "note": "", "reopen": ""}
NOW = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return write_shop(tmp_path, monkeypatch, SHOP + STORES)


def values(shop: Path, kpi: str) -> list[float]:
    return [float(one) for one in load(shop).history.of(kpi)[1]]


def test_a_dry_run_shows_what_would_change_and_writes_nothing(shop: Path) -> None:
    result = run("import", "shop", "list.csv", "--dry-run")
    assert "6 values: 4 new, 1 changed, 1 as in another source; 0 values are on record" in result.stdout
    found = json.loads(run("import", "shop", "list.csv", "--dry-run", "--json").stdout)
    assert {name: found[name] for name in ("new", "changed", "adopted", "unchanged", "rows")} == {
        "new": 4,
        "changed": 1,
        "adopted": 1,
        "unchanged": 0,
        "rows": [],
    }
    changes = [(one["kpi"], one["before"], one["before_from"], one["value"], one["from"]) for one in found["changes"]]
    assert changes[:2] == [
        ("returning", 8.0, "shop/rows.csv:3:19", 9.0, "list.csv:4:19"),
        ("returning", None, None, 7.0, "list.csv:2:29"),
    ]
    assert not (shop / "scorecard.sqlite").exists()


def test_values_count_with_members_words_targets_and_their_places(shop: Path) -> None:
    result = run("import", "shop", "list.csv", "--note", "from the till")
    assert "recorded by Ann in shop/scorecard.sqlite: 6 values of 4 KPIs, rows 1 to 4" in result.stdout
    card = load(shop)
    assert values(shop, "till") == [800.0]
    assert values(shop, "returning") == [7.0, 9.0]
    assert card.evaluate("2026-09").kpi("mood").value == "good"
    assert card.evaluate("2026-08").kpi("margin").target == 0.21
    rows = logged("till")
    assert [(row["members"], row["value"], row["from"], row["note"]) for row in rows] == [
        ({"store": "munich"}, 500.0, "list.csv:6:14", "from the till"),
        ({"store": "berlin"}, 300.0, "list.csv:7:14", "from the till"),
    ]
    assert [(row["kpi"], row["values"]) for row in logged()] == [
        ("margin", 1),
        ("returning", 2),
        ("mood", 1),
        ("till", 2),
    ]


def test_the_same_file_twice_changes_nothing(shop: Path) -> None:
    run("import", "shop", "list.csv")
    assert run("import", "shop", "list.csv").stdout == "nothing new: 6 values are on record as they are\n"
    assert len(logged()) == 4
    text = LIST.replace("500", "510") + "till,2026-08,1,,Munich\n"
    Path("list.csv").write_text(text, encoding="utf-8")
    assert "2 values: 1 new, 1 changed; 5 values are on record" in run("import", "shop", "list.csv").stdout
    assert [row["values"] for row in logged()][4:] == [2], "only what is new or changed is put on record"
    assert values(shop, "till") == [1.0, 810.0]


def test_all_or_nothing_and_every_fault_is_said(shop: Path) -> None:
    faulty = LIST + "retuning,2026-09,3,,\nmargin,2026-13,3%,,\nmargin,2026-09,many,,\nper_head,2026-09,1,,\n"
    Path("list.csv").write_text(faulty, encoding="utf-8")
    result = run("import", "shop", "list.csv", code=1)
    assert "nothing was imported: 4 errors" in result.stderr
    for place, code in (("8:1", "S303"), ("9:8", "S305"), ("10:16", "S304"), ("11:18", "S311")):
        assert f"list.csv:{place}: error {code}" in result.stdout
    found = json.loads(run("import", "shop", "list.csv", "--json", code=1).stdout)
    assert found["errors"] == 4
    assert not (shop / "scorecard.sqlite").exists()


@pytest.mark.parametrize("name", ["missing.csv", "list.pdf", "empty.csv", "header.csv"])
def test_a_file_without_values_is_refused(shop: Path, name: str) -> None:
    Path("list.pdf").write_text("?", encoding="utf-8")
    Path("empty.csv").write_text("", encoding="utf-8")
    Path("header.csv").write_text("kpi,period,value\n", encoding="utf-8")
    assert "nothing was imported" in run("import", "shop", name, code=1).stderr
    assert not (shop / "scorecard.sqlite").exists()


def test_the_path_may_be_left_out_and_files_may_be_several(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("more.tsv").write_text("kpi\t2026-05\t2026-06\ntill\t1\t2\n", encoding="utf-8")
    monkeypatch.chdir(shop)
    assert "8 values of 4 KPIs" in run("import", "../list.csv", "../more.tsv").stdout
    assert run("import", code=2).output
    assert "nothing is said of what to import" in run("import", ".", code=2).stderr
    origins = {row["from"] for row in json.loads(run("log", ".", "till", "--json").stdout)["rows"]}
    assert origins == {"../list.csv:6:14", "../list.csv:7:14", "../more.tsv:2:6", "../more.tsv:2:8"}


def test_a_decimal_comma_is_declared(shop: Path) -> None:
    Path("list.csv").write_text("kpi;period;value\nmargin;2026-09;12,5%\ntill;2026-09;1.200,50\n", encoding="utf-8")
    run("import", "shop", "list.csv", "--decimal", "comma")
    assert values(shop, "margin") == [0.15, 0.125]
    assert values(shop, "till") == [1200.5]


def test_a_correction_replaces_one_value_and_a_withdrawal_lets_the_file_count_again(shop: Path) -> None:
    run("import", "shop", "list.csv")
    run("record", "shop", "returning=8.5", "--period", "2026-08", "--by", "Bob")
    assert values(shop, "returning") == [7.0, 8.5]
    rows = logged("returning", "--period", "2026-08")
    assert [(row["row"], row["value"], row["corrects"], row["corrected_by"]) for row in rows] == [
        (2, 9.0, None, 5),
        (5, 8.5, 2, None),
    ]
    run("record", "shop", "returning=", "--period", "2026-07")
    run("record", "shop", "returning=", "--period", "2026-08")
    assert values(shop, "returning") == [8.0], "what the data file says"


def test_an_import_that_takes_a_correction_back_is_asked_about(shop: Path) -> None:
    run("import", "shop", "list.csv")
    run("record", "shop", "returning=8.5", "--period", "2026-08", "--by", "Bob")
    result = run("import", "shop", "list.csv", code=1)
    assert "S335 returning 2026-08 would replace what Bob recorded on" in result.stderr
    assert "nothing was recorded" in result.stderr
    assert values(shop, "returning") == [7.0, 8.5]
    run("import", "shop", "list.csv", "--yes")
    assert values(shop, "returning") == [7.0, 9.0]


def test_what_looks_odd_needs_a_yes_and_only_where_it_would_be_recorded(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = "".join(f"returning,2025-{n:02},{20 + n % 3}\n" for n in range(1, 13))
    (shop / "rows.csv").write_text(ROWS.splitlines()[0] + "\n" + months, encoding="utf-8")
    odd = "kpi,period,value\nreturning,2026-01,2100\nmargin,2026-01,15\nreturning,2926-01,21\nmood,2026-01,bad\n"
    Path("list.csv").write_text(odd, encoding="utf-8")
    result = run("import", "shop", "list.csv", code=1)
    for place, code in (("2:19", "S324"), ("3:16", "S310"), ("4:19", "S329")):
        assert f"list.csv:{place}: warning {code}" in result.stderr
    assert "2100 is 100 times the usual" in result.stderr
    assert not (shop / "scorecard.sqlite").exists()
    assert "S324" in run("import", "shop", "list.csv", "--dry-run").stderr
    monkeypatch.setattr("scorecard.cli.record._asks", lambda json: not json)
    run("import", "shop", "list.csv", input="n\n", code=1)
    run("import", "shop", "list.csv", input="y\n")
    assert "nothing new: 4 values" in run("import", "shop", "list.csv").stdout, "nobody is asked about what is there"
    Path("list.csv").write_text(odd.replace("bad", "good"), encoding="utf-8")
    run("import", "shop", "list.csv", input="")


def test_the_later_of_two_values_counts_and_is_asked_about(shop: Path) -> None:
    Path("list.csv").write_text(LIST + "returning,2026-07,70,,\n", encoding="utf-8")
    assert "S307" in run("import", "shop", "list.csv", code=1).stderr
    run("import", "shop", "list.csv", "--yes")
    assert values(shop, "returning") == [70.0, 9.0]


def test_closed_periods_need_a_reason_that_stays_on_the_row(shop: Path) -> None:
    run("close", "shop", "2026-08")
    result = run("import", "shop", "list.csv", code=1)
    assert "S323 2026-08 was closed by Ann" in result.stderr
    run("import", "shop", "list.csv", "--reopen", "the till was late")
    reasons = {row["kpi"]: row["reopen"] for row in logged() if row["kind"] == "import"}
    assert reasons == {"margin": "the till was late", "returning": "the till was late", "mood": None, "till": None}


def test_as_of_shows_what_was_known_before_an_import(shop: Path) -> None:
    card = load(shop)
    rows, findings = read_import(card.strategy, [(Path("list.csv"), "list.csv")])
    register = Register(card.strategy, Ledger(card.store), card.observations)
    commit_import(register, plan_import(register, rows, findings, NOW, **SAID), NOW)
    for day, number in (("2026-10-04", None), ("2026-10-05", 7.0)):
        result = run("show", "shop", "--kpi", "returning", "--period", "2026-07", "--as-of", day, "--json")
        assert json.loads(result.stdout)["kpis"][0]["value"] == number


def test_a_kpi_that_has_another_id_now_keeps_its_imports(shop: Path) -> None:
    run("import", "shop", "list.csv")
    text = (SHOP + STORES).replace("kpi: returning,", "kpi: guests,").replace("regular_guests", "returning")
    (shop / "strategy.yaml").write_text(text.replace("/ returning", "/ guests"), encoding="utf-8")
    assert values(shop, "guests") == [7.0, 9.0]
    Path("list.csv").write_text(LIST, encoding="utf-8")
    assert "nothing new" in run("import", "shop", "list.csv").stdout


def test_what_the_strategy_no_longer_knows_is_a_finding_with_its_row(shop: Path) -> None:
    run("import", "shop", "list.csv")
    text = (
        (SHOP + STORES).replace("levels: {good: 1, bad: 0}", "levels: {fine: 1, bad: 0}").replace("munich", "hamburg")
    )
    (shop / "strategy.yaml").write_text(text, encoding="utf-8")
    findings = json.loads(run("check", "shop", "--json", code=1).stdout)["findings"]
    stored = [(one["code"], one["line"], one["column"]) for one in findings if one["file"] == "shop/scorecard.sqlite"]
    assert stored == [("S313", 3, 1), ("S306", 4, 1)]


def test_an_xlsx_goes_in(shop: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra xlsx is not installed")
    book = openpyxl.Workbook()
    for row in (
        ["Our figures"],
        [],
        ["kpi", "2026-08", "2026-09"],
        ["Returning customers", 9, 10],
        ["margin", "14%", 0.16],
    ):
        book.active.append(row)
    book.save("list.xlsx")
    run("import", "shop", "list.xlsx")
    assert values(shop, "margin") == [0.14, 0.16]
    assert [row["from"].partition(":")[2] for row in logged("returning")] == ["4:2", "4:3"], (
        "row and column of the cell"
    )


def test_a_series_too_long_for_one_row_is_parted(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorecard.store.importing.MOST_VALUES", 5)
    lines = [f"till,{2000 + n // 12}-{n % 12 + 1:02},{n}" for n in range(13)]
    Path("list.csv").write_text("kpi,period,value\n" + "\n".join(lines), encoding="utf-8")
    run("import", "shop", "list.csv")
    assert [row["values"] for row in logged()] == [5, 5, 3]
    assert values(shop, "till") == [float(n) for n in range(13)]


@pytest.mark.parametrize("size", [1, 7])
def test_what_is_taken_some_values_at_a_time_is_whole(shop: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    for module in ("packing", "importing", "jumps"):
        monkeypatch.setattr(f"scorecard.store.{module}._AT_ONCE", size)
    months = [f"{2020 + n // 12}-{n % 12 + 1:02}" for n in range(24)]
    lines = [f"{kpi},{month},{10 + n}," for kpi in ("returning", "margin") for n, month in enumerate(months)]
    lines += [f"till,{month},{n},{store}" for n, month in enumerate(months) for store in ("munich", "berlin")]
    lines += [f"mood,{month},{'good' if n % 2 else 'bad'}," for n, month in enumerate(months)]
    random.Random(2).shuffle(lines)
    for name, part in (("list.csv", lines[:70]), ("more.csv", lines[70:])):
        Path(name).write_text("kpi,period,value,store\n" + "\n".join(part), encoding="utf-8")
    found = json.loads(run("import", "shop", "list.csv", "more.csv", "--yes", "--json").stdout)
    assert found["new"] == len(lines) == 120
    assert [one["from"].split(":")[:2] for one in found["changes"]] == [["list.csv", f"{n + 2}"] for n in range(20)]
    assert values(shop, "returning")[:24] == values(shop, "margin")[:24] == [10.0 + n for n in range(24)]
    assert values(shop, "till") == [2.0 * n for n in range(24)]
    assert values(shop, "mood") == [float(n % 2 == 0) for n in range(24)], "the number of the word"
    assert {(row["kpi"], row["from"]) for row in logged() if row["kind"] == "import"} == {
        (kpi, name) for kpi in ("returning", "margin", "till", "mood") for name in ("list.csv", "more.csv")
    }
    assert run("import", "shop", "list.csv", "more.csv").stdout.startswith("nothing new: 120 values")


def test_who_is_overtaken_plans_anew_and_doubles_nothing(shop: Path) -> None:
    card = load(shop)
    rows, findings = read_import(card.strategy, [(Path("list.csv"), "list.csv")])
    ann, bob = (Register(card.strategy, Ledger(card.store), card.observations) for _ in range(2))
    plans = [plan_import(one, rows, findings, NOW, **SAID) for one in (ann, bob)]
    assert len(commit_import(ann, plans[0], NOW)) == 4
    with pytest.raises(Overtaken):
        commit_import(bob, plans[1], NOW)
    bob = Register(card.strategy, Ledger(card.store), card.observations)
    assert plan_import(bob, rows, findings, NOW, **SAID).count == 0
    cy = Register(card.strategy, Ledger(card.store), card.observations)
    Path("list.csv").write_text(LIST.replace("500", "700"), encoding="utf-8")
    rows, findings = read_import(card.strategy, [(Path("list.csv"), "list.csv")])
    plan = plan_import(cy, rows, findings, NOW, **SAID)
    bob.close(card.read_period("2026-09"), NOW, "Bob")
    with pytest.raises(Overtaken):
        commit_import(cy, plan, NOW)
    with pytest.raises(Refused, match="2026-09 was closed by Bob"):
        plan_import(Register(card.strategy, Ledger(card.store), card.observations), rows, findings, NOW, **SAID)


def write_many(path: Path, kpis: int, factor: int = 1, months: int = 24) -> None:
    """A strategy with so many KPIs, and a list with two years of each."""
    path.mkdir()
    entries = "".join(f"  kpi_{n}: {{baseline: 0, target: 10}}\n" for n in range(kpis))
    (path / "strategy.yaml").write_text(
        f"strategy: many\nperspectives: {{all: All}}\nkpis:\n{entries}", encoding="utf-8"
    )
    write_list(path / "list.csv", kpis, factor, months)


def write_list(path: Path, kpis: int, factor: int, months: int = 24) -> None:
    lines = [
        f"kpi_{kpi},{2024 + n // 12}-{n % 12 + 1:02},{factor * (kpi + n + 1)}"
        for kpi in range(kpis)
        for n in range(months)
    ]
    path.write_text("kpi,period,value\n" + "\n".join(lines) + "\n", encoding="utf-8")


def start_import(folder: Path, name: str, by: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "scorecard", "import", str(folder), str(folder / name), "--by", by, "--yes"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_several_people_import_at_once_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    write_many(folder, 40)
    for number in range(1, IMPORTERS):
        write_list(folder / f"list{number}.csv", 40, 1, 24 + number)  # the same and a month more each
    shutil.copy(folder / "list.csv", folder / "list0.csv")
    running = [start_import(folder, f"list{number}.csv", f"p{number}") for number in range(IMPORTERS)]
    for one in running:
        _, errors = one.communicate(timeout=300)
        assert (one.returncode, errors.decode()) == (0, "")
    chain = Ledger(folder / "scorecard.sqlite").read()
    assert chain.faults == ()
    batch = series.unpack([row.entry.value for row in chain.rows])  # type: ignore[misc]
    assert len(batch.value) == 40 * (24 + IMPORTERS - 1), "each value is on record once"
    assert len(load(folder).observations) == len(batch.value)


def test_a_kill_during_an_import_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    write_many(folder, 300)
    rng = random.Random(5)
    start = time.monotonic()
    start_import(folder, "list.csv", "first").communicate(timeout=300)
    usual = time.monotonic() - start
    before, killed = 300, 0
    for turn in range(KILLS):
        write_list(folder / "list.csv", 300, turn + 2)
        importer = start_import(folder, "list.csv", f"t{turn}")
        time.sleep(rng.uniform(usual * 0.6, usual * 1.05))
        os.kill(importer.pid, signal.SIGKILL)
        output = importer.communicate()[0]
        killed += importer.returncode != 0
        chain = Ledger(folder / "scorecard.sqlite").read()
        assert chain.faults == ()
        assert len(chain.rows) in (before, before + 300)
        assert len(chain.rows) == before + 300 or b"recorded by" not in output, "what was acknowledged is there"
        assert {row.entry.kind for row in chain.rows} == {IMPORT}
        before = len(chain.rows)
    assert killed > 0
