"""The export formats by ending: one line each. Of two endings that fit a name the longer one counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from scorecard.render.edition import Edition, What

_ALL = (What.MAP, What.TABLE, What.GOAL, What.REVIEW)


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an edition. `writer` is `module:function` in this room, loaded when it is used; it takes the edition
    and gives bytes, or where it is `of_picture` takes the neutral map and gives text.

    `shows` are the parts that may be asked for; with none asked for it is `usual`, None for all that it has. `goes_on`
    says that it keeps what was changed by hand in a file that it wrote before.
    """

    writer: str
    shows: tuple[What, ...]
    usual: What | None = None
    goes_on: bool = False
    takes_template: bool = False
    of_picture: bool = False

    def write(self, edition: Edition) -> bytes:
        """The file's bytes; the same edition gives the same bytes.

        Raises MissingTool where a library is missing, and DrawingError where it fails.
        """
        module, _, name = self.writer.partition(":")
        write: Callable[..., Any] = getattr(import_module(f"scorecard.render.{module}"), name)
        data: bytes = write(edition.picture).encode() if self.of_picture else write(edition)
        return data


def _map(writer: str, of_picture: bool = True) -> Format:
    return Format(writer, (What.MAP,), What.MAP, of_picture=of_picture)


FORMATS: dict[str, Format] = {
    "svg": _map("svg:write_svg"),
    "light.svg": _map("map_files:write_light_svg"),
    "dark.svg": _map("map_files:write_dark_svg"),
    "png": _map("map_files:write_png", of_picture=False),
    "pdf": Format("pages:write_pdf", _ALL, What.MAP),
    "html": Format("html:write_html", _ALL),
    "pptx": Format("deck:write_deck", _ALL, goes_on=True, takes_template=True),
    "xlsx": Format("scorecard_book:write_scorecard_book", (What.TABLE,), What.TABLE),
    "md": Format("markdown:write_markdown_file", _ALL, What.TABLE),
    "csv": Format("table_files:write_csv", (What.TABLE,), What.TABLE),
    "links.csv": Format("table_files:write_links_csv", (What.MAP,), What.MAP),
    "dot": _map("dot:write_dot"),
    "dot.svg": _map("map_files:write_dot_svg", of_picture=False),
    "dot.png": _map("map_files:write_dot_png", of_picture=False),
    "dot.pdf": _map("map_files:write_dot_pdf", of_picture=False),
    "mmd": _map("mermaid:write_mermaid"),
    "puml": _map("plantuml:write_plantuml"),
    "d2": _map("d2:write_d2"),
    "drawio": _map("drawio:write_drawio"),
    "graphml": _map("graphml:write_graphml"),
    "gexf": _map("gexf:write_gexf"),
    "cyjs": _map("cytoscape:write_cytoscape"),
    "json": Format("table_files:write_json", (What.MAP, What.TABLE)),
}


def find_ending(name: str) -> str | None:
    """The ending of a file's name that says a format, the longest of those that fit: `map.dark.svg` is a `dark.svg`."""
    return max((one for one in FORMATS if name.lower().endswith(f".{one}")), key=len, default=None)
