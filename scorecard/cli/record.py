"""`scorecard record` and `scorecard close`: values put on record in somebody's name, and periods that are done with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import FINDINGS, JsonOption, note, read_scorecards, refuse
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.api import Scorecard
    from scorecard.model.finding import Finding
    from scorecard.store.ledger_chain import Row
    from scorecard.store.recording import Known, Register

ByOption = Annotated[
    str | None,
    typer.Option("--by", help="Who says so; SCORECARD_BY, else the name of the login, unless said."),
]
NoteOption = Annotated[str, typer.Option("--note", help="What to know about it.")]


def record(
    target: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] KPI=VALUE...",
            help="The path, where it is not this folder, and the values; 'KPI=' with nothing behind withdraws one.",
        ),
    ],
    period: Annotated[
        str | None, typer.Option("--period", "-p", help="The period they belong to, as in a file.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="DIMENSION=MEMBER", help="The member they belong to, for every dimension."),
    ] = None,
    text: NoteOption = "",
    by: ByOption = None,
    reopen: Annotated[str, typer.Option("--reopen", metavar="REASON", help="Why a closed period has to change.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Record what looks odd without asking.")] = False,
    json: JsonOption = False,
) -> None:
    """Put values on record in the strategy's own store: all of them or none.

    Nothing is ever overwritten: a later value for the same KPI and period is a row of its own, and counts.
    """
    path, values = _split(target)
    if period is None:
        refuse("nothing is said of the period", "add --period, such as --period 2026-10")
    said = {"by": by if by is not None else find_name(), "note": text, "reopen": reopen}
    members = dict(_pair(one, "--where store=munich") for one in where or ())
    with refusing(json):
        card, register = open_register(path, json)
        now = datetime.now(UTC)
        draft = register.draft(values, period, members, now, **said)
        if draft.questions and not yes:
            ask(draft.questions, json)
        warn_at_first_write(register)
        done = register.commit(draft, datetime.now(UTC))
    _print_recorded(card, said["by"], done, json)


def close(
    target: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH] PERIOD", help="The path, where it is not this folder, and the review period."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", help="The review period, such as 2026-09, in place of the argument.")
    ] = None,
    text: NoteOption = "",
    by: ByOption = None,
    json: JsonOption = False,
) -> None:
    """Close a review period: from then on a change to it needs a reason, given with --reopen.

    It guards what is on record in the store; values in files can still be changed there.
    """
    path, wanted = _split_close(target or [], period)
    name = by if by is not None else find_name()
    with refusing(json):
        card, register = open_register(path, json)
        try:
            at = card.read_period(wanted)
        except ValueError as error:
            refuse(str(error), f"write a {card.strategy.period}, such as {card.last_period or '2026-10'}")
        warn_at_first_write(register)
        row = register.close(at, datetime.now(UTC), name, text)
    if json:
        from scorecard.cli.output import print_json

        number = None if row is None else row.id
        print_json({"store": store_name(card), "period": str(at), "row": number, "version": 1})
    elif row is None:
        note(f"{at} is closed already; 'scorecard log' says by whom")
    else:
        print(f"{at} is closed by {shorten(name)}: row {row.id} in {shorten(store_name(card), 200)}")


def open_register(path: str, json: bool) -> tuple[Scorecard, Register]:
    """The one strategy at a path and its store; a workspace of several ends the command. Raises StoreError."""
    from scorecard.store.ledger import Ledger
    from scorecard.store.recording import Register

    report = read_scorecards(path, json)
    if len(report.scorecards) != 1:
        paths = ", ".join(card.name for card in report.scorecards.values())
        refuse("this is a workspace of several strategies", f"name the path of one: {shorten(paths, 200)}")
    card = next(iter(report.scorecards.values()))
    return card, Register(card.strategy, Ledger(card.store), card.observations)


@contextmanager
def refusing(json: bool) -> Iterator[None]:
    """End the command with the findings where nothing could be recorded."""
    from scorecard.model.finding import Finding, Place, Severity
    from scorecard.store.ledger_errors import StoreError
    from scorecard.store.recording import Refused

    try:
        yield
        return
    except Refused as refused:
        findings: Sequence[Finding] = refused.findings
    except StoreError as error:
        findings = [Finding(error.code, Severity.ERROR, Place("store"), error.message, error.hint)]
    _print_refusal(findings, json)
    raise typer.Exit(FINDINGS)


def find_name() -> str:
    """Who is at the keyboard, as far as the system knows."""
    import getpass

    try:
        return os.environ.get("SCORECARD_BY") or getpass.getuser()
    except (KeyError, ImportError, OSError):
        return refuse("nothing is said of who records this", "add --by NAME, or set SCORECARD_BY")


def warn_at_first_write(register: Register) -> None:
    """What to know before a store is made."""
    from scorecard.store.recording import warn_of_drive

    if not register.ledger.exists() and (warning := warn_of_drive(register.ledger)):
        note(write_sentence(warning))


def ask(questions: Sequence[Finding], json: bool) -> None:
    """Let somebody look at what is odd; where nobody can answer, the command ends."""
    if not _asks(json):
        _print_refusal(questions, json)
        if not json:
            note("nothing was recorded; add --yes where it is right")
        raise typer.Exit(FINDINGS)
    for question in questions:
        note(write_sentence(question))
    if not typer.confirm("Record it all the same?", err=True):
        note("nothing was recorded")
        raise typer.Exit(FINDINGS)


def write_sentence(finding: Finding) -> str:
    place = finding.place if finding.place[1:] != (1, 1) else finding.place.file
    head = f"{place}: {finding.severity} {finding.code} {finding.message}"
    return f"{head}\n    {finding.hint}" if finding.hint else head


def place_name(card: Scorecard, known: Known) -> str:
    """Where a value stands that counted before."""
    file, line = known.place.file, known.place.line
    return f"row {line}" if file.endswith(card.store.name) else f"{shorten(file, 60)}:{line}"


def store_name(card: Scorecard) -> str:
    """The store as it is reached from the path asked for."""
    name = Path(card.name)
    return str((name if name.is_dir() else name.parent) / card.store.name)


def _split(target: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
    """The path and the values; the first word is the path where nothing is set in it, or where there is such a path."""
    has_path = "=" not in target[0] or Path(target[0]).exists()
    path, values = (target[0], target[1:]) if has_path else (".", target)
    if not values:
        refuse("nothing is said of what to record", "write such as 'scorecard record . revenue=1200 --period 2026-10'")
    return path, [_pair(one, "revenue=1200") for one in values]


def _split_close(target: Sequence[str], period: str | None) -> tuple[str, str]:
    """The path and the period, which is the last word where the option does not say it."""
    words = [*target, *([period] if period is not None else [])]
    if not words or (period is None and len(words) == 1 and Path(words[0]).exists()):
        refuse("nothing is said of the period", "name it, such as 'scorecard close . 2026-09'")
    if len(words) > 2:
        refuse("one path and one period are expected", "write such as 'scorecard close . 2026-09'")
    return (words[0] if len(words) == 2 else "."), words[-1]


def _pair(text: str, example: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        refuse(f"'{shorten(text)}' sets nothing", f"write it such as {example}")
    return name.strip(), value.strip()


def _asks(json: bool) -> bool:
    """Whether somebody is there to answer."""
    return not json and sys.stdin.isatty()


def _print_recorded(card: Scorecard, by: str, done: Sequence[tuple[Row, Known | None]], json: bool) -> None:
    if json:
        from scorecard.cli.output import print_json

        print_json({"store": store_name(card), "recorded": [_object(*one) for one in done], "version": 1})
        return
    from scorecard.cli.log_table import describe_row

    print(f"recorded by {shorten(by)} in {shorten(store_name(card), 200)}:")
    for row, before in done:
        print(f"  row {row.id}: {describe_row(card.strategy, row)} ({_before(card, row, before)})")


def _print_refusal(findings: Sequence[Finding], json: bool) -> None:
    if json:
        from scorecard.cli.findings import findings_object
        from scorecard.cli.output import print_json

        print_json(findings_object(findings))
        return
    for finding in findings:
        note(write_sentence(finding))


def _before(card: Scorecard, row: Row, before: Known | None) -> str:
    """What counted before, in words, and where that stands."""
    from scorecard.render.words import quantity

    if before is None:
        return "nothing before"
    measure = card.strategy.measure(row.entry.kpi)
    return f"before: {quantity(before.value, (measure and measure.unit) or '')}, {place_name(card, before)}"


def _object(row: Row, before: Known | None) -> dict[str, Any]:
    from scorecard.cli.log_table import row_object

    place = None if before is None else str(before.place)
    return row_object(row) | {"before": None if before is None else before.value, "before_from": place}
