"""A whole `scorecard check` of a small strategy against nothing but the imports it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Line, in_turns, timed_process

LIST_MODULES = """
import sys
from scorecard.__main__ import main
own = set(sys.modules)
try:
    main()
except SystemExit:
    pass
foreign = [name for name in sys.modules if name.partition(".")[0] in ("numpy", "pydantic", "pydantic_core", "typer", "yaml")]
print("import", ", ".join(name for name in foreign if all(part.isidentifier() for part in name.split("."))))
"""
STATEMENTS = "import numpy, typer, yaml; from pydantic import BaseModel, Field"


def compare(strategy: Path) -> list[Line]:
    command = ["check", str(strategy)]
    listed = subprocess.run([sys.executable, "-c", LIST_MODULES, *command], capture_output=True, text=True, check=True)
    check = timed_process([sys.executable, "-m", "scorecard", *command])
    modules = timed_process([sys.executable, "-c", listed.stdout.splitlines()[-1]])
    statements = timed_process([sys.executable, "-c", STATEMENTS])
    what = f"scorecard check {strategy.name}"
    return [
        Line(what, "importing the modules of others that it loads", *_split(in_turns(check, modules, 11), 1.5)),
        Line(what, "importing numpy, typer, yaml and pydantic", *_split(in_turns(check, statements, 11), None)),
    ]


def _split(found: tuple[float, float, str], aim: float | None) -> tuple[float, float, float | None, bool, str]:
    ours, others, noise = found
    return ours, others, aim, False, noise
