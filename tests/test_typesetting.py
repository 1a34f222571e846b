"""SVG as PNG and PDF: through Typst where it is installed, and one line that says what to install where not."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import pytest
from command_line import SOCIAL_MEDIA, run
from sample_map import PICTURE, make_box, make_hostile_picture, make_picture

from scorecard.render.graphviz import DrawingError, MissingTool
from scorecard.render.palette import LIGHT
from scorecard.render.svg import write_svg
from scorecard.render.typesetting import MOST_PIXELS, typeset

SIGNATURES: dict[Literal["png", "pdf"], bytes] = {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
needs_typst = pytest.mark.skipif(find_spec("typst") is None, reason="the extra `render` is not installed")


def size_of(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@needs_typst
@pytest.mark.parametrize("format", SIGNATURES)
def test_each_process_draws_the_same(format: Literal["png", "pdf"]) -> None:
    svg = write_svg(PICTURE, LIGHT)
    program = (
        "import sys; from scorecard.render.typesetting import typeset; "
        f"sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode(), {format!r}))"
    )
    drawn = subprocess.run([sys.executable, "-c", program], input=svg.encode(), capture_output=True, check=True).stdout
    assert drawn.startswith(SIGNATURES[format])
    assert typeset(svg, format) == drawn


@needs_typst
def test_a_png_has_two_pixels_for_one_of_the_map_while_it_is_not_too_large() -> None:
    small = write_svg(make_picture(("A",), (make_box("goal", "Goal", 0),)), LIGHT)
    width = int(small.partition('width="')[2].partition('"')[0])
    assert size_of(typeset(small, "png"))[0] == pytest.approx(2 * width, abs=2)
    large = small.replace(f'width="{width}"', f'width="{10 * width}"', 1)
    assert size_of(typeset(large, "png"))[0] == pytest.approx(MOST_PIXELS, abs=2)


@needs_typst
@pytest.mark.parametrize("format", SIGNATURES)
def test_names_from_strangers_draw(format: Literal["png", "pdf"]) -> None:
    assert typeset(write_svg(make_hostile_picture(), LIGHT), format).startswith(SIGNATURES[format])


@needs_typst
def test_what_cannot_be_drawn_is_one_line() -> None:
    with pytest.raises(DrawingError, match=r"^Typst could not draw the map: ") as caught:
        typeset('<picture width="9" height="9"/>', "png")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("format", SIGNATURES)
def test_without_typst_one_line_says_what_to_install(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(
        MissingTool, match=rf"^Drawing {format.upper()} needs Typst: [^-]*scorecard\[render\][^-]*\.dot\.{format}"
    ):
        typeset(write_svg(PICTURE, LIGHT), format)  # type: ignore[arg-type]
    found = run("export", SOCIAL_MEDIA, "-o", tmp_path / f"map.{format}")
    assert found.exit_code == 2
    assert not list(tmp_path.iterdir())
