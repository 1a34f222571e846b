"""The store holds what it acknowledged, whatever happens to the process, the file or the drive, and says what was altered.

`SCORECARD_RELIABILITY=full` runs each in its full size.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from scorecard.compute.observations import Recorder
from scorecard.model.finding import Severity
from scorecard.model.period import Period, Rhythm
from scorecard.parser.reader import read_path
from scorecard.store import recorded
from scorecard.store.drives import find_network_drive
from scorecard.store.intake import Intake
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import ACCEPTANCE, IMPORT, Entry, Head, Row, follow, seal, write_spans
from scorecard.store.ledger_errors import StoreError
from scorecard.store.ledger_faults import find_store_faults
from scorecard.store.ledger_rows import take_recorded
from scorecard.store.packed_copy import find_copy
from scorecard.store.series import Origin, Series, encode_period, pack

IS_FULL = os.environ.get("SCORECARD_RELIABILITY") == "full"
pytestmark = pytest.mark.timeout(3600 if IS_FULL else 300)
KILLS, PROCESSES, WRITES, FLIPS, CUTS = (200, 8, 500, 1000, 200) if IS_FULL else (20, 4, 50, 100, 20)
NOW = datetime(2026, 10, 5, 17, 40, 12, 123456, UTC)
SHOP = """
strategy: shop
perspectives: {people: People}
goals: {regulars: {perspective: people, lagging: [{kpi: visits, baseline: 0, target: 1000}, {kpi: sales, unit: EUR}]}}
"""
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import Entry

path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ledger, seen = Ledger(path), None
for number in range(count):
    ledger.append([Entry(name, "value", "visits", "2026-10", value=float(number))], datetime.now(UTC))
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scorecard.sqlite"


def say(value: float | str | None, kpi: str = "visits", period: str = "2026-10") -> Entry:
    return Entry("Ann", "value", kpi, period, value=value)


def fill(path: Path, count: int = 40) -> Ledger:
    """A store with one value a month, each of its own, over several kilobytes."""
    ledger = Ledger(path)
    entries = [
        Entry("Ann", "value", "visits", f"{2000 + n // 12}-{n % 12 + 1:02}", value=float(n + 1), note="x" * 50)
        for n in range(count)
    ]
    ledger.append(entries, NOW)
    return ledger


def alter(path: Path, *statements: str) -> None:
    """Change a store behind its back."""
    with sqlite3.connect(path) as connection:
        for trigger in ("unchanged", "undeleted"):
            kept = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (trigger,)).fetchone()
            connection.execute(f"DROP TRIGGER {trigger}")
            for statement in statements if trigger == "undeleted" else ():
                connection.execute(statement)
            connection.execute(kept[0]) if trigger == "undeleted" else connection.execute("SELECT 1")
            if trigger == "unchanged":
                unchanged = kept[0]
        connection.execute(unchanged)
    connection.close()


def faults(ledger: Ledger) -> list[str]:
    return [f"{finding.code} {finding.place.line}" for finding in find_store_faults(ledger.read(), "store")]


def shown(path: Path, tmp_path: Path) -> tuple[dict[str, float], list[str]]:
    """The values that reach the evaluation by period, and the codes of the findings."""
    strategy = tmp_path / "shop.yaml"
    strategy.write_text(SHOP, encoding="utf-8")
    read = read_path(str(strategy)).readings[0].strategy
    assert read is not None
    recorder = Recorder(("visits", "sales"))
    intake = Intake(read, recorder)
    take_recorded(path, "store", intake)
    rows = recorder.freeze()
    visits = [n for n in range(len(rows)) if rows.measures[int(rows.measure[n])] == "visits"]
    values = {str(rows.periods[int(rows.period[n])]): float(rows.value[n]) for n in visits}
    return values, [finding.code for finding in intake.findings if finding.severity == Severity.ERROR]


def test_rows_come_back_as_they_were_recorded(path: Path) -> None:
    ledger = Ledger(path)
    assert ledger.read().rows == ()
    assert not path.exists(), "reading makes no store"
    words = Entry("Zoë", "value", "mood", "2026-W41", '{"store":"Köln"}', "gut 🙂", 0.1 + 0.2, 'a, "b"', "late")
    first = ledger.append([say(1e-300), say(-0.5)], NOW)
    second = ledger.append([words], NOW)
    chain = ledger.read()
    assert chain.rows == (*first, *second)
    assert [row.id for row in chain.rows] == [1, 2, 3]
    assert chain.rows[2].entry == words
    assert chain.rows[0].recorded_at == "2026-10-05T17:40:12.123456Z"
    assert chain.counting == chain.rows
    assert sorted(one.name for one in path.parent.iterdir()) == ["scorecard.sqlite"], "nothing is left beside it"


def test_the_hash_is_the_one_that_the_page_describes() -> None:
    """Anybody can check a store with other tools: SHA-256 of the hash before and the fields as a JSON list."""
    import hashlib
    import json

    row = follow(Head(0, bytes(32)), "2026-10-05T17:40:12.123456Z", [say(131.0)])[0]
    fields = [1, "2026-10-05T17:40:12.123456Z", "Ann", "value", "visits", "2026-10", "", 131.0, None, "", ""]
    assert row.hash == hashlib.sha256(bytes(32) + json.dumps(fields, separators=(",", ":")).encode()).digest()


def test_a_row_cannot_be_changed_or_deleted_with_plain_sql(path: Path) -> None:
    fill(path, 2)
    connection = sqlite3.connect(path)
    for statement in ("UPDATE ledger SET value = 9", "DELETE FROM ledger"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE ledger SET value = 9.0 WHERE id = 7", 7),
        ("UPDATE ledger SET \"by\" = 'Bob' WHERE id = 7", 7),
        ("UPDATE ledger SET recorded_at = '2026-10-04T17:40:12.123456Z' WHERE id = 7", 7),
        ("UPDATE ledger SET value = CAST('9' AS BLOB) WHERE id = 7", 7),
        ("UPDATE ledger SET hash = zeroblob(32) WHERE id = 7", 7),
        ("DELETE FROM ledger WHERE id = 1", 1),
        ("DELETE FROM ledger WHERE id = 7", 7),
        ("DELETE FROM ledger WHERE id > 37", 38),
        ("DELETE FROM ledger", 1),
        ("UPDATE head SET rows = 39", 40),
        ("UPDATE head SET hash = zeroblob(32)", 40),
        ("DELETE FROM head", 40),
        ("UPDATE ledger SET id = 100 WHERE id = 7", 7),
    ],
)
def test_what_was_altered_is_named_and_counts_no_more(path: Path, tmp_path: Path, statement: str, named: int) -> None:
    ledger = fill(path)
    alter(path, statement)
    assert faults(ledger)[0] == f"S320 {named}"
    values, codes = shown(path, tmp_path)
    assert "S320" in codes
    assert list(values.values()) == [float(n) for n in range(1, named)], "what is before the break counts, no more"
    with pytest.raises(StoreError) as refused:
        ledger.append([say(1.0)], NOW, check=None)
    assert refused.value.code == "S320"


def test_a_row_rewritten_with_a_new_hash_is_named(path: Path) -> None:
    """History rewritten with care: the row has a hash of its own again, but the one after it was sealed to another."""
    ledger = fill(path)
    row = ledger.read().rows[6]
    forged = row._replace(entry=row.entry._replace(value=999.0))
    alter(path, f"UPDATE ledger SET value = 999.0, hash = x'{seal(forged).hex()}' WHERE id = 7")
    assert faults(ledger) == ["S320 7"]


def test_rows_in_another_order_are_named(path: Path) -> None:
    ledger = fill(path)
    alter(
        path,
        "UPDATE ledger SET id = -1 WHERE id = 7",
        "UPDATE ledger SET id = 7 WHERE id = 8",
        "UPDATE ledger SET id = 8 WHERE id = -1",
    )
    assert faults(ledger)[0] == "S320 6" or faults(ledger)[0] == "S320 7"


def test_accepting_lets_the_sound_rows_count_again_and_no_later_change(path: Path, tmp_path: Path) -> None:
    ledger = fill(path)
    alter(path, "UPDATE ledger SET value = 999.0 WHERE id = 7", "DELETE FROM ledger WHERE id = 20")
    chain = ledger.read()
    assert faults(ledger) == ["S320 7", "S320 20"]
    ledger.append([Entry("Bob", ACCEPTANCE, value=write_spans(chain.unaccepted), note="old drive")], NOW, chain)
    assert faults(ledger) == ["S321 7", "S321 20"]
    values, codes = shown(path, tmp_path)
    assert codes == []
    assert sorted(values.values()) == [float(n) for n in range(1, 41) if n not in (7, 20)]
    ledger.append([say(7.0, period="2000-07")], NOW)
    assert shown(path, tmp_path)[0]["2000-07"] == 7.0
    alter(path, "UPDATE ledger SET value = 1.0 WHERE id = 30")
    assert "S320 30" in faults(ledger)
    assert max(shown(path, tmp_path)[0].values()) < 30


def test_nobody_writes_what_does_not_follow_on_what_was_read(path: Path) -> None:
    ledger = fill(path, 3)
    seen = ledger.read()
    ledger.append([say(1.0)], NOW)
    assert [row.id for row in ledger.append([say(2.0)], NOW, seen)] == [4, 5], "rows of others come first"
    alter(path, "UPDATE ledger SET value = 5.0 WHERE id = 5")
    with pytest.raises(StoreError, match="altered"):
        ledger.append([say(3.0)], NOW, seen)


def test_what_a_check_raises_leaves_the_store_as_it_was(path: Path) -> None:
    ledger = fill(path, 3)

    def refuse(fresh: object) -> None:
        raise ValueError("closed")

    with pytest.raises(ValueError, match="closed"):
        ledger.append([say(1.0)], NOW, check=refuse)
    assert len(ledger.read().rows) == 3


def test_several_processes_write_and_none_is_turned_away(path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"p{n}", str(WRITES)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for n in range(PROCESSES)
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=600)
        assert (writer.returncode, errors.decode()) == (0, "")
    chain = Ledger(path).read()
    assert chain.faults == ()
    said = sorted((row.entry.by, row.entry.value) for row in chain.rows)
    assert said == sorted((f"p{n}", float(number)) for n in range(PROCESSES) for number in range(WRITES))


def test_a_kill_loses_nothing_that_was_acknowledged(path: Path) -> None:
    acknowledged = 0
    rng = random.Random(3)
    for turn in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"t{turn}", "100000"], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(rng.uniform(0, 0.05))
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split(b"\n")
        writer.stdout.close()
        writer.wait()
        acknowledged = 1 + len(rest[:-1])
        chain = Ledger(path).read()
        assert chain.faults == ()
        own = [row for row in chain.rows if row.entry.by == f"t{turn}"]
        assert acknowledged <= len(own) <= acknowledged + 1, "at most the one in the making is there besides"
    assert {row.entry.by for row in Ledger(path).read().rows} == {f"t{turn}" for turn in range(KILLS)}


def test_a_flipped_bit_shows_no_wrong_number(path: Path, tmp_path: Path) -> None:
    ledger = fill(path, 120)
    whole, right = path.read_bytes(), shown(path, tmp_path)[0]
    rng = random.Random(7)
    named = 0
    for _ in range(FLIPS):
        place = rng.randrange(len(whole) * 8)
        torn = bytearray(whole)
        torn[place // 8] ^= 1 << place % 8
        path.write_bytes(torn)
        values, codes = shown(path, tmp_path)
        assert values.items() <= right.items(), f"bit {place}"
        assert codes or values == right, f"bit {place} was swallowed"
        named += bool(codes)
        for beside in ("-wal", "-shm", "-journal"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
    assert named > FLIPS // 4, "most of the file is rows"
    assert ledger.path == path


def fill_with_imports(path: Path) -> Ledger:
    """A store with imports of two KPIs, with values recorded by hand between and after them, and its packed copy."""
    ledger = Ledger(path)
    months = [encode_period(Period(Rhythm.MONTH, 2000 + n // 12, n % 12 + 1)) for n in range(240)]
    period, value = np.array(months, dtype=np.int32), np.arange(240.0) + 1
    series = Series(period, value, None, None, (2, 1), (17, 0))
    data = pack(series, Origin("list.csv").encode())
    for kpi in ("visits", "sales"):
        ledger.append([Entry("Ann", IMPORT, kpi, value=data)], NOW)
        ledger.append([say(1000.0 + n, kpi, f"2001-{n + 1:02}") for n in range(12)], NOW)
    return ledger


def test_a_flipped_bit_in_imports_and_their_packed_copy_shows_no_wrong_number(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "PACKED_FROM", 100)
    ledger = fill_with_imports(path)
    right = shown(path, tmp_path)[0]
    copy = find_copy(path)
    assert copy.exists(), "made by the first reader"
    assert len(right) == 240
    ledger.append([say(7.0, "visits", "2030-01")], NOW)  # not in the copy
    right = shown(path, tmp_path)[0]
    said = set(right.items()) | {(f"{2000 + n // 12}-{n % 12 + 1:02}", n + 1.0) for n in range(240)}
    whole = {one: one.read_bytes() for one in (path, copy)}
    rng = random.Random(13)
    named = 0
    for number in range(FLIPS):
        file = (path, copy)[number % 2]
        for one, data in whole.items():
            one.write_bytes(data)
        place = rng.randrange(len(whole[file]) * 8)
        torn = bytearray(whole[file])
        torn[place // 8] ^= 1 << place % 8
        file.write_bytes(torn)
        if number % 4 == 2:
            copy.unlink()  # then the rows themselves are read
        values, codes = shown(path, tmp_path)
        assert values.items() <= said, f"bit {place} of {file.name}"
        assert codes or values == right, f"bit {place} of {file.name} was swallowed"
        named += bool(codes)
        for beside in ("-wal", "-shm", "-journal"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
    assert named > FLIPS // 12, "a quarter of the flips is in rows that are read; some lie in room that is not used"


def test_a_flipped_bit_costs_one_import_row(path: Path, tmp_path: Path) -> None:
    ledger = fill_with_imports(path)
    whole = path.read_bytes()
    place = whole.index(np.float64(200.0).tobytes())
    path.write_bytes(whole[:place] + np.float64(201.0).tobytes() + whole[place + 8 :])
    chain = ledger.read()
    assert "(the import of visits) was altered" in find_store_faults(chain, "store")[0].message
    assert len(chain.faults) == 1
    accept = Entry("Bob", ACCEPTANCE, value=write_spans(chain.unaccepted), note="old drive")
    ledger.append([accept], NOW, chain)
    assert shown(path, tmp_path)[1] == []
    assert len(ledger.read().counting) == 26, "all rows but the one, and the acceptance"


def test_a_flipped_bit_is_never_written_upon(path: Path) -> None:
    ledger = fill(path, 60)
    whole = path.read_bytes()
    place = whole.index(b"2003-05")
    path.write_bytes(whole[:place] + b"2003-06" + whole[place + 7 :])
    before = path.read_bytes()
    with pytest.raises(StoreError):
        ledger.append([say(1.0)], NOW)
    assert [row.id for row in ledger.read().rows] == list(range(1, 61))
    assert path.read_bytes()[4096:] == before[4096:]


def test_a_log_cut_anywhere_leaves_a_readable_store(path: Path, tmp_path: Path) -> None:
    fill(path, 5)
    holder = sqlite3.connect(path)  # keeps the write-ahead log from being folded in
    holder.execute("SELECT count(*) FROM ledger").fetchone()
    for n in range(30):
        Ledger(path).append([say(float(n), "sales", f"20{n:02}-01")], NOW)
    log = Path(f"{path}-wal").read_bytes()
    main = path.read_bytes()
    holder.close()
    rng = random.Random(11)
    for number in range(CUTS):
        torn = tmp_path / f"cut{number}" / "scorecard.sqlite"
        torn.parent.mkdir()
        torn.write_bytes(main)
        Path(f"{torn}-wal").write_bytes(log[: rng.randrange(len(log))])
        chain = Ledger(torn).read()
        assert chain.faults == ()
        assert [row.id for row in chain.rows] == list(range(1, len(chain.rows) + 1)), "the beginning of what was there"
        assert 5 <= len(chain.rows) <= 35
        Ledger(torn).append([say(1.0)], NOW)
        shutil.rmtree(torn.parent)


@pytest.fixture
def small_drive(tmp_path: Path) -> Iterator[Path]:
    """A drive with room for a store and little more."""
    drive = tmp_path / "drive"
    drive.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(drive)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small drive cannot be mounted by this user")
    yield drive
    subprocess.run(["umount", "-l", str(drive)], check=True)


def test_a_full_disk_refuses_and_loses_nothing(small_drive: Path) -> None:
    path = small_drive / "scorecard.sqlite"
    ledger, count = Ledger(path), 0

    def fill_up() -> None:
        nonlocal count
        for count in range(10_000):
            ledger.append([say(float(count))._replace(note="x" * 2000)], NOW)

    with pytest.raises(StoreError, match=r"full|drive failed") as refused:
        fill_up()
    assert refused.value.code == "S327"
    chain = ledger.read()
    assert chain.faults == ()
    assert [row.entry.value for row in chain.rows] == [float(n) for n in range(count)]
    assert count > 10


def test_a_disk_that_fills_up_during_an_import_takes_nothing_of_it(small_drive: Path) -> None:
    path = small_drive / "scorecard.sqlite"
    ledger = Ledger(path)
    ledger.append([say(1.0)], NOW)
    period = np.full(1000, encode_period(Period(Rhythm.MONTH, 2026, 10)), dtype=np.int32)
    data = pack(Series(period, np.arange(1000.0), None, None, (2, 1), (17, 0)), Origin("list.csv").encode())
    with pytest.raises(StoreError, match=r"full|drive failed") as refused:
        ledger.append([Entry("Ann", IMPORT, f"kpi_{n}", value=data) for n in range(100)], NOW)
    assert refused.value.code == "S327"
    chain = ledger.read()
    assert chain.faults == ()
    assert [row.entry.value for row in chain.rows] == [1.0]


def test_a_limit_on_file_size_refuses_and_loses_nothing(path: Path) -> None:
    """A quota, as the system reports it to a process that may not write more."""
    writer = WRITER.replace("value=float(number))", 'value=float(number), note="x" * 2000)')
    limit = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))"
    code = f"import resource, signal\n{limit}\n{writer}"
    run = subprocess.run([sys.executable, "-c", code, str(path), "q", "1000"], capture_output=True, text=True)
    assert "StoreError" in run.stderr
    acknowledged = len(run.stdout.split())
    assert 3 < acknowledged < 1000
    chain = Ledger(path).read()
    assert chain.faults == ()
    assert acknowledged <= len(chain.rows) <= acknowledged + 1


def as_nobody(folder: Path, code: str, *arguments: str) -> str:
    """What a Python program prints for a user who may only read a folder, with a log beside the store or without one."""
    if os.geteuid() != 0:
        command = [sys.executable]
    elif shutil.which("setpriv"):
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable]
    else:
        pytest.skip("this user may write everywhere, and 'setpriv' is not there to become another")
    for parent in [folder, *folder.parents]:
        if parent.owner() == Path.home().owner() and not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    folder.chmod(0o555)
    try:
        root = str(Path(__file__).parent.parent)
        run = subprocess.run([*command, "-c", code, *arguments], capture_output=True, text=True, cwd=root)
    finally:
        folder.chmod(0o755)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


READER = """
import sys
from pathlib import Path
from scorecard.store.ledger import Ledger
chain = Ledger(Path(sys.argv[1])).read()
print(len(chain.rows), len(chain.faults))
"""


def test_a_read_only_folder_can_be_read(path: Path) -> None:
    fill(path, 7)
    path.chmod(0o444)
    assert as_nobody(path.parent, READER, str(path)) == "7 0"


def test_a_read_only_folder_with_a_log_in_it_is_read_whole(tmp_path: Path) -> None:
    """After a crash on a share the last rows are in the log only: leaving them out would show old numbers."""
    source, share = tmp_path / "source", tmp_path / "share"
    source.mkdir()
    share.mkdir()
    fill(source / "scorecard.sqlite", 3)
    holder = sqlite3.connect(source / "scorecard.sqlite")
    holder.execute("SELECT count(*) FROM ledger").fetchone()
    Ledger(source / "scorecard.sqlite").append([say(1.0)], NOW)
    for one in ("scorecard.sqlite", "scorecard.sqlite-wal"):
        shutil.copyfile(source / one, share / one)
        (share / one).chmod(0o444)
    holder.close()
    assert as_nobody(share, READER, str(share / "scorecard.sqlite")) == "4 0"


def test_a_folder_that_may_not_be_written_is_said(path: Path) -> None:
    writing = READER.replace("Ledger(Path(sys.argv[1])).read()", "None").replace(
        "print(len(chain.rows), len(chain.faults))",
        """
from datetime import UTC, datetime
from scorecard.store.ledger_errors import StoreError
from scorecard.store.ledger_chain import Entry
try:
    Ledger(Path(sys.argv[1])).append([Entry("A", "value", "visits", "2026", value=1.0)], datetime.now(UTC))
except StoreError as error:
    print(error.code, error)
""",
    )
    assert as_nobody(path.parent, writing, str(path)).startswith("S327 the store cannot be written")
    fill(path, 2)
    assert as_nobody(path.parent, writing, str(path)).startswith("S327 the store may not be written")


def test_somebody_who_never_finishes_is_said_after_a_while(path: Path) -> None:
    fill(path, 2)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"somebody has been writing to the store for 0\.2 seconds") as refused:
        Ledger(path, patience=0.2).append([say(1.0)], NOW)
    assert refused.value.code == "S327"
    assert len(Ledger(path).read().rows) == 2, "readers do not wait"
    holder.close()


@pytest.mark.parametrize("kind", ["text", "folder", "pipe", "link", "other tables", "a view"])
def test_what_is_no_store_is_refused(path: Path, tmp_path: Path, kind: str) -> None:
    match kind:
        case "text":
            path.write_text("kpi,period,value\n" * 100, encoding="utf-8")
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link":
            path.symlink_to(fill(tmp_path / "elsewhere.sqlite").path)
        case "other tables":
            with sqlite3.connect(path) as connection:
                connection.execute("CREATE TABLE ledger (id)")
        case _:
            with sqlite3.connect(path) as connection:
                endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS id FROM n"
                connection.execute(f"CREATE VIEW ledger AS {endless}")
    for use in (lambda: Ledger(path).read(), lambda: Ledger(path).append([say(1.0)], NOW)):
        with pytest.raises(StoreError) as refused:
            use()
        assert refused.value.code in ("S322", "S327")


def test_network_drives_are_recognised(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda / ext4 rw 0 0\nserver:/x /mnt/team nfs4 rw 0 0\n//s/y /mnt/team/two\\040words cifs rw 0 0\n"
        "me@h: /home/me/far fuse.sshfs rw 0 0\ntmpfs /mnt/team/local tmpfs rw 0 0\nshare /win 9p rw 0 0\n",
        encoding="utf-8",
    )
    found = {
        folder: find_network_drive(Path(folder), mounts)
        for folder in ("/mnt/team/a", "/mnt/team/two words/b", "/home/me/far", "/home/me", "/mnt/team/local", "/win/x")
    }
    assert list(found.values()) == ["nfs4", "cifs", "fuse.sshfs", None, None, "9p"]
    assert find_network_drive(tmp_path, tmp_path / "nobody says") is None


def test_a_row_of_strange_kinds_is_an_altered_one(path: Path) -> None:
    """A chain can be sealed by anybody: fields of other kinds than rows have are refused all the same."""
    ledger = fill(path, 1)
    row = ledger.read().rows[0]
    strange = Row(1, row.recorded_at, row.entry._replace(value=7), row.previous, b"")
    sealed = seal(strange).hex()
    alter(path, f"UPDATE ledger SET value = 7, hash = x'{sealed}'", f"UPDATE head SET hash = x'{sealed}'")
    assert faults(ledger) == ["S320 1"]
