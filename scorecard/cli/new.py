"""`scorecard new NAME`: a complete commented strategy to start from, or what a workbook says of one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from scorecard.cli.paths import note, refuse
from scorecard.model.draft import make_id
from scorecard.model.finding import shorten

TEMPLATES = Path(__file__).parent.parent / "libraries" / "templates"


def _complete(incomplete: str) -> list[str]:
    return [name for name in template_names() if name.startswith(incomplete)]


def template_names() -> list[str]:
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


def new(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="What the strategy is called; the folder is named after it. With --from it may be left out.",
            show_default=False,
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", "-t", help="What to start from: balanced unless said.", autocompletion=_complete),
    ] = None,
    folder: Annotated[Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write it.")] = None,
    book: Annotated[
        Path | None,
        typer.Option("--from", metavar="BOOK.xlsx", help="A workbook to read: ours, or a table of goals and KPIs."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", "-p", help="With --from: the period of a column that only says 'Actual'."),
    ] = None,
) -> None:
    """Write a new strategy: a folder with a commented strategy.yaml and the schema for editors."""
    if book is not None:
        from scorecard.cli.new_from_book import write_from_book

        if template is not None:
            refuse("a strategy begins with a template or with a workbook", "say --template or --from, not both")
        if name is not None:
            _check(name)
        write_from_book(book, name, folder, period)
        return
    if name is None:
        refuse("the name is missing", "say what the strategy is called, or name a workbook with --from")
    if period is not None:
        refuse("--period says which period a workbook shows", "name the workbook with --from, or leave --period out")
    _write_template(name, template or "balanced", folder)


def _write_template(name: str, template: str, folder: Path | None) -> None:
    if template not in template_names():
        refuse(f"there is no template '{template[:40]}'", f"write one of {', '.join(template_names())}")
    _check(name)
    ident = make_id(name)
    target = folder or Path(ident)
    path = target / "strategy.yaml"
    try:
        target.mkdir(parents=True, exist_ok=True)
        text = (TEMPLATES / f"{template}.yaml").read_text(encoding="utf-8")
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace("__ID__", ident).replace("__NAME__", quote(name)))
        write_schema(target / "scorecard.schema.json")
    except FileExistsError as error:
        refuse(
            f"'{error.filename}' exists already, and nothing is overwritten",
            "choose another name, or another folder with -o",
        )
    except OSError as error:
        refuse(
            f"'{target}' cannot be written: {(error.strerror or 'unknown').lower()}",
            "choose a folder that can be written with -o",
        )
    note(f"wrote {path}\n  scorecard check {target}\n  scorecard show {target}\n  scorecard tui {target}")


def _check(name: str) -> None:
    """Refuse a name that no strategy file may hold."""
    from scorecard.model.limits import LIMITS
    from scorecard.parser.yaml_faults import FORBIDDEN

    if not name.strip():
        refuse("the name is empty", "say what the strategy is called")
    if len(name) > LIMITS.text:
        refuse(f"the name is longer than {LIMITS.text} characters", "choose a shorter one")
    if FORBIDDEN.search(name) or set(name) & set("\n\r\t"):
        refuse(f"the name '{shorten(name)}' holds a sign that cannot be seen", "write it on one line, in plain letters")


def write_schema(path: Path) -> None:
    """The schema beside the strategy, for editors; one that is there already stays."""
    from scorecard.cli.schema import schema_text

    if not path.exists():
        path.write_text(schema_text(), encoding="utf-8")


def quote(name: str) -> str:
    """A name as a YAML text that cannot be read as anything else."""
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*[A-Za-z0-9]", name) else json.dumps(name, ensure_ascii=False)
