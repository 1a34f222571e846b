"""DOT drawn as SVG, PNG or PDF: by the system's `dot`, or by the Graphviz that comes with pygraphviz."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Literal

from scorecard.model.finding import shorten

Format = Literal["svg", "png", "pdf"]
PATIENCE = 60.0  # seconds

_MADE_ON = re.compile(rb"(/CreationDate \(D:)\d{14}")  # the one thing in a PDF that says when it was drawn

# pygraphviz draws inside its process; a process of its own can be ended, and cannot take ours down.
_BUNDLED = """
import sys, pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot"))
"""


class MissingTool(Exception):
    """Nothing that can draw is installed; the message says in one line what to install."""


class DrawingError(Exception):
    """Graphviz refused the text or took too long; the message is one line."""


def draw(dot: str, format: Format) -> bytes:
    """The DOT text as a picture; the same text gives the same bytes. Touches no file.

    Raises MissingTool without Graphviz, and DrawingError where it fails or takes more than PATIENCE seconds.
    """
    try:
        done = subprocess.run(
            _command(format),
            input=dot.encode(),
            capture_output=True,
            timeout=PATIENCE,
            env=os.environ | {"TZ": "UTC"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DrawingError(f"Graphviz was stopped after {PATIENCE:g} seconds: the map is too large to draw.") from None
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        why = next((line for line in said if line.startswith("Error")), said[-1])
        raise DrawingError(f"Graphviz could not draw the map: {shorten(why)}")
    return _MADE_ON.sub(rb"\g<1>20000101000000", done.stdout) if format == "pdf" else done.stdout


def _command(format: Format) -> list[str]:
    if program := shutil.which("dot"):
        return [program, f"-T{format}"]
    if find_spec("pygraphviz"):
        return [sys.executable, "-P", "-c", _BUNDLED, format]
    raise MissingTool(
        f"Drawing {format.upper()} needs Graphviz: install the system's package graphviz, "
        "or run pip install 'scorecard[render]'."
    )
