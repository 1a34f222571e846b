"""The gallery of the store: a transcript for each code of what is said where values are recorded.

`tests/broken_store/S323_closed_period.txt` shows S323. It is played in a folder with a copy of `strategy.yaml` in `bakery`,
at a fixed time: `$ scorecard record ...` is run, and below stands what a terminal shows, then the exit code as `[1]` unless 0;
`! ...` is one of `MISHAPS`, which no command brings about. `python tests/test_broken_store.py` writes what is printed anew:
read the difference before keeping it.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import openpyxl
import pytest

from scorecard.cli.app import app
from scorecard.model.codes import CODES
from scorecard.store import ledger, ledger_file, recorded, recording
from scorecard.store.ledger_errors import describe_unwritable

GALLERY = Path(__file__).parent / "broken_store"
PAGES = Path(__file__).parent.parent / "scorecard" / "pages"
NAMES = sorted(name for name in os.listdir(GALLERY) if name.endswith(".txt"))
STORE = Path("bakery", "scorecard.sqlite")
NOW = datetime(2026, 10, 5, 17, 40, 12, 123456, UTC)


class Clock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW.astimezone(tz)


def alter_row(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    with closing(sqlite3.connect(STORE, isolation_level=None)) as connection:
        (guard,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'unchanged'").fetchone()
        connection.execute("DROP TRIGGER unchanged")
        connection.execute("UPDATE ledger SET value = 99.0 WHERE id = 1")
        connection.execute(guard)


def cut_file(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    os.truncate(STORE, 100)


def move_away(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    STORE.rename("damaged.sqlite")


def mount_drive(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    for module in (recording, ledger_file):
        patch.setattr(module, "find_network_drive", lambda folder: "nfs4")


def hold_store(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    """Somebody holds the lock; that we wait for them so long is only said."""
    stack.enter_context(closing(sqlite3.connect(STORE, isolation_level=None))).execute("BEGIN IMMEDIATE")
    patch.setattr(ledger.Ledger.__init__, "__defaults__", (0.0,))
    patch.setattr(ledger, "describe_unwritable", lambda error, _: describe_unwritable(error, ledger.PATIENCE))


def write_list(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    Path("list.csv").write_text("kpi,period,value\nguests,2026-09,78\n", encoding="utf-8")


def pack_early(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    """A copy is only made of many values; here it is made of the first."""
    patch.setattr(recorded, "PACKED_FROM", 1)


def alter_copy(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    with closing(sqlite3.connect(STORE.with_suffix(".packed"), isolation_level=None)) as connection:
        connection.execute("UPDATE series SET data = zeroblob(length(data))")


def send_book(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Perspective", "Goal", "KPI", "Target", "Sep 2026", "Mood"],
        ["Customer", "Guests come back", "Guests", 90, 78, "fine"],
        ["Total", None, None, 90, 78, None],
    ):
        book.active.append(row)
    book.active.title = "Plan"
    book.save("book.xlsx")


MISHAPS: dict[str, Callable[[pytest.MonkeyPatch, ExitStack], None]] = {
    "another program sets the value of row 1 to 99": alter_row,
    "all but the first 100 bytes of the store are lost": cut_file,
    "the store is moved away": move_away,
    "the folder lies on a network drive": mount_drive,
    "a list of last month's guests lies beside": write_list,
    "the store is so large that it has a packed copy": pack_early,
    "another program writes into the packed copy": alter_copy,
    "somebody else writes for longer than 30 seconds": hold_store,
    "a consultant sends a workbook": send_book,
}


def play(name: str, folder: Path) -> str:
    """A transcript with what is printed today, played in an empty folder."""
    (folder / "bakery").mkdir()
    shutil.copy(GALLERY / "strategy.yaml", folder / "bakery")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.chdir(folder)
        patch.setattr("scorecard.cli.record.datetime", Clock)
        patch.setattr("scorecard.cli.verify.datetime", Clock)
        patch.setattr("scorecard.cli.import_values.datetime", Clock)
        patch.setattr("sys.stdin", io.StringIO())  # nobody is there to answer
        for variable, value in {"SCORECARD_BY": "Ann", "COLUMNS": "120", "NO_COLOR": "1"}.items():
            patch.setenv(variable, value)
        patch.delenv("SCORECARD_LIMITS", raising=False)
        played: list[str] = []
        for line in read_steps(name):
            played.append(line + "\n")
            if line.startswith("!"):
                MISHAPS[line.removeprefix("! ")](patch, stack)
            else:
                played.append(run(line))
    return "".join(played)


def read_steps(name: str) -> list[str]:
    lines = (GALLERY / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("$ ", "! "))]


def run(line: str) -> str:
    """What a command prints, stdout and stderr as they come, and its exit code unless it is 0."""
    words = shlex.split(line.removeprefix("$ "))
    assert words[0] == "scorecard"
    screen = io.StringIO()
    with redirect_stdout(screen), redirect_stderr(screen), pytest.raises(SystemExit) as end:
        app(words[1:], prog_name="scorecard")
    return screen.getvalue() + (f"[{end.value.code}]\n" if end.value.code else "")


def find_codes(text: str) -> Iterator[tuple[str, str]]:
    """The severity and code of each finding that is printed."""
    yield from re.findall(r": (error|warning|hint) (S\d{3})\s", text)


@pytest.mark.parametrize("name", NAMES)
def test_transcript_is_what_is_printed(name: str, tmp_path: Path) -> None:
    assert play(name, tmp_path) == (GALLERY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_transcript_shows_its_code(name: str) -> None:
    found = set(find_codes((GALLERY / name).read_text(encoding="utf-8")))
    assert name[:4] in {code for _, code in found}
    assert all(severity == CODES[code].severity for severity, code in found)


@pytest.mark.parametrize("name", NAMES)
def test_page_shows_parts_of_the_transcript(name: str) -> None:
    """Long lines are broken there, and `...` stands for what is left out."""
    page = (PAGES / f"{name[:4]}.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert name[:4] in {code for _, code in find_codes(example)}
    transcript = " ".join((GALLERY / name).read_text(encoding="utf-8").split())
    assert [part for part in example.split("\n...\n") if " ".join(part.split()) not in transcript] == []


def test_every_transcript_is_named_after_a_code() -> None:
    assert [name for name in NAMES if not re.fullmatch(r"S\d{3}(_[a-z0-9]+)+\.txt", name)] == []
    assert {name[:4] for name in NAMES} <= set(CODES)
    assert {*NAMES, "strategy.yaml"} == set(os.listdir(GALLERY))


def test_every_mishap_happens() -> None:
    steps = {step.removeprefix("! ") for name in NAMES for step in read_steps(name) if step.startswith("!")}
    assert steps == set(MISHAPS)


if __name__ == "__main__":
    for transcript in NAMES:
        with tempfile.TemporaryDirectory() as place:
            (GALLERY / transcript).write_text(play(transcript, Path(place)), encoding="utf-8")
