"""The app: its commands, and what holds for all of them."""

from __future__ import annotations

import io
import sys

import typer

from scorecard.cli import check, explain, export, log, new, record, schema, show, tui, verify, why
from scorecard.cli.paths import WRONG_USE, note

app = typer.Typer(
    name="scorecard",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Strategy as code: balanced scorecards and strategy maps in plain text.",
)
app.command("new", short_help="Write a new strategy from a template.")(new.new)
app.command("check", short_help="Say what is wrong or weak, and where.")(check.check)
app.command("show", short_help="Show every goal and KPI with its status.")(show.show)
app.command("why", short_help="Say why a goal has its colour.")(why.why)
app.command("export", short_help="Write the strategy map to a file.")(export.export)
app.command("tui", short_help="Walk through the scorecard.")(tui.tui)
app.command("record", short_help="Put values on record.")(record.record)
app.command("log", short_help="Show who recorded what, and when.")(log.log)
app.command("verify", short_help="Check that what is on record was not changed.")(verify.verify)
app.command("close", short_help="Close a review period.")(record.close)
app.command("schema", short_help="Print the JSON Schema for editors.")(schema.schema)
app.command("explain", short_help="Explain the code of a finding.")(explain.explain)


@app.callback(invoke_without_command=True)
def version(show_version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if show_version:
        from importlib.metadata import version as read_version

        print(f"scorecard {read_version('scorecard')}")
        raise typer.Exit


def main() -> None:
    """Run the command line. Output is UTF-8 under every locale; a closed pipe ends it quietly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except OSError as error:  # a full disk behind a redirection; the app itself takes care of closed pipes
        if error.filename is not None:
            raise
        note(f"scorecard: the output cannot be written: {(error.strerror or 'unknown').lower()}")
        raise SystemExit(WRONG_USE) from None
