"""`scorecard new NAME`: a complete commented strategy to start from."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from scorecard.cli.paths import note, refuse

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
    ident = make_id(name)
    if not ident or not name.isprintable():
        refuse(
            f"no id can be made from the name '{name[:40]}'"
            if name.isprintable()
            else "the name holds a control character",
            "use a name with letters or digits on one line",
        )
    target = folder or Path(ident)
    path = target / "strategy.yaml"
    try:
        target.mkdir(parents=True, exist_ok=True)
        text = (TEMPLATES / f"{template}.yaml").read_text(encoding="utf-8")
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace("__ID__", ident).replace("__NAME__", quote(name)))
        from scorecard.cli.schema import schema_text

        (target / "scorecard.schema.json").write_text(schema_text(), encoding="utf-8")
    except FileExistsError:
        refuse(f"'{path}' exists already, and nothing is overwritten", "choose another name, or another folder with -o")
    except OSError as error:
        refuse(
            f"'{target}' cannot be written: {(error.strerror or 'unknown').lower()}",
            "choose a folder that can be written with -o",
        )
    note(f"wrote {path}\n  scorecard check {target}\n  scorecard show {target}\n  scorecard tui {target}")


def make_id(name: str) -> str:
    """An id from a name: `Büro Süd 2027` becomes `buro_sud_2027`; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    ident = "_".join(words)[:64].rstrip("_")
    return ident if not ident or ident[0].isalpha() else f"s_{ident}"[:64]


def quote(name: str) -> str:
    """A name as a YAML text that cannot be read as anything else."""
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*[A-Za-z0-9]", name) else json.dumps(name, ensure_ascii=False)
