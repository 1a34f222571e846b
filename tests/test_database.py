"""Values from databases: SQLite files as they are, PostgreSQL where one can be started; nothing written, nothing told."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from source_rows import Reading, read_source

from scorecard.model.finding import Place
from scorecard.store import database
from scorecard.store.address import read_address
from scorecard.store.lines import Fault

TABLE = """
create table figures (KPI text, period, value, target real);
insert into figures values ('sales', '2026-01', 10, 12), ('Net sales', '2026-02', 12.5, null), ('share', 2026, '7%', null);
create view late as select * from figures where period = '2026-02';
create table "odd ""name" (kpi text, "2026-03" real);
insert into "odd ""name" values ('sales', 3);
"""
SECRET = "s3cr3t/p@ss:word"


def read_sqlite(folder: Path, what: str, script: str = TABLE, address: str = "sqlite:///figures.db") -> Reading:
    if not (folder / "figures.db").exists():
        with closing(sqlite3.connect(folder / "figures.db")) as connection:
            connection.executescript(script)
    return read_source(folder, f'{{connect: "{address}", {what}}}')


def test_a_table(tmp_path: Path) -> None:
    reading = read_sqlite(tmp_path, "table: figures")
    assert reading.findings == []
    assert reading.rows == [
        ("sales", "2026-01", (), 10.0),
        ("sales", "2026-02", (), 12.5),
        ("share", "2026", (), 0.07),
    ]
    assert reading.targets == {("sales", "2026-01"): 12.0}
    assert reading.places == [f"figures.db!figures:{line}:3" for line in (1, 2, 3)]


def test_a_view_and_a_table_with_an_odd_name(tmp_path: Path) -> None:
    assert read_sqlite(tmp_path, "table: late").rows == [("sales", "2026-02", (), 12.5)]
    assert read_sqlite(tmp_path, "table: 'odd \"name'").rows == [("sales", "2026-03", (), 3.0)]


@pytest.mark.parametrize(
    "query",
    [
        "select 'sales' as kpi, '2026-01' as period, sum(value) as value from figures where kpi <> 'share'",
        "with a as (select 22.5 as value) select 'sales' kpi, '2026-01' period, value from a;",
        'SELECT \'sales\' AS kpi, 22.5 AS "2026-01", NULL AS "2026-02"',
    ],
)
def test_a_query(query: str, tmp_path: Path) -> None:
    query = query.replace("'", "''")
    reading = read_sqlite(tmp_path, f"query: '{query}'")
    assert (reading.findings, reading.rows) == ([], [("sales", "2026-01", (), 22.5)])
    assert reading.places[0].startswith("figures.db!query:1:")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("delete from figures", "does not begin with SELECT or WITH"),
        ("attach database ':memory:' as x", "does not begin with SELECT or WITH"),
        ("pragma writable_schema", "does not begin with SELECT or WITH"),
        ("select 1; delete from figures", "holds a semicolon"),
        ("with a as (select 1) delete from figures", "holds the word 'delete'"),
        ("select * into copy from figures", "holds the word 'into'"),
        ("select load_extension('x.so')", "holds the word 'load_extension'"),
        ("select * from figures for Update", "holds the word 'Update'"),
    ],
)
def test_a_query_that_may_write_is_refused(query: str, message: str, tmp_path: Path) -> None:
    query = query.replace("'", "''")
    reading = read_sqlite(tmp_path, f"query: '{query}'")
    assert len(reading.findings) == 1
    assert "S331 the query" in reading.findings[0]
    assert message in reading.findings[0]
    assert reading.findings[0].startswith("strategy.yaml:7:")


def test_sqlite_itself_allows_nothing_but_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_read_query", lambda source, place: source.query)
    for query in ("delete from figures", "create table x (a)", "pragma user_version = 7", "attach 'other.db' as other"):
        query = query.replace("'", "''")
        assert "S330 the database cannot be read: " in read_sqlite(tmp_path, f"query: '{query}'").findings[0]
    assert not (tmp_path / "other.db").exists()
    assert len(read_sqlite(tmp_path, "table: figures").rows) == 3


def test_the_file_is_not_changed_and_may_be_read_only(tmp_path: Path) -> None:
    read_sqlite(tmp_path, "table: figures")
    before = (tmp_path / "figures.db").read_bytes()
    (tmp_path / "figures.db").chmod(0o444)
    assert len(read_sqlite(tmp_path, "table: figures").rows) == 3
    assert (tmp_path / "figures.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.db", "strategy.yaml"]


def test_faulty_rows_are_named_by_table_and_row(tmp_path: Path) -> None:
    script = """create table figures (kpi, period, value);
    insert into figures values ('salez', '2026-01', 1), ('sales', '2026-1', 1), ('sales', '2026-02', x'0102'),
    ('sales', '2026-03', '1,200'), ('sales', '2026-04', 9e999), ('sales', '2026-05', 5), (null, '2026-06', 5);"""
    reading = read_sqlite(tmp_path, "table: figures", script)
    assert [row[1] for row in reading.rows] == ["2026-05"]
    assert [line.partition("!")[2] for line in reading.findings] == [
        "figures:1:1 S303 there is no KPI or metric called 'salez'",
        "figures:2:2 S305 '2026-1' is not a period",
        "figures:3:3 S304 '2 bytes' is not a number",
        "figures:4:3 S304 '1,200' is not a number",
        "figures:5:3 S304 'inf' is too large for a number",
        "figures:7:1 S303 the row names no KPI",
    ]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("sqlite:////etc/figures.db", "S243"),
        ("sqlite:///../figures.db", "S243"),
        ("sqlite:///~/figures.db", "S243"),
        ("sqlite+pysqlite:////etc/figures.db", "S243"),
        ("sqlite:///none.db", "S301"),
        ("sqlite:///folder", "S301"),
        ("sqlite:///link.db", "S243"),
        ("sqlite:///figures.db?mode=rwc", "S330"),
        ("sqlite://", "S330"),
        ("sqlite://figures.db", "S330"),
        ("figures.db", "S330"),
        ("sqlite:///strategy.yaml", "S330"),
    ],
)
def test_only_files_inside_the_folder_are_opened(address: str, code: str, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "figures.db").touch()
    (folder / "link.db").symlink_to(tmp_path / "figures.db")
    reading = read_sqlite(folder, "table: figures", address=address)
    assert [line.split(" ")[1] for line in reading.findings] == [code]
    assert not (folder / "none.db").exists()


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "figures.db")
    assert "S301" in read_sqlite(tmp_path, "table: figures").findings[0]


@pytest.mark.parametrize("what", ["table: nothing", "query: 'select nothing from figures'", "query: 'select ('"])
def test_what_the_database_refuses_is_one_finding_at_the_source(what: str, tmp_path: Path) -> None:
    reading = read_sqlite(tmp_path, what)
    assert len(reading.findings) == 1
    assert reading.findings[0].startswith("strategy.yaml:7:8 S330 the database cannot be read: ")


@pytest.mark.parametrize("what", ["decimal: point", "table: figures, query: 'select 1'"])
def test_one_of_table_and_query_is_needed(what: str, tmp_path: Path) -> None:
    assert "S204 a database needs one of 'table' and 'query'" in read_sqlite(tmp_path, what).findings[0]


def test_rows_past_the_limit_are_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST_ROWS", 2)
    monkeypatch.setattr(database, "_BATCH", 1)
    reading = read_sqlite(tmp_path, "table: figures")
    assert len(reading.rows) == 2
    assert "S330 the database gives more than 2 rows" in reading.findings[0]


def test_a_query_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database._Watch.__init__, "__defaults__", (0.1, 0.0))
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as kpi from n"
    assert "S330 the database needs longer than" in read_sqlite(tmp_path, f"query: {endless}").findings[0]


def test_a_damaged_file_never_ends_in_a_traceback(tmp_path: Path) -> None:
    read_sqlite(tmp_path, "table: figures")
    sound = (tmp_path / "figures.db").read_bytes()
    for at in range(0, len(sound), 97):
        (tmp_path / "figures.db").write_bytes(sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :])
        assert len(read_sqlite(tmp_path, "table: figures").rows) <= 3


def test_a_database_in_use_can_be_read(tmp_path: Path) -> None:
    read_sqlite(tmp_path, "table: figures")
    with closing(sqlite3.connect(tmp_path / "figures.db", isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("begin immediate")
        writer.execute("insert into figures values ('sales', '2026-03', 9, null)")
        assert len(read_sqlite(tmp_path, "table: figures").rows) == 3
        writer.execute("commit")
        assert len(read_sqlite(tmp_path, "table: figures").rows) == 4


PLACE = Place("strategy.yaml", 3, 5)


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("postgresql://ada:${SCORECARD_PASSWORD}@db/shop", "postgresql://ada:s3cr3t%2Fp%40ss%3Aword@db/shop"),
        (
            "postgresql://${SCORECARD_USER}:${SCORECARD_PASSWORD}@${SCORECARD_HOST}/shop",
            "postgresql://ada:s3cr3t%2Fp%40ss%3Aword@db:5432/shop",
        ),
        ("${SCORECARD_ADDRESS}", "postgresql://ada:x%40y@db/shop"),
        ("postgresql://db/shop?password=${SCORECARD_PASSWORD}", "postgresql://db/shop?password=s3cr3t%2Fp%40ss%3Aword"),
        ("postgresql://db/shop", "postgresql://db/shop"),
    ],
)
def test_secrets_come_from_the_environment(template: str, url: str) -> None:
    environment = {
        "SCORECARD_PASSWORD": SECRET,
        "SCORECARD_USER": "ada",
        "SCORECARD_HOST": "db:5432",
        "SCORECARD_ADDRESS": "postgresql://ada:x%40y@db/shop",
    }
    address = read_address(template, environment, PLACE)
    assert (address.url, address.dialect, address.database) == (url, "postgresql", "shop")
    assert address.hide(f"failed: {url}") == "failed: …"


def test_a_strategy_cannot_ask_for_other_secrets() -> None:
    with pytest.raises(Fault) as caught:
        read_address("postgresql://${AWS_SECRET_ACCESS_KEY}@db/shop", {"AWS_SECRET_ACCESS_KEY": SECRET}, PLACE)
    assert caught.value.code == "S319"
    assert SECRET not in caught.value.message


def test_what_a_driver_says_is_shown_without_secrets_and_its_end_first() -> None:
    address = read_address("${SCORECARD_ADDRESS}", {"SCORECARD_ADDRESS": "postgresql://ada:x%40y%0Az@db/shop"}, PLACE)
    for said in ("x@y\nz", "x%40y%0Az", "postgresql://ada:x%40y%0Az@db/shop", "x@y\\nz"):
        assert address.hide(f"not accepted: {said} by db") == "not accepted: … by db"
    long = "connection to the server at " + "x" * 80 + " failed: no such account\nDetail: 1"
    assert address.hide(long) == "no such account"


@pytest.mark.parametrize(
    "template",
    [
        "postgresql://ada:geheim@db/shop",
        "postgresql://ada:gehe/im@db/shop",
        "postgresql://ada:${SCORECARD_PASSWORD}geheim@db/shop",
        "postgresql://db/shop?user=ada&password=geheim",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3Dgeheim%3B",
        "snowflake://ada@db/shop?token=geheim",
    ],
)
def test_a_password_in_the_file_is_a_finding_that_does_not_repeat_it(template: str, tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        read_address(template, {"SCORECARD_PASSWORD": "x"}, PLACE)
    assert caught.value.code == "S318"
    reading = read_source(tmp_path, f"{{connect: '{template}', table: figures}}")
    assert reading.findings == [f"strategy.yaml:7:8 S318 {caught.value.message}"]
    assert "geheim" not in reading.hints


def test_a_variable_that_is_not_set_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCORECARD_SHOP_PASSWORD", raising=False)
    reading = read_source(tmp_path, "{connect: 'postgresql://ada:${SCORECARD_SHOP_PASSWORD}@db/shop', table: figures}")
    assert reading.findings == ["strategy.yaml:7:8 S319 the environment variable 'SCORECARD_SHOP_PASSWORD' is not set"]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://ada:${SCORECARD_SHOP_PASSWORD}@127.0.0.1:1/shop",
        "nosuch://ada:${SCORECARD_SHOP_PASSWORD}@127.0.0.1/shop",
        "postgresql+nosuch://ada:${SCORECARD_SHOP_PASSWORD}@127.0.0.1/shop",
        "postgresql://ada:${SCORECARD_SHOP_PASSWORD}@127.0.0.1:port/shop",
        "duckdb:///figures.duckdb",
        "oracle:///figures",
    ],
)
def test_a_server_that_cannot_be_reached_is_one_finding_without_a_secret(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_SHOP_PASSWORD", SECRET)
    reading = read_source(tmp_path, f"{{connect: '{address}', table: figures}}")
    assert len(reading.findings) == 1
    assert reading.findings[0].split(" ")[:2] in (["strategy.yaml:7:8", "S330"], ["strategy.yaml:7:8", "S316"])
    shown = f"{reading.findings} {reading.hints}"
    assert not any(part in shown for part in ("s3cr3t", "p@ss", "p%40ss"))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of our own, its password in SCORECARD_SHOP_PASSWORD; skips where none can be started."""
    if not (shutil.which("initdb") and shutil.which("pg_ctl")):
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    account = "postgres" if os.getuid() == 0 else None
    folder = Path(f"/tmp/scorecard-postgres-{os.getpid()}")  # a short path: it holds a socket
    folder.mkdir(mode=0o700)
    (folder / "password").write_text(SECRET)
    if account:
        shutil.chown(folder, account)
        shutil.chown(folder / "password", account)
    server = folder / "server"
    options = ["-A", "scram-sha-256", "-U", "ada", "--pwfile", folder / "password"]
    try:
        subprocess.run(["initdb", "-D", server, *options], check=True, capture_output=True, user=account, cwd="/")
        start = [
            "pg_ctl",
            "-D",
            server,
            "-w",
            "-l",
            folder / "log",
            "-o",
            f"-k {folder} -c listen_addresses=''",
            "start",
        ]
        subprocess.run(start, check=True, capture_output=True, user=account, cwd="/")
        try:
            yield f"postgresql+psycopg://ada:${{SCORECARD_SHOP_PASSWORD}}@/postgres?host={folder}"
        finally:
            subprocess.run(
                ["pg_ctl", "-D", server, "-m", "immediate", "stop"], capture_output=True, user=account, cwd="/"
            )
    finally:
        shutil.rmtree(folder)


def test_postgresql(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    monkeypatch.setenv("SCORECARD_SHOP_PASSWORD", SECRET)
    folder = postgres.partition("host=")[2]
    with psycopg.connect(host=folder, user="ada", password=SECRET, dbname="postgres") as connection:
        connection.execute("create schema shop")
        connection.execute("create table shop.figures (kpi text, period date, value numeric, target double precision)")
        connection.execute(
            "insert into shop.figures values ('sales', '2026-01-31', 12.5, 20), ('sales', '2026-02-28', 'NaN', null)"
        )
        connection.execute(
            "create function wipe() returns text language sql as 'delete from shop.figures returning kpi'"
        )

    def read(what: str, address: str = postgres) -> Reading:
        return read_source(tmp_path, f'{{connect: "{address}", {what}}}')

    reading = read("table: shop.figures")
    assert reading.rows == [("sales", "2026-01-31", (), 12.5)]
    assert (reading.targets, reading.places) == ({("sales", "2026-01-31"): 20.0}, ["postgres!shop.figures:1:3"])
    assert reading.findings == ["postgres!shop.figures:2:3 S304 'nan' is not a number"]
    query = "select kpi, to_char(period, ''YYYY-MM'') as period, value::text from shop.figures where kpi like ''s%'' and value < 99"
    assert read(f"query: '{query}'").rows == [("sales", "2026-01", (), 12.5)]
    wiped = read("query: 'select wipe() as kpi'")
    assert "S330 the database cannot be read: cannot execute DELETE in a read-only transaction" in wiped.findings[0]
    assert len(read("table: shop.figures").rows) == 1
    assert 'relation "nothing" does not exist' in read("table: nothing").findings[0]
    monkeypatch.setenv("SCORECARD_WRONG_PASSWORD", "wrong")
    wrong = read("table: shop.figures", postgres.replace("SCORECARD_SHOP_PASSWORD", "SCORECARD_WRONG_PASSWORD"))
    assert "password authentication failed" in wrong.findings[0]
    monkeypatch.setattr(database, "_READ_ONLY", {"postgresql": ("SET LOCAL statement_timeout = 50",)})
    assert "statement timeout" in read("query: 'select pg_sleep(5)::text as kpi'").findings[0]
