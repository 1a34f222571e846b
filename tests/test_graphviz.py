"""Drawing: through the system's dot, through pygraphviz's, and without either."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from sample_map import PICTURE

from scorecard.render import graphviz
from scorecard.render.dot import write_dot
from scorecard.render.graphviz import DrawingError, Format, MissingTool, draw

SIGNATURES: dict[Format, bytes] = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's dot is not installed")


@needs_dot
@pytest.mark.parametrize("format", SIGNATURES)
def test_each_format_is_drawn_the_same_on_any_day(format: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    text = write_dot(PICTURE)
    first = draw(text, format)
    monkeypatch.setenv("TZ", "Asia/Tokyo")  # half a day on
    assert draw(text, format) == first
    assert first.startswith(SIGNATURES[format])


@needs_dot
def test_a_pdf_names_no_day_of_its_own() -> None:
    assert b"/CreationDate (D:20000101000000" in draw(write_dot(PICTURE), "pdf")


@needs_dot
def test_a_faulty_text_is_one_line() -> None:
    with pytest.raises(DrawingError, match=r"^Graphviz could not draw the map: Error: .*syntax error") as caught:
        draw('digraph { a -> "' + "x" * 500, "svg")
    assert len(str(caught.value)) < 120
    assert "\n" not in str(caught.value)


def test_without_graphviz_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_dot(monkeypatch)
    monkeypatch.setattr(graphviz, "find_spec", lambda _: None)
    with pytest.raises(MissingTool) as caught:
        draw("digraph {}", "png")
    said = str(caught.value)
    assert said.startswith("Drawing PNG needs Graphviz")
    assert "scorecard[render]" in said
    assert "\n" not in said


def test_pygraphviz_draws_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = """
class AGraph:
    def __init__(self, string): self.string = string
    def draw(self, format, prog): return f"{prog} {format} {self.string}".encode()
"""
    hide_dot(monkeypatch)
    lend_module(monkeypatch, tmp_path, module)
    assert draw("digraph { ü }", "svg") == "dot svg digraph { ü }".encode()
    assert "pygraphviz" not in sys.modules


def test_a_crash_of_pygraphviz_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hide_dot(monkeypatch)
    lend_module(monkeypatch, tmp_path, "import os; os.abort()")
    with pytest.raises(DrawingError, match=r"^Graphviz could not draw the map: "):
        draw("digraph {}", "svg")


def test_a_module_that_lies_in_the_working_folder_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hide_dot(monkeypatch)
    monkeypatch.setattr(graphviz, "find_spec", lambda _: object())
    (tmp_path / "pygraphviz.py").write_text("open('run', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(DrawingError):
        draw("graph that is none", "svg")
    assert not (tmp_path / "run").exists()


def test_a_drawing_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "PATIENCE", 0.2)
    monkeypatch.setattr(graphviz, "_command", lambda _: [sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(DrawingError, match=r"stopped after 0\.2 seconds"):
        draw("digraph {}", "svg")


@pytest.mark.skipif(graphviz.find_spec("pygraphviz") is None, reason="the extra `render` is not installed")
@pytest.mark.parametrize("format", SIGNATURES)
def test_the_bundled_graphviz_draws_the_map(format: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_dot(monkeypatch)
    drawn = draw(write_dot(PICTURE), format)
    assert drawn.startswith(SIGNATURES[format])
    assert draw(write_dot(PICTURE), format) == drawn


def hide_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz.shutil, "which", lambda _: None)


def lend_module(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    (folder / "pygraphviz.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
