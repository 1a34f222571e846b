"""The export formats by ending: one line each. Of two endings that fit a name the longer one counts."""

from __future__ import annotations

import json
from collections.abc import Callable

from scorecard.compute.evaluation import Evaluation
from scorecard.render.dot import write_dot
from scorecard.render.graphviz import draw
from scorecard.render.json_result import result
from scorecard.render.mermaid import write_mermaid
from scorecard.render.palette import DARK, LIGHT
from scorecard.render.picture import draw_picture
from scorecard.render.svg import write_svg
from scorecard.render.typesetting import typeset


def _json(evaluation: Evaluation) -> bytes:
    return (json.dumps(result(evaluation), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


FORMATS: dict[str, Callable[[Evaluation], bytes]] = {
    "svg": lambda evaluation: write_svg(draw_picture(evaluation)).encode(),
    "light.svg": lambda evaluation: write_svg(draw_picture(evaluation), LIGHT).encode(),
    "dark.svg": lambda evaluation: write_svg(draw_picture(evaluation), DARK).encode(),
    "png": lambda evaluation: typeset(write_svg(draw_picture(evaluation), LIGHT), "png"),
    "pdf": lambda evaluation: typeset(write_svg(draw_picture(evaluation), LIGHT), "pdf"),
    "dot": lambda evaluation: write_dot(draw_picture(evaluation)).encode(),
    "dot.svg": lambda evaluation: draw(write_dot(draw_picture(evaluation)), "svg"),
    "dot.png": lambda evaluation: draw(write_dot(draw_picture(evaluation)), "png"),
    "dot.pdf": lambda evaluation: draw(write_dot(draw_picture(evaluation)), "pdf"),
    "mmd": lambda evaluation: write_mermaid(draw_picture(evaluation)).encode(),
    "json": _json,
}
