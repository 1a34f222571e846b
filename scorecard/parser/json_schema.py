"""The JSON Schema of a strategy file, for editors: generated from the model, with the short forms that people write."""

from __future__ import annotations

from typing import Any

from scorecard.model.fields import NUMBER_PATTERN, PERIOD_PATTERN
from scorecard.model.kpi import ID_KEY
from scorecard.model.strategy import Strategy

Schema = dict[str, Any]
_DIALECT = "http://json-schema.org/draft-07/schema#"
_TEXT = ["string", "number", "boolean"]  # an editor types `no` and 2026 by itself; the reader does not
_TITLES = {
    "DatabaseSource": "Database",
    "EvidenceRecord": "Evidence",
    "FileSource": "File",
    "Kpi": "KPI",
    "KpiDriver": "KPI that drives",
    "KpiUse": "KPI",
}
_REFUSED = {  # what the YAML language server says where a text does not fit
    NUMBER_PATTERN: "Write a number such as 40000, 40_000, 4e4, 1/3 or 12.5%.",
    PERIOD_PATTERN: "Write a period: 2026, 2026-H1, 2026-Q3, 2026-10, 2026-W41 or 2026-10-31.",
    "^[a-z][a-z0-9_]*$": "Write an id: small letters, digits and _, beginning with a letter.",
}
_MEANING = {  # of keys whose records do not say it; a key means the same wherever it stands
    "accept": "method warnings switched off here, each with the reason",
    "aggregate": "how finer values make one review period",
    "amber": "the score at which amber begins",
    "band": "the least and the most the value should be",
    "bands": "where a score turns amber, and green",
    "baseline": "the value where the work starts: score 0",
    "budget": "what may be spent",
    "by": "who judged",
    "causality": "the path from this figure to the result, in a sentence",
    "comments": "what was seen and what we do, by period",
    "connect": "the address of the database",
    "data": "where the values are; a later source wins",
    "date": "when it was found out",
    "decimal": "the sign before the decimals in the source's numbers",
    "delay": "review periods until the effect is expected to show; changes no number",
    "description": "what it means, in a few sentences",
    "dimensions": "what values can be split by: a name and its members",
    "direction": "where better is: up or down",
    "due": "when it shall be done",
    "effect": "whether more of the cause means more or less of the effect",
    "evidence": "what speaks for it: assumed, observed or tested, or a record of the test",
    "from": "the first review period in which it holds",
    "glossary": "words and what they mean here",
    "goal": "the id of the goal that is the cause, or strategy/goal",
    "goals": "what should become true, by id",
    "green": "the score at which green begins",
    "guardrails": "limits that take the green away when they are passed",
    "high": "the upper end of the interval of the lift",
    "initiative": "the id of the initiative",
    "initiatives": "the work that is done; it stands in for the results of a goal without KPIs",
    "kind": "how sure it is",
    "kpi": "the id of a KPI; with more keys the KPI is defined here",
    "kpis": "KPIs that belong to no list of a goal, or to several, by id",
    "levels": "words as values, and the score of each",
    "libraries": "KPI libraries that come with the tool; ids not defined here are looked up there",
    "lift": "how much the effect moved",
    "low": "the lower end of the interval of the lift",
    "max": "no more than this",
    "measurability": "how the figure is captured, in a sentence",
    "members": "the values the dimension can take",
    "metrics": "figures that formulas need, by id; no target, no goal",
    "min": "no less than this",
    "n": "how many cases were looked at",
    "name": "how people call it",
    "override": "a judgement shown in place of the computed status",
    "owner": "who answers for it",
    "path": "a file or a pattern of files, relative to the strategy",
    "perspective": "the id of the perspective the goal stands in",
    "perspectives": "the lanes of the map, top first: an id and its name",
    "purpose": "why there is this strategy, in a sentence",
    "query": "the SQL that gives kpi, period, value",
    "role": "primary (one of a goal at most), supporting, or diagnostic (shown, not counted)",
    "scale": "values and their scores, straight lines between",
    "scope": "what the figure covers, and what not",
    "scoring": "how a value becomes a score; found from the other keys unless said",
    "segment_note": "by which segments to look at it",
    "source": "where it comes from",
    "spent": "what was spent",
    "stage": "the stage of the funnel",
    "start": "when it begins",
    "status": "the state it is in",
    "strategy": "the id of the strategy: small letters, digits and _",
    "table": "the table with the columns kpi, period, value",
    "theme": "the id of a theme",
    "themes": "what runs across the perspectives: an id and its name",
    "tolerance": "how far outside the band the score has fallen to 0",
    "unit": "what is counted; % for shares",
    "until": "the last review period in which it holds",
    "weight": "how much it counts beside its neighbours",
    "why": "the reason, in a sentence",
}


def write_schema() -> Schema:
    """The schema of one file. A folder's files hold parts of a strategy, so no key of the top is demanded."""
    schema = Strategy.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions: dict[str, Schema] = schema.pop("$defs")
    _clean([schema, *definitions.values()])
    for name, one in definitions.items():
        one["title"] = _TITLES.get(name, name)
    schema.pop("required", None)
    _allow_short_forms(schema["properties"], definitions)
    return {
        "$schema": _DIALECT,
        **schema,
        "description": "A strategy: perspectives, goals, KPIs and the links between them.",
        "definitions": definitions,
    }


def _clean(node: Any) -> None:
    """Take out what only the model knows, and say what each key means. What is inside is cleaned first."""
    if not isinstance(node, dict | list):
        return
    for value in node.values() if isinstance(node, dict) else node:
        _clean(value)
    if isinstance(node, list):
        return
    if "oneOf" in node:  # the shapes are told apart by code; for an editor any that fits will do
        node["anyOf"] = _distinct(node.pop("oneOf"))
    _unite(node)
    if "patternProperties" in node:
        node["additionalProperties"] = False
    if node.get("type") == [*_TEXT, "null"]:
        node["type"] = _TEXT
    if node.get("type") == "integer" and "minimum" in node:
        node |= {"type": ["integer", "string"], "pattern": "^[0-9][0-9_]*$"}
    if node.get("pattern") in _REFUSED:
        node["patternErrorMessage"] = _REFUSED[node["pattern"]]
    properties = node.get("properties")
    if isinstance(properties, dict):
        properties.pop(ID_KEY, None)  # the reader hands a record its id
        for key, one in properties.items():
            _clean_property(key, one)


def _clean_property(key: str, schema: Schema) -> None:
    """No title made from the name, no default of nothing, a description; many keys may be left empty."""
    schema.pop("title", None)
    if schema.get("type") in ("array", "object"):
        schema["type"] = [schema["type"], "null"]
    if schema.get("default", 0) in (None, (), {}, []):
        schema.pop("default", None)
    _unite(schema)
    if key in _MEANING:
        schema.setdefault("description", _MEANING[key])


def _unite(schema: Schema) -> None:
    """A number or a text that is one becomes one shape, so that an editor can say what is wrong with the text."""
    choices = schema.get("anyOf", [])
    if len(choices) == 2 and choices[0].get("type") in ("number", "integer") and "pattern" in choices[1]:
        number, text = schema.pop("anyOf")
        schema |= {**text, "type": [number["type"], "string"]}


def _distinct(choices: list[Schema]) -> list[Schema]:
    return [choice for number, choice in enumerate(choices) if choice not in choices[:number]]


def _allow_short_forms(top: dict[str, Schema], definitions: dict[str, Schema]) -> None:
    """A name for a perspective, members for a dimension, an id for a KPI and so on; KPIs defined in entries."""
    nothing = {"type": "null"}
    _widen(top["perspectives"], {"type": _TEXT, "description": "its name"}, nothing)
    _widen(top["dimensions"], {"type": "array", "items": {"type": _TEXT}, "description": "its members"})
    for key, record in (("kpis", "Kpi"), ("metrics", "Metric")):
        _widen(top[key], nothing)
        definitions[record]["properties"]["formula"]["type"] = ["string", "number"]
    file = {"type": "string", "description": _MEANING["path"]}
    top["data"]["items"]["anyOf"].insert(0, file)

    kpi = definitions["Kpi"]["properties"]
    for name, shows in (("KpiUse", "the result"), ("KpiDriver", "a driver")):
        use = definitions[name]
        use["properties"] = {
            **use["properties"],
            **{key: one for key, one in kpi.items() if key not in use["properties"]},
        }
        use["description"] = f"A KPI that shows {shows}: its id, with a definition where it is defined here."
    bare = {**definitions["KpiUse"]["properties"]["kpi"], "description": "the id of a KPI"}
    goal = definitions["Goal"]["properties"]
    goal["lagging"]["items"] = {"anyOf": [bare, {"$ref": "#/definitions/KpiUse"}]}
    goal["leading"]["items"] = {"anyOf": [bare, {"$ref": "#/definitions/Link"}, {"$ref": "#/definitions/KpiDriver"}]}


def _widen(mapping: Schema, *others: Schema) -> None:
    """Let the values of a mapping be written in other ways too."""
    for pattern, value in mapping["patternProperties"].items():
        mapping["patternProperties"][pattern] = {"anyOf": [*others, value]}
