"""The app: its commands, and what holds for all of them."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {  # the command: its module and function here, and what it does
    "new": ("new:new", "Write a new strategy, from a template or a workbook."),
    "check": ("check:check", "Say what is wrong or weak, and where."),
    "show": ("show:show", "Show every goal and KPI with its status."),
    "why": ("why:why", "Say why a goal has its colour."),
    "what-if": ("what_if:what_if", "Say what other figures would change."),
    "stale": ("stale:stale", "Show whose figures are due or overdue."),
    "agenda": ("agenda:agenda", "Print what a review should speak about."),
    "tui": ("tui:tui", "Walk through the scorecard."),
    "serve": ("serve:serve", "Walk through it in a browser."),
    "export": ("export:export", "Write the strategy map to a file."),
    "template": ("template:template", "Write the sheet that owners fill in."),
    "import": ("import_values:import_values", "Put the values of files on record."),
    "record": ("record:record", "Put values on record."),
    "log": ("log:log", "Show who recorded what, and when."),
    "verify": ("verify:verify", "Check that what is on record was not changed."),
    "close": ("record:close", "Close a review period."),
    "schema": ("schema:schema", "Print the JSON Schema for editors."),
    "explain": ("explain:explain", "Explain the code of a finding."),
}


class Commands(TyperGroup):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            for name in COMMANDS:  # one of them may be meant
                self.get_command(ctx, name)
            return None
        if cmd_name not in self.commands:
            where, what = COMMANDS[cmd_name]
            module, _, function = where.partition(":")
            one = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
            found = getattr(import_module(f"scorecard.cli.{module}"), function)
            one.command(cmd_name, short_help=what)(found)
            self.commands[cmd_name] = typer.main.get_command(one)
        return self.commands[cmd_name]


app = typer.Typer(
    name="scorecard",
    cls=Commands,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Strategy as code: balanced scorecards and strategy maps in plain text.",
)


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
        from scorecard.cli.paths import WRONG_USE, note

        note(f"scorecard: the output cannot be written: {(error.strerror or 'unknown').lower()}")
        raise SystemExit(WRONG_USE) from None
