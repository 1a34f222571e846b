"""`scorecard new NAME`: a complete commented strategy to start from."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from scorecard.cli.paths import note, refuse
from scorecard.model.finding import shorten

TEMPLATES = Path(__file__).parent.parent / "libraries" / "templates"


def _complete(incomplete: str) -> list[str]:
    return [name for name in template_names() if name.startswith(incomplete)]


def template_names() -> list[str]:
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What the strategy is called; the folder is named after it.")
    ],
    template: Annotated[
        str, typer.Option("--template", "-t", help="What to start from.", autocompletion=_complete)
    ] = "balanced",
    folder: Annotated[Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write it.")] = None,
) -> None:
    """Write a new strategy: a folder with a commented strategy.yaml and the schema for editors."""
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
        _write_schema(target / "scorecard.schema.json")
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


def _write_schema(path: Path) -> None:
    """The schema beside the strategy, for editors; one that is there already stays."""
    from scorecard.cli.schema import schema_text

    if not path.exists():
        path.write_text(schema_text(), encoding="utf-8")


def make_id(name: str) -> str:
    """An id from a name: `Büro Süd 2027` becomes `buro_sud_2027`; `strategy` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    ident = "_".join(re.findall(r"[a-z0-9]+", plain)) or "strategy"
    return (ident if ident[0].isalpha() else f"s_{ident}")[:64].rstrip("_")


def quote(name: str) -> str:
    """A name as a YAML text that cannot be read as anything else."""
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*[A-Za-z0-9]", name) else json.dumps(name, ensure_ascii=False)
