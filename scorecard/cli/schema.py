"""`scorecard schema`: the JSON Schema that lets an editor complete and check strategy files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from scorecard.cli.paths import note, refuse


def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write it to a file, to name in '# yaml-language-server: $schema=FILE'.",
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of strategy files, for editors."""
    text = schema_text()
    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(
            f"'{output}' cannot be written: {(error.strerror or 'unknown').lower()}",
            "name a file in a folder that exists",
        )
    note(f"wrote {output}")


def schema_text() -> str:
    from scorecard.parser.json_schema import write_schema

    return json.dumps(write_schema(), ensure_ascii=False, indent=1) + "\n"
