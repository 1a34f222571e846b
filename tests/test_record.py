"""Recording as people do it: `record`, `log`, `verify`, `close`, and `show --as-of`."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shop_on_record import ROWS, SHOP, STORES, logged, run, write_shop

from scorecard import load
from scorecard.store import ledger_file, recording
from scorecard.store.jumps import find_jump
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import Entry
from scorecard.store.recording import Refused, Register


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_shop(tmp_path, monkeypatch)


def value(period: str, kpi: str = "returning", *words: str) -> float | str | None:
    result = run("show", "shop", "--kpi", kpi, "--period", period, "--json", *words)
    return json.loads(result.stdout)["kpis"][0]["value"]  # type: ignore[no-any-return]


def test_a_recorded_value_counts_after_the_files_and_says_what_stood_there(shop: Path) -> None:
    result = run("record", "shop", "returning=9", "mood=GOOD", "margin=16%", "--period", "2026-08", "--note", "recount")
    assert "recorded by Ann in shop/scorecard.sqlite" in result.stdout
    assert "row 1: Returning customers 2026-08 = 9 people (before: 8 people, shop/rows.csv:3)" in result.stdout
    assert "row 2: Mood 2026-08 = good (nothing before)" in result.stdout
    assert [value("2026-08", kpi) for kpi in ("returning", "mood", "margin")] == [9.0, "good", 0.16]
    assert (shop / "rows.csv").read_text(encoding="utf-8") == ROWS, "files stay as they are"
    assert run("check", "shop", "--json", code=0).exit_code == 0


def test_a_single_file_has_its_store_beside_it_and_the_other_store_is_said(shop: Path) -> None:
    run("record", "shop", "returning=9", "--period", "2026-08")
    run("record", "shop/strategy.yaml", "returning=7", "--period", "2026-08")
    assert sorted(one.name for one in shop.glob("*.sqlite")) == ["scorecard.sqlite", "strategy.scorecard.sqlite"]
    for path, other in (("shop", "strategy.scorecard.sqlite"), ("shop/strategy.yaml", "scorecard.sqlite")):
        found = json.loads(run("check", path, "--json").stdout)["findings"]
        assert [one["message"] for one in found if one["code"] == "S326"] == [
            f"the values recorded in '{other}' do not count here"
        ]


def test_a_correction_is_a_row_of_its_own_and_the_old_one_stays(shop: Path) -> None:
    run("record", "shop", "Returning Customers=9", "--period", "2026-10")
    run("record", "shop", "regular_guests=7", "--period", "2026-10", "--by", "Bob", "--note", "two counted twice")
    assert value("2026-10") == 7.0
    rows = logged("returning", "--period", "2026-10")
    assert [(row["by"], row["value"], row["corrects"], row["corrected_by"]) for row in rows] == [
        ("Ann", 9.0, None, 2),
        ("Bob", 7.0, 1, None),
    ]
    text = run("log", "shop").stdout
    assert text.index("replaced by row 2") < text.index("corrects row 1") < text.index("two counted twice")


def test_a_value_can_be_withdrawn_and_the_file_counts_again(shop: Path) -> None:
    run("record", "shop", "returning=9", "--period", "2026-08")
    assert "withdrawn (before: 9 people, row 1)" in run("record", "shop", "returning=", "--period", "2026-08").stdout
    assert value("2026-08") == 8.0
    assert [row["value"] for row in logged()] == [9.0, None]
    for period in ("2026-08", "2026-09"):
        result = run("record", "shop", "returning=", "--period", period, code=1)
        assert "S328 nothing is on record of 'returning'" in result.stderr
    assert len(logged()) == 2


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["retuning=9"], "S303", "did you mean 'returning'?"),
        (["returning=a lot"], "S304", "write 1234.5"),
        (["returning=nan"], "S304", "write 1234.5"),
        (["mood=great"], "S313", "the levels are good, bad"),
        (["per_head=3"], "S311", "record the figures that the formula uses"),
        (["returning=8", "Returning customers=9"], "S307", "say it once"),
        (["returning=8", "--where", "store=munich"], "S306", "this strategy has none"),
    ],
)
def test_what_cannot_count_is_refused_and_nothing_is_recorded(
    shop: Path, words: list[str], code: str, hint: str
) -> None:
    result = run("record", "shop", "margin=15%", *words, "--period", "2026-09", code=1)
    assert code in result.stderr
    assert hint in result.stderr
    findings = json.loads(run("record", "shop", "margin=15%", *words, "-p", "2026-09", "--json", code=1).stdout)
    assert [one["code"] for one in findings["findings"]] == [code]
    assert not (shop / "scorecard.sqlite").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["record", "shop", "returning=9"],
        ["record", "shop", "--period", "2026-09"],
        ["record", "shop", "returning", "--period", "2026-09"],
        ["record", "shop", "returning=9", "--period", "2026-09", "--where", "munich"],
        ["log", "shop", "retuning"],
        ["log", "shop", "returning", "more"],
        ["close", "shop", "2026"],
        ["close", "shop", "soon"],
        ["show", "shop", "--as-of", "yesterday"],
    ],
)
def test_wrong_use_is_refused_with_a_hint(shop: Path, words: list[str]) -> None:
    assert run(*words, code=2).stderr.startswith("scorecard: ")
    assert not (shop / "scorecard.sqlite").exists()


@pytest.mark.parametrize("text", ["a\x1b[31mb", "two\nlines", "\u202egnp", "x" * 10_001])
def test_names_and_notes_that_cannot_be_printed_are_refused(shop: Path, text: str) -> None:
    for option in ("--by", "--note"):
        result = run("record", "shop", "returning=9", "--period", "2026-09", option, text, code=1)
        assert "S210" in result.stderr
        assert "\x1b" not in result.stderr
    run("record", "shop", "returning=9", "--period", "2026-09", "--by", " ", code=1)
    assert not (shop / "scorecard.sqlite").exists()


def test_a_faulty_period_is_refused(shop: Path) -> None:
    assert "S305" in run("record", "shop", "returning=9", "--period", "2026-13", code=1).stderr


def test_what_looks_odd_needs_a_yes(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    months = "".join(f"returning,2025-{n:02},{20 + n % 3}\n" for n in range(1, 13))
    (shop / "rows.csv").write_text(ROWS.splitlines()[0] + "\n" + months, encoding="utf-8")
    odd = {"returning=2100": "S324 2100 is 100 times the usual", "returning=40": "S324 40 is far outside the last 12"}
    for said, message in odd.items():
        result = run("record", "shop", said, "--period", "2026-01", code=1)
        assert message in result.stderr
        assert "add --yes" in result.stderr
    assert "S310" in run("record", "shop", "margin=15", "--period", "2026-01", code=1).stderr
    assert "S329" in run("record", "shop", "returning=21", "--period", "2926-01", code=1).stderr
    assert not (shop / "scorecard.sqlite").exists()
    run("record", "shop", "returning=22", "--period", "2026-01")
    run("record", "shop", "returning=40", "--period", "2026-02", "--yes")
    monkeypatch.setattr("scorecard.cli.record._asks", lambda json: not json)
    assert (
        "nothing was recorded" in run("record", "shop", "returning=2100", "-p", "2026-03", input="n\n", code=1).output
    )
    run("record", "shop", "returning=2100", "--period", "2026-03", input="y\n")
    assert [row["value"] for row in logged()] == [22.0, 40.0, 2100.0]


def test_a_jump_is_measured_against_enough_history_only() -> None:
    assert find_jump(1000, [1, 2]) is None
    assert find_jump(1000, [0, 0, 0, 0, 0, 0]) is None, "nothing is ten times zero"
    assert find_jump(105, [100] * 12) is None, "a flat history has no spread"
    assert find_jump(9, [100, 100, 100]) == "11 times less than the usual 100"
    assert find_jump(-1000, [100, 100, 100]) == "10 times the usual 100"
    assert find_jump(0, [10, 11, 12, 10, 11, 12]) == "far outside the last 6, which were 10 to 12"
    assert find_jump(14, [10, 11, 12, 10, 11, 12]) is None


def test_a_closed_period_needs_a_reason(shop: Path) -> None:
    run("record", "shop", "returning=9", "--period", "2026-09")
    assert "2026-09 is closed by Ann: row 2" in run("close", "shop", "2026-09").stdout
    assert "closed already" in run("close", "shop", "2026-09").stderr
    for period in ("2026-09", "2026-09-15", "2026-W39", "2026-Q3"):
        result = run("record", "shop", "returning=8", "--period", period, code=1)
        assert "S323 2026-09 was closed by Ann" in result.stderr
    run("record", "shop", "returning=8", "--period", "2026-10", "--reopen", "not needed")
    run("record", "shop", "returning=7", "--period", "2026-09", "--reopen", "an invoice came late")
    run("record", "shop", "returning=6", "--period", "2026-09", code=1)
    rows = logged()
    assert [row["reopen"] for row in rows] == [None, None, None, "an invoice came late"]
    assert [row["kind"] for row in rows] == ["value", "close", "value", "value"]
    assert "reopened: an invoice came late" in run("log", "shop", "returning", "-p", "2026-09").stdout


def test_who_closes_a_period_while_somebody_records_in_it_wins(shop: Path) -> None:
    card = load(shop)
    now = datetime.now(UTC)
    late, early = (Register(card.strategy, Ledger(card.store), card.observations) for _ in range(2))
    draft = late.draft([("returning", "9")], "2026-09", {}, now, by="Ann", note="", reopen="")
    early.close(card.read_period("2026-09"), now, "Bob")
    with pytest.raises(Refused, match="2026-09 was closed by Bob"):
        late.commit(draft, now)
    assert len(Ledger(card.store).read().rows) == 1


def test_what_was_before_is_what_somebody_recorded_a_moment_ago(shop: Path) -> None:
    card = load(shop)
    now = datetime.now(UTC)
    ann, bob = (Register(card.strategy, Ledger(card.store), card.observations) for _ in range(2))
    drafts = [
        one.draft([("returning", v)], "2026-09", {}, now, by="x", note="", reopen="")
        for one, v in ((ann, "5"), (bob, "6"))
    ]
    ann.commit(drafts[0], now)
    [(row, before)] = bob.commit(drafts[1], now)
    assert row.id == 2
    assert before is not None
    assert before.value == 5.0


def test_as_of_shows_what_the_store_knew_then(shop: Path) -> None:
    ledger = Ledger(shop / "scorecard.sqlite")
    for day, number in ((5, 1.0), (9, 2.0), (20, 3.0)):
        said = Entry("Ann", "value", "returning", "2026-09", value=number)
        ledger.append([said], datetime(2026, 10, day, 23, 59, 59, tzinfo=UTC))
    known = {
        day: value("2026-09", "returning", "--as-of", day)
        for day in ("2026-10-04", "2026-10-05", "2026-10-19", "2026-10-20")
    }
    assert known == {"2026-10-04": 8.0, "2026-10-05": 1.0, "2026-10-19": 2.0, "2026-10-20": 3.0}
    result = run("why", "shop", "regulars", "--period", "2026-09", "--of", "lagging", "--as-of", "2026-10-05", "--json")
    assert json.loads(result.stdout)["lines"][0]["score"] == 0.1
    assert "values in files carry no such date" in result.stderr


def test_a_kpi_that_has_another_id_now_keeps_its_record(shop: Path) -> None:
    run("record", "shop", "returning=9", "--period", "2026-09")
    text = (
        SHOP.replace("kpi: returning,", "kpi: guests,")
        .replace("regular_guests", "returning")
        .replace("/ returning", "/ guests")
    )
    (shop / "strategy.yaml").write_text(text, encoding="utf-8")
    run("record", "shop", "guests=10", "--period", "2026-09")
    assert value("2026-09", "guests") == 10.0
    assert [(row["kpi"], row["corrects"]) for row in logged("guests")] == [("returning", None), ("guests", 1)]
    findings = json.loads(run("check", "shop", "--json").stdout)["findings"]
    assert [one for one in findings if one["code"].startswith("S3") and "sqlite" in one["file"]] == []


def test_what_the_strategy_no_longer_knows_is_a_finding_with_its_row(shop: Path) -> None:
    run("record", "shop", "mood=bad", "till=80", "--period", "2026-09")
    text = SHOP.replace("levels: {good: 1, bad: 0}", "levels: {good: 1, poor: 0}").replace("till", "takings")
    (shop / "strategy.yaml").write_text(text, encoding="utf-8")
    findings = json.loads(run("check", "shop", "--json", code=1).stdout)["findings"]
    stored = [(one["code"], one["line"]) for one in findings if one["file"] == "shop/scorecard.sqlite"]
    assert stored == [("S313", 1), ("S303", 2)]


def test_members_are_recorded_for_every_dimension(shop: Path) -> None:
    (shop / "strategy.yaml").write_text(SHOP + STORES, encoding="utf-8")
    run("record", "shop", "till=100", "--period", "2026-09", "--where", "store=Munich")
    run("record", "shop", "till=50", "--period", "2026-09", "--where", "store=berlin")
    run("record", "shop", "till=60", "--period", "2026-09", "--where", "store=berlin")
    assert [row["members"] for row in logged()] == [{"store": "munich"}, {"store": "berlin"}, {"store": "berlin"}]
    assert load(shop).history.of("till")[1].tolist() == [160.0]
    assert "S306" in run("record", "shop", "till=1", "-p", "2026-09", "--where", "store=rome", code=1).stderr


def test_the_log_of_a_member_has_its_values_only(shop: Path) -> None:
    """By hand and of imports, with a KPI or without; what is of all together is not of the member."""
    (shop / "strategy.yaml").write_text(SHOP + STORES, encoding="utf-8")
    (shop.parent / "list.csv").write_text(
        "kpi,period,store,value\ntill,2026-08,munich,90\ntill,2026-08,berlin,40\nreturning,2026-08,,7\n",
        encoding="utf-8",
    )
    run("import", "shop", "list.csv")
    run("record", "shop", "till=100", "--period", "2026-08", "--where", "store=Munich")
    run("record", "shop", "till=50", "--period", "2026-09", "--where", "store=berlin")
    run("record", "shop", "till=70", "--period", "2026-10")
    run("close", "shop", "2026-08")
    for words in ((), ("till",)):
        rows = logged(*words, "--where", "store=MUNICH")
        assert [(row["kpi"], row["value"], row["members"]) for row in rows] == [
            ("till", 90.0, {"store": "munich"}),
            ("till", 100.0, {"store": "munich"}),
        ]
        assert rows[1]["corrects"] == rows[0]["row"]
    assert [row["value"] for row in logged("--where", "store=berlin", "--period", "2026-09")] == [50.0]
    (shop / "rows.csv").write_text("kpi,period,store,value\ntill,2026-10,munich,5\ntill,2026-10,berlin,6\n")
    found = json.loads(run("log", "shop", "till", "-p", "2026-10", "--where", "store=berlin", "--json").stdout)
    assert [(one["members"], one["value"]) for one in found["sources"]] == [(["berlin"], 6.0)]
    assert "there is no dimension 'shop'" in run("log", "shop", "--where", "shop=berlin", code=2).stderr
    assert "is no member of 'store'" in run("log", "shop", "--where", "store=rome", code=2).stderr


def test_verify_names_the_row_and_accepting_it_is_on_record(shop: Path) -> None:
    run("record", "shop", "returning=9", "till=1", "--period", "2026-09")
    run("record", "shop", "returning=7", "--period", "2026-10")
    whole = json.loads(run("verify", "shop", "--json").stdout)["stores"][0]
    assert (whole["rows"], whole["whole"]) == (3, True)
    run("verify", "shop", "--head", whole["head"])
    with sqlite3.connect(shop / "scorecard.sqlite") as connection:
        kept = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'unchanged'").fetchone()[0]
        connection.execute("DROP TRIGGER unchanged")
        connection.execute("UPDATE ledger SET value = 99.0 WHERE id = 1")
        connection.execute(kept)
    connection.close()
    result = run("verify", "shop", code=1)
    assert "shop/scorecard.sqlite:1:1: error S320 row 1 (returning 2026-09: 99.0) was altered" in result.stdout
    shown = run("show", "shop", "--period", "2026-10", "--json")
    assert "S320 row 1" in shown.stderr, "never silently"
    assert value("2026-10") == 8.0, "the file's, as nothing on record counts"
    assert "S320" in run("record", "shop", "returning=5", "--period", "2026-10", code=1).stderr
    run("log", "shop", code=1)
    assert "rows 1 stay out" in run("verify", "shop", "--accept", "the drive was replaced", "--by", "Cy").stdout
    assert "S321 row 1" in run("verify", "shop").stdout
    assert value("2026-10") == 7.0
    assert value("2026-09") == 8.0
    run("record", "shop", "returning=9", "--period", "2026-09")
    assert value("2026-09") == 9.0
    assert logged()[3]["note"] == "the drive was replaced"
    run("verify", "shop", "--accept", "again")
    assert len(logged()) == 5, "there was nothing to accept"


def test_a_head_noted_elsewhere_tells_of_history_rewritten_from_the_start(shop: Path) -> None:
    run("record", "shop", "returning=9", "--period", "2026-09")
    head = json.loads(run("verify", "shop", "--json").stdout)["stores"][0]["head"]
    (shop / "scorecard.sqlite").unlink()
    run("record", "shop", "returning=10", "--period", "2026-09")
    run("verify", "shop")
    assert "was rewritten or lost" in run("verify", "shop", "--head", head, code=1).stdout


def test_a_store_that_is_none_is_said_and_nothing_falls_over(shop: Path) -> None:
    (shop / "scorecard.sqlite").write_bytes(b"not a database at all, but long enough to be looked at as one" * 20)
    for command in (
        ["show", "shop"],
        ["log", "shop"],
        ["verify", "shop"],
        ["record", "shop", "till=1", "-p", "2026-09"],
    ):
        result = run(*command, code=0 if command[0] == "show" else 1)
        assert "S322" in result.output


def test_a_workspace_has_a_store_a_strategy(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "strategy.yaml").write_text(SHOP.replace("strategy: shop", "strategy: other"), encoding="utf-8")
    (other / "rows.csv").write_text(ROWS, encoding="utf-8")
    run("record", "shop", "returning=9", "--period", "2026-09")
    assert "name the path of one" in run("record", ".", "returning=9", "--period", "2026-09", code=2).stderr
    stores = json.loads(run("verify", ".", "--json").stdout)["stores"]
    assert [(one["strategy"], one["rows"]) for one in stores] == [("other", 0), ("shop", 1)]


def test_a_network_drive_is_said_at_the_first_write_only(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (recording, ledger_file):
        monkeypatch.setattr(module, "find_network_drive", lambda folder: "nfs4")
    assert "S325" in run("record", "shop", "returning=9", "--period", "2026-09").stderr
    assert "S325" not in run("record", "shop", "returning=8", "--period", "2026-09").stderr
    assert [row["value"] for row in logged()] == [9.0, 8.0]
    connection = sqlite3.connect(shop / "scorecard.sqlite")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",), "a write-ahead log is not shared there"
    connection.close()
