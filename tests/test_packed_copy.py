"""The packed copy beside a large store: made by who reads, believed only where it fits, and never in the way of the truth."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from scorecard import load
from scorecard.cli.app import app
from scorecard.model.period import Period, Rhythm
from scorecard.model.strategy import Strategy
from scorecard.parser.reader import read_path
from scorecard.store import recorded
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import IMPORT, Chain, Entry, seal
from scorecard.store.packed_copy import find_copy, read_copy
from scorecard.store.provenance import find_provenance
from scorecard.store.recorded import PACKED_FROM, read_recorded
from scorecard.store.series import Origin, Series, encode_period, pack

NOW = datetime(2026, 10, 5, tzinfo=UTC)
MONTHS, KPIS = 100, PACKED_FROM // 100
STRATEGY = f"""
strategy: shop
perspectives: {{people: People}}
kpis:
  mood: {{levels: {{good: 1, bad: 0}}}}
  guests: {{aliases: [kpi_0]}}
{"".join(f"  kpi_{n}: {{baseline: 0, target: 10000}}{chr(10)}" for n in range(1, KPIS))}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A strategy with as many values on record as a copy is made of: the imports of all KPIs."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORECARD_BY", "Ann")
    store(folder).append([make_import(f"kpi_{n}", MONTHS, n) for n in range(KPIS)], NOW)
    return folder


def make_import(kpi: str, months: int, start: float) -> Entry:
    codes = [encode_period(Period(Rhythm.MONTH, 2000 + n // 12, n % 12 + 1)) for n in range(months)]
    series = Series(np.array(codes, dtype=np.int32), np.arange(months) + start, None, None, (2, 1), (17, 0))
    return Entry("Ann", IMPORT, kpi, value=pack(series, Origin("list.csv").encode()))


def store(shop: Path) -> Ledger:
    return Ledger(shop / "scorecard.sqlite")


def say(kpi: str, period: str, value: float | str | None) -> Entry:
    return Entry("Ann", "value", kpi, period, value=value)


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result


def read_strategy(shop: Path) -> Strategy:
    strategy = read_path(str(shop)).readings[0].strategy
    assert strategy is not None
    return strategy


def read(shop: Path, as_of: date | None = None) -> dict[tuple[str, int], tuple[float | str, int, int]]:
    """What counts: the value of each KPI and period, its row on record, and which of the row's values it is."""
    counting = read_recorded(store(shop), read_strategy(shop), as_of).counting
    columns = counting.kpi, counting.period, counting.word, counting.value, counting.row, counting.index
    return {
        (counting.kpis[kpi], period): (counting.words[word] or value, row, index)
        for kpi, period, word, value, row, index in zip(*(one.tolist() for one in columns), strict=True)
    }


def read_log(shop: Path) -> dict[tuple[str, int], tuple[float | str, int, int]]:
    """The same from the rows themselves, without a copy."""
    return read(shop, date(2100, 1, 1))


def is_used(shop: Path) -> bool:
    """Whether a reader can do without the rows that the copy holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "read", lambda self: (_ for _ in ()).throw(LookupError))
        try:
            read(shop)
        except LookupError:
            return False
    return True


def alter(path: Path, *statements: str) -> None:
    """Change a file behind the program's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *(sql for _, sql in guards)):
            connection.execute(statement)


def test_the_first_reader_makes_it_of_so_many_values(shop: Path) -> None:
    store(shop).append([say("kpi_1", "2000-01", None)], NOW)
    read(shop)
    assert not find_copy(store(shop).path).exists(), f"{PACKED_FROM - 1} values"
    store(shop).append([say("kpi_1", "2000-01", 5.0)], NOW)
    assert not find_copy(store(shop).path).exists(), "who records does not make it"
    read(shop)
    copy = read_copy(store(shop).path)
    assert copy is not None
    assert copy.head == store(shop).read().head
    assert sorted(one.name for one in shop.iterdir()) == ["scorecard.packed", "scorecard.sqlite", "strategy.yaml"]


def test_a_reader_gets_the_numbers_of_the_log(shop: Path) -> None:
    targets = say("kpi_2", "2000-02", None)._replace(target=7.0)
    store(shop).append([say("mood", "2026-09", "good"), say("kpi_0", "2000-01", 44.0), targets], NOW)
    first = read(shop)
    assert is_used(shop)
    assert first == read(shop) == read_log(shop)
    later = [say("mood", "2026-09", "bad"), say("kpi_3", "2000-03", None), say("kpi_4", "2030-01", 1.0)]
    store(shop).append([*later, make_import("kpi_5", 3, 900)], NOW)
    assert is_used(shop)
    assert read(shop) == read_log(shop)
    card = load(shop)
    assert list(card.history.of("guests")[1][:2]) == [44.0, 1.0], "under the id it has today"
    [mood] = [one for one in find_provenance(card, "mood", Period(Rhythm.MONTH, 2026, 9)) if one.counts]
    assert (mood.value, mood.corrects, mood.by) == ("bad", KPIS + 1, "Ann")


def test_it_is_made_anew_when_much_has_come_since(shop: Path) -> None:
    read(shop)
    store(shop).append([make_import("kpi_1", 900, 3)], NOW)
    before = find_copy(store(shop).path).read_bytes()
    assert read(shop) == read_log(shop)
    assert find_copy(store(shop).path).read_bytes() == before
    store(shop).append([make_import("kpi_2", 900, 4)], NOW)
    assert not is_used(shop)
    assert read(shop) == read_log(shop)
    copy = read_copy(store(shop).path)
    assert copy is not None
    assert copy.head.rows == KPIS + 2


def test_another_id_makes_it_anew(shop: Path) -> None:
    read(shop)
    text = (shop / "strategy.yaml").read_text(encoding="utf-8")
    (shop / "strategy.yaml").write_text(text.replace("  kpi_1:", "  visits: {aliases: [kpi_1]}\n  other:", 1))
    assert ("visits", encode_period(Period(Rhythm.MONTH, 2000, 1))) in read(shop)
    assert read(shop) == read_log(shop)
    assert is_used(shop)


def forget_rows(shop: Path) -> None:
    """The store is an older one than the copy."""
    kept = [make_import(f"kpi_{n}", MONTHS, n) for n in range(KPIS - 1)]
    store(shop).path.unlink()
    store(shop).append(kept, NOW)


def lose_it(shop: Path) -> None:
    find_copy(store(shop).path).write_bytes(b"not a database")


def change(statement: str) -> Callable[[Path], None]:
    return lambda shop: alter(find_copy(store(shop).path), statement)


@pytest.mark.parametrize(
    "mishap",
    [
        forget_rows,
        lose_it,
        change("UPDATE copy SET rows = rows - 1"),
        change("UPDATE copy SET hash = zeroblob(32)"),
        change('UPDATE copy SET left_out = \'{"3": "lies"}\''),
        change("UPDATE copy SET ids = '{}'"),
        change("DELETE FROM copy"),
        change("DELETE FROM series WHERE kpi = 'kpi_7'"),
        change("UPDATE series SET digest = zeroblob(32) WHERE kpi = 'kpi_7'"),
        change("UPDATE series SET data = zeroblob(length(data)) WHERE kpi = 'kpi_7'"),
        change("UPDATE series SET kpi = 'mood' WHERE kpi = 'kpi_7'"),
        change("CREATE TABLE more (id)"),
    ],
)
def test_one_that_does_not_fit_is_not_used_and_made_anew(shop: Path, mishap: Callable[[Path], None]) -> None:
    read(shop)
    mishap(shop)
    assert not is_used(shop)
    assert read(shop) == read_log(shop)
    assert is_used(shop) is (mishap is not forget_rows), "the older store has too few values"


def test_one_sealed_by_somebody_else_is_found_by_verify(shop: Path) -> None:
    """Its digests can be made by anybody; what it says is held against the rows."""
    read(shop)
    genuine = store(shop).read()
    path = find_copy(store(shop).path)
    forged = genuine.rows[7]._replace(entry=make_import("kpi_7", MONTHS, 500))
    chain = Chain((*genuine.rows[:7], forged, *genuine.rows[8:]), (), genuine.head)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "read", lambda self: chain)
        path.unlink()
        read(shop)
    assert is_used(shop), "nothing about the file itself is wrong"
    found = json.loads(run("verify", "shop", "--json").stdout)["stores"][0]["findings"]
    assert [one["code"] for one in found] == ["S334"]
    assert run("verify", "shop").stdout.count("S334") == 0
    assert read(shop) == read_log(shop)


def test_where_the_rows_are_broken_verify_takes_it_away(shop: Path) -> None:
    read(shop)
    alter(store(shop).path, "UPDATE ledger SET note = 'altered' WHERE id = 50")
    assert is_used(shop), "rows before its end are not looked at each time"
    run("verify", "shop", code=1)
    assert not find_copy(store(shop).path).exists()
    for _ in range(2):
        assert "S320" in run("check", "shop", code=1).stdout
        assert not find_copy(store(shop).path).exists(), "none is made of rows that nobody accepted"


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_after_an_acceptance_there_is_one_again_without_the_altered_rows(shop: Path, is_looked_at: bool) -> None:
    store(shop).append([make_import(f"kpi_{n}", MONTHS, 10 * n) for n in range(KPIS // 2)], NOW)
    read(shop)
    alter(store(shop).path, "UPDATE ledger SET note = 'altered' WHERE id = 30", "DELETE FROM ledger WHERE id = 40")
    if is_looked_at:
        run("verify", "shop", code=1)
    run("verify", "shop", "--accept", "an old drive")
    for turn in ("log", "packed copy"):
        found = json.loads(run("check", "shop", "--json").stdout)["findings"]
        left_out = [(one["code"], one["line"]) for one in found if one["code"].startswith("S32")]
        assert left_out == [("S321", 30), ("S321", 40)], turn
    assert is_used(shop)
    assert read(shop) == read_log(shop)
    assert {row for _, row, _ in read(shop).values()} & {30, 40} == set()
    assert run("verify", "shop").stdout.count("S334") == 0
    run("record", "shop", "kpi_60=7", "--period", "2000-01")
    assert is_used(shop)
    assert read(shop) == read_log(shop)


def test_a_row_left_out_says_nothing_where_a_number_comes_from(shop: Path) -> None:
    """A row that was exchanged with care has its own hash; it stays out all the same."""
    month = Period(Rhythm.MONTH, 2000, 1)
    read(shop)
    row = store(shop).read().rows[8]
    sealed = seal(row._replace(entry=row.entry._replace(by="Eve"))).hex()
    alter(store(shop).path, f"UPDATE ledger SET \"by\" = 'Eve', hash = x'{sealed}' WHERE id = 9")
    run("verify", "shop", code=1)
    run("verify", "shop", "--accept", "Eve was here")
    store(shop).append([make_import("kpi_1", MONTHS + 200, 10)], NOW)  # as many values as before
    read(shop)
    assert is_used(shop)
    assert [one.by for one in find_provenance(load(shop), "kpi_8", month)] == []
    assert [one.by for one in find_provenance(load(shop), "kpi_7", month)] == ["Ann"]


READER = """
import sys
from pathlib import Path
from scorecard import load
print(len(load(sys.argv[1]).observations))
"""


def test_a_folder_that_may_only_be_read_stays_as_it_is(shop: Path) -> None:
    assert read_as_somebody_else(shop) == str(PACKED_FROM)
    assert sorted(one.name for one in shop.iterdir()) == ["scorecard.sqlite", "strategy.yaml"]
    read(shop)
    before = find_copy(store(shop).path).read_bytes()
    store(shop).append([make_import("kpi_1", 900, 3), make_import("kpi_2", 900, 3)], NOW)  # enough to make it anew
    assert read_as_somebody_else(shop) == str(PACKED_FROM + 2 * 800)
    assert find_copy(store(shop).path).read_bytes() == before


def read_as_somebody_else(folder: Path) -> str:
    """What a user who may only read a folder gets from it."""
    command = [sys.executable]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("this user may write everywhere, and 'setpriv' is not there to become another")
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable]
    for parent in [folder, *folder.parents]:
        if parent.owner() == Path.home().owner() and not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    folder.chmod(0o555)
    try:
        root = Path(__file__).parent.parent
        done = subprocess.run([*command, "-c", READER, str(folder)], capture_output=True, text=True, cwd=root)
    finally:
        folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_is_packed_of_a_small_store(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "PACKED_FROM", PACKED_FROM + 1)
    read(shop)
    assert not find_copy(store(shop).path).exists()
