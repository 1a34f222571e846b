"""`scorecard explain CODE`: a page on a code."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from scorecard.cli.paths import refuse

PAGES = Path(__file__).parent.parent / "pages"


def _complete(incomplete: str) -> list[str]:
    from scorecard.model.codes import CODES

    return [code for code in CODES if code.startswith(incomplete.upper())]


def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="Such as S204; all codes are listed without one.", autocompletion=_complete
        ),
    ] = None,
) -> None:
    """Explain a code: what it says, why it matters, an example, the fix."""
    from scorecard.model.codes import CODES

    if code is None:
        for name, entry in CODES.items():
            print(f"{name}  {entry.severity.value:<8} {entry.title}")
        return
    name = code.upper()
    if name not in CODES:
        near = difflib.get_close_matches(name[:8], CODES, 1, 0.5)
        refuse(
            f"there is no code '{code[:20]}'", f"did you mean {near[0]}?" if near else "'scorecard explain' lists them"
        )
    print((PAGES / f"{name}.md").read_text(encoding="utf-8").rstrip())
