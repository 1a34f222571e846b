"""The export formats by ending: one line each. Of two endings that fit a name the longer one counts."""

from __future__ import annotations

import json
from collections.abc import Callable

from scorecard.compute.evaluation import Evaluation
from scorecard.render.csv_table import write_links, write_table
from scorecard.render.cytoscape import write_cytoscape
from scorecard.render.d2 import write_d2
from scorecard.render.dot import write_dot
from scorecard.render.drawio import write_drawio
from scorecard.render.gexf import write_gexf
from scorecard.render.graphml import write_graphml
from scorecard.render.graphviz import draw
from scorecard.render.json_result import result
from scorecard.render.markdown_table import write_markdown
from scorecard.render.mermaid import write_mermaid
from scorecard.render.palette import DARK, LIGHT
from scorecard.render.picture import draw_picture
from scorecard.render.plantuml import write_plantuml
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
    "puml": lambda evaluation: write_plantuml(draw_picture(evaluation)).encode(),
    "d2": lambda evaluation: write_d2(draw_picture(evaluation)).encode(),
    "drawio": lambda evaluation: write_drawio(draw_picture(evaluation)).encode(),
    "graphml": lambda evaluation: write_graphml(draw_picture(evaluation)).encode(),
    "gexf": lambda evaluation: write_gexf(draw_picture(evaluation)).encode(),
    "cyjs": lambda evaluation: write_cytoscape(draw_picture(evaluation)).encode(),
    "csv": lambda evaluation: write_table(evaluation).encode(),
    "links.csv": lambda evaluation: write_links(evaluation).encode(),
    "md": lambda evaluation: write_markdown(evaluation).encode(),
    "json": _json,
}
