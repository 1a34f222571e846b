"""The JSON Schema of a strategy file, for editors: generated from the model, with the short forms that people write."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from scorecard.model.strategy import ID_KEY, Dimension, Kpi, KpiDriver, KpiUse, Strategy

Schema = dict[str, Any]
_DIALECT = "http://json-schema.org/draft-07/schema#"


def write_schema() -> Schema:
    """The schema of one file. A folder's files hold parts of a strategy, so no key of the top is demanded."""
    schema = Strategy.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions: dict[str, Schema] = schema.pop("$defs")
    for model in (Kpi, KpiUse, KpiDriver, Dimension):
        definitions.setdefault(model.__name__, {})
    for one in (schema, *definitions.values()):
        _clean(one)
    schema.pop("required", None)
    _allow_short_forms(schema, definitions)
    return {
        "$schema": _DIALECT,
        "title": "scorecard strategy",
        "description": "A strategy: perspectives, goals, KPIs and the links between them.",
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
        "definitions": definitions,
    }


def _allow_short_forms(schema: Schema, definitions: dict[str, Schema]) -> None:
    properties = schema["properties"]
    name = {"type": "string", "description": "the name"}
    _widen_values(properties["perspectives"], name)
    _widen_values(properties["dimensions"], {"type": "array", "items": {"type": ["string", "number"]}})
    properties["data"]["items"]["anyOf"].insert(
        0, {"type": "string", "description": "a file, relative to the strategy"}
    )
    goal = definitions["Goal"]["properties"]
    bare = {
        "type": "string",
        "pattern": TypeAdapter(KpiUse).json_schema()["properties"]["kpi"]["pattern"],
        "description": "the id of a KPI",
    }
    kpi = definitions["Kpi"]["properties"]
    definitions["KpiUse"] = _entry(
        definitions["KpiUse"], kpi, "A KPI that shows the result: its id, with a definition where it is defined here."
    )
    definitions["KpiDriver"] = _entry(
        definitions["KpiDriver"], kpi, "A KPI that shows a driver: its id, with a definition where it is defined here."
    )
    definitions["Link"]["description"] = (
        "A cause-and-effect link: the lagging performance of the goal named drives this goal."
    )
    goal["lagging"]["items"] = {"anyOf": [bare, {"$ref": "#/definitions/KpiUse"}]}
    goal["leading"]["items"] = {"anyOf": [bare, {"$ref": "#/definitions/Link"}, {"$ref": "#/definitions/KpiDriver"}]}


def _entry(use: Schema, kpi: dict[str, Schema], description: str) -> Schema:
    return {**use, "description": description, "properties": {**kpi, **use["properties"]}}


def _widen_values(mapping: Schema, short: Schema) -> None:
    """Let the values of a mapping be written in short form too."""
    for key in ("additionalProperties", "patternProperties"):
        if isinstance(mapping.get(key), dict):
            if key == "additionalProperties":
                mapping[key] = {"anyOf": [short, mapping[key], {"type": "null"}]}
            else:
                mapping[key] = {
                    pattern: {"anyOf": [short, value, {"type": "null"}]} for pattern, value in mapping[key].items()
                }


def _clean(node: Any) -> None:
    """Take out what only the model knows: the id a record is handed, titles made from names, tags, defaults of nothing."""
    if isinstance(node, list):
        for item in node:
            _clean(item)
        return
    if not isinstance(node, dict):
        return
    properties = node.get("properties")
    if isinstance(properties, dict):
        properties.pop(ID_KEY, None)
        for one in properties.values():
            one.pop("title", None)
            if one.get("default", 0) in (None, (), {}, []):
                one.pop("default", None)
            _drop_null(one)
    if "oneOf" in node:  # the shapes are told apart by code; for an editor any that fits will do
        node["anyOf"] = _distinct(node.pop("oneOf"))
    for value in node.values():
        _clean(value)


def _drop_null(schema: Schema) -> None:
    """`anyOf: [X, null]` says only that the key may be left out."""
    choices = schema.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        if len(rest) == 1:
            schema.pop("anyOf")
            schema.update(rest[0])
        else:
            schema["anyOf"] = rest


def _distinct(choices: list[Schema]) -> list[Schema]:
    return [choice for number, choice in enumerate(choices) if choice not in choices[:number]]
