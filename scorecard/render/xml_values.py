"""Values in the XML of graph files: the escape of their texts, and how numbers and their types are written."""

from __future__ import annotations

from collections.abc import Iterable

from scorecard.render.graph_data import Attributes, Value
from scorecard.render.svg_text import escape as escape_drawn


def escape(text: str) -> str:
    """Text for an attribute in double quotes or an element; a line end stays one in both."""
    return escape_drawn(text).replace("\n", "&#10;")


def write_value(value: Value) -> str:
    """A value as XML Schema writes it, before it is escaped."""
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else repr(value)


def list_types(found: Iterable[Attributes]) -> dict[str, str]:
    """The type of each attribute that occurs; one that is a fraction somewhere is a fraction everywhere."""
    types: dict[str, str] = {}
    for values in found:
        for name, value in values.items():
            types[name] = "double" if types.get(name) == "double" else _type_of(value)
    return types


def _type_of(value: Value) -> str:
    kinds = ((bool, "boolean"), (int, "long"), (float, "double"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "string")
