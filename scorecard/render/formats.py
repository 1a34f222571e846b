"""The export formats by ending: one line each."""

from __future__ import annotations

import json
from collections.abc import Callable

from scorecard.compute.evaluation import Evaluation
from scorecard.render.dot import write_dot
from scorecard.render.graphviz import draw
from scorecard.render.json_result import result
from scorecard.render.mermaid import write_mermaid
from scorecard.render.picture import draw_picture


def _json(evaluation: Evaluation) -> bytes:
    return (json.dumps(result(evaluation), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


FORMATS: dict[str, Callable[[Evaluation], bytes]] = {
    "dot": lambda evaluation: write_dot(draw_picture(evaluation)).encode(),
    "svg": lambda evaluation: draw(write_dot(draw_picture(evaluation)), "svg"),
    "png": lambda evaluation: draw(write_dot(draw_picture(evaluation)), "png"),
    "pdf": lambda evaluation: draw(write_dot(draw_picture(evaluation)), "pdf"),
    "mmd": lambda evaluation: write_mermaid(draw_picture(evaluation)).encode(),
    "json": _json,
}
