"""The app: its commands, and what holds for all of them."""

from __future__ import annotations

import sys

import typer

from scorecard.cli import check, explain, export, new, schema, show, tui, why

app = typer.Typer(
    name="scorecard",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Strategy as code: balanced scorecards and strategy maps in plain text.",
)
app.command("new")(new.new)
app.command("check")(check.check)
app.command("show")(show.show)
app.command("why")(why.why)
app.command("export")(export.export)
app.command("tui")(tui.tui)
app.command("schema")(schema.schema)
app.command("explain")(explain.explain)


@app.callback(invoke_without_command=True)
def version(show_version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if show_version:
        from importlib.metadata import version as read_version

        print(f"scorecard {read_version('scorecard')}")
        raise typer.Exit


def main() -> None:
    """Run the command line. A closed pipe ends it quietly."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
