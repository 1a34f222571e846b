"""What the schema found wrong, in words: a sentence and a hint for each kind of fault, at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from scorecard.model.finding import Finding, Severity, shorten
from scorecard.model.goal import EvidenceRecord, Goal, Guardrail, Initiative, KpiDriver, Link, Override
from scorecard.model.kpi import ID_KEY, Bands, Kpi, KpiUse, Metric
from scorecard.model.spelling import nearest
from scorecard.model.strategy import DatabaseSource, Dimension, FileSource, Perspective, Strategy, fold_name
from scorecard.parser.places import Places, Step
from scorecard.parser.tree import Map, Node, Seq

_LONGEST_ID = 64
_ID = re.compile(r"[a-z][a-z0-9_]*")
_SHAPES = {
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "a text",
}
_REFERENCES = {  # where the key names something by id, and where that is defined
    "perspective": ("perspectives",),
    "theme": ("themes",),
    "goal": ("goals",),
    "defined_by": ("goals",),
    "kpi": ("kpis", "metrics"),
    "parent": ("dimensions",),
    "strategy": (),
    "initiative": (),
    "libraries": (),
}
_INNER: dict[str, type[BaseModel]] = {
    "guardrails": Guardrail,
    "initiatives": Initiative,
    "override": Override,
    "evidence": EvidenceRecord,
    "bands": Bands,
}
_ADD = {
    "strategy": "add 'strategy:' with a short id, such as strategy: bakery",
    "perspective": "add 'perspective:' with the id of one, such as customer",
    "kpi": "add 'kpi:' with the id of a KPI",
    "goal": "add 'goal:' with the id of a goal",
    "initiative": "add 'initiative:' with an id",
    "why": "add 'why:' with the reason in a sentence",
    "status": "add 'status:' with red, amber or green",
}


def describe(detail: Any, places: Places) -> Finding:
    """The finding for one of pydantic's error details; `places` leads through the tree that was validated."""
    kind, loc = str(detail["type"]), tuple(detail["loc"])
    context = detail.get("ctx") or {}
    path = places.known(loc)
    is_key = bool(loc) and loc[-1] == "[key]"
    place = places.of_key(*path) if is_key or kind == "extra_forbidden" else places.of(*path)
    if kind.startswith("S2"):
        code, message, hint = kind, context["message"], context["hint"]
    else:
        code, message, hint = _say(kind, loc, path, context, places.tree)
    return Finding(code, Severity.ERROR, place, message, hint)


def _say(
    kind: str, loc: Sequence[Step], path: Sequence[Step], context: dict[str, Any], tree: Map
) -> tuple[str, str, str]:
    """Code, sentence and hint."""
    is_key = bool(loc) and loc[-1] == "[key]"
    last, name = str(loc[-1]), _last_name(path)
    value = str(path[-1]) if is_key else _value(tree, path)
    match kind:
        case "extra_forbidden" if last == "goal" and path[2:3] == ("lagging",):
            return "S202", "a goal cannot stand under 'lagging'", "name it under 'leading:': what drives this goal"
        case "extra_forbidden":
            return "S202", *_unknown_key(last, _keys_around(path, tree))
        case "missing":
            return "S204", *_missing("strategy" if last == ID_KEY else last, path)
        case "literal_error" | "enum":
            return "S208", *_not_a_word(value, str(context.get("expected", "")))
        case "string_pattern_mismatch" | "string_too_long" if _is_id(path, is_key):
            key = "kpi" if path[0] == "kpis" else "" if is_key else name
            return "S209", f"'{shorten(str(value))}' is not an id", _id_hint(str(value), key, tree)
        case "string_pattern_mismatch":
            return "S210", f"the text of '{name}' must stand on one line", "remove the line breaks and tabs"
        case "string_too_short":
            return "S210", f"'{name}' is empty", "write a text, or remove the key"
        case "string_too_long":
            hint = "give its parts formulas of their own, as metrics" if name == "formula" else "shorten it"
            return "S210", f"the text of '{name}' is longer than {context.get('max_length'):,} characters", hint
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return "S211", f"'{shorten(str(value))}' is out of range for '{name}'", _range(kind, context)
        case "too_short" | "too_long":
            return "S212", f"'{name}' has the wrong number of entries", _size(name, context)
        case "string_type" if value is None:
            hint = _ADD.get(name, "write a text, or remove the key").replace("add", "complete", 1)
            return "S204", f"'{name}' has no value", hint
    return "S201", *_other_shape(kind, value, path)


def _missing(key: str, path: Sequence[Step]) -> tuple[str, str]:
    if key == "kpi" and len(path) > 2 and path[2] == "leading":
        return "neither 'kpi' nor 'goal' is named here", "add 'kpi:' or 'goal:' with the id of what drives this goal"
    return f"the key '{key}' is missing here", _ADD.get(key, f"add '{key}:'")


def _unknown_key(key: str, known: Iterable[str]) -> tuple[str, str]:
    names = sorted(name for name in known if name != ID_KEY)
    near = nearest(key, names)
    return (
        f"the key '{shorten(key)}' is not known here",
        f"did you mean '{near}'?" if near else f"known here: {', '.join(names)}",
    )


def _not_a_word(value: Node, expected: str) -> tuple[str, str]:
    words = [word for word in expected.replace(" or ", ", ").replace("'", "").split(", ") if word]
    near = nearest(value, words) if isinstance(value, str) else None
    shown = f"'{shorten(value)}'" if isinstance(value, str) else _shape(value)
    hint = f"did you mean '{near}'?" if near else f"write one of {', '.join(words)}"
    return f"{shown} is not one of the words allowed here", hint


def _id_hint(text: str, key: str, tree: Map) -> str:
    """The id that is meant: of the thing that has this name, or the text made an id."""
    wanted = fold_name(text)
    for kind in _REFERENCES.get(key, ()):
        nodes = tree.get(kind)
        for name, node in nodes.items() if isinstance(nodes, Map) else ():
            title = node.get("name") if isinstance(node, Map) else node
            if wanted in (fold_name(name), fold_name(title) if isinstance(title, str) else "") and _ID.fullmatch(name):
                return f"did you mean '{name}'?"
    plain = unicodedata.normalize("NFKD", text[:_LONGEST_ID]).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    example = f", such as {made}" if made[:1].isalpha() else ""
    return f"write small letters, digits and _, a letter first, at most {_LONGEST_ID}{example}"


def _other_shape(kind: str, value: Node, path: Sequence[Step]) -> tuple[str, str]:
    expected = _SHAPES.get(kind, "another shape")
    if expected == "a mapping":
        key = "kpi: an_id" if path and path[-2:-1] == ("guardrails",) else "name: …"
        hint = f"write keys with values below it, such as '{key}'"
        if isinstance(value, list):
            hint = "write each entry as 'id: …', without the '-' or the brackets"
    elif expected == "a list":
        hint = "put '- ' before each entry, even if there is only one"
    else:
        hint = "write one text, in quotes where it begins with a bracket or brace"
    return f"{expected} is expected here, not {_shape(value)}", hint


def _keys_around(path: Sequence[Step], tree: Map) -> Iterable[str]:
    """The keys that are known where a path ends."""
    return {
        field.alias or name
        for model in _models(path[:-1], tree)
        for name, field in model.model_fields.items()
        if name != "id" or field.alias != ID_KEY
    }


def _models(path: Sequence[Step], tree: Map) -> tuple[type[BaseModel], ...]:
    """The records that may stand at a path."""
    names = tuple(step for step in path if isinstance(step, str))
    match names:
        case ():
            return (Strategy,)
        case ("goals", _):
            return (Goal,)
        case ("goals", _, "lagging"):
            return (KpiUse, Kpi)
        case ("goals", _, "leading"):
            node = _value(tree, path)
            return (Link,) if isinstance(node, Map) and "goal" in node else (KpiDriver, Kpi)
        case ("kpis", _):
            return (Kpi, KpiUse)
        case ("metrics", _):
            return (Metric,)
        case ("perspectives", _):
            return (Perspective,)
        case ("dimensions", _):
            return (Dimension,)
        case ("data",):
            return (FileSource, DatabaseSource)
    return (_INNER[names[-1]],) if names[-1] in _INNER else ()


def _is_id(path: Sequence[Step], is_key: bool) -> bool:
    names = [step for step in path if isinstance(step, str)]
    if is_key:
        return (len(names) == 2 and names[0] != "glossary") or "accept" in names
    return bool(names) and names[-1] in _REFERENCES


def _range(kind: str, context: dict[str, Any]) -> str:
    if context.get("le") == 1:
        return "write a share from 0 to 1, such as 0.6 or 60%"
    words = {
        "greater_than": ("more than", "gt"),
        "greater_than_equal": ("at least", "ge"),
        "less_than": ("less than", "lt"),
        "less_than_equal": ("at most", "le"),
    }
    word, key = words[kind]
    return f"write a number that is {word} {context[key]:,.0f}"


def _size(name: str, context: dict[str, Any]) -> str:
    if name == "band":
        return "write its two ends, such as [2, 5]"
    return f"write {context.get('min_length')} or more, or remove the key"


def _shape(value: Node) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (Map, Seq)):
        return "a mapping" if isinstance(value, Map) else "a list"
    return f"'{shorten(value)}'"


def _last_name(path: Sequence[Step]) -> str:
    names = [step for step in path if isinstance(step, str)]
    return shorten(names[-1]) if names else "strategy"


def _value(tree: Node, path: Sequence[Step]) -> Node:
    for step in path:
        tree = tree[step]  # type: ignore[index]
    return tree
