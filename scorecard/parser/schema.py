"""The tree held against the model: a strategy as far as it can be read, and a finding for every fault.

Where something is wrong its smallest part is taken out and the rest is read, so that all faults are found at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from scorecard.model.finding import Finding, Severity, shorten
from scorecard.model.strategy import (
    ID_KEY,
    Bands,
    DatabaseSource,
    Dimension,
    EvidenceRecord,
    FileSource,
    Goal,
    Guardrail,
    Initiative,
    Kpi,
    KpiDriver,
    KpiUse,
    Link,
    Metric,
    Override,
    Perspective,
    Strategy,
)
from scorecard.parser.places import Places, Step
from scorecard.parser.tree import Map, Node, Seq

_ROUNDS = 6
_MOST = 1000  # findings of one strategy's schema; the rest is counted
_FILLED = frozenset({"strategy", "perspective", "why", "initiative"})
_FILLER = "missing"
_ID_HINT = "write small letters, digits and _, beginning with a letter, at most 64"


@dataclass(slots=True)
class Verdict:
    """A strategy read as far as possible; `removed` are the paths that were taken out, or filled in, to read the rest.

    `places` leads through what was read.
    """

    strategy: Strategy | None
    places: Places
    findings: list[Finding] = field(default_factory=list)
    removed: set[tuple[Step, ...]] = field(default_factory=set)


def validate(tree: Map, names: Sequence[str]) -> Verdict:
    """The strategy of a normalised tree; `names` are the files by number. The tree is not changed."""
    verdict = Verdict(None, Places(tree, names))
    for _ in range(_ROUNDS):
        try:
            verdict.strategy = Strategy.model_validate(verdict.places.tree)
            return verdict
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
        rest, places = verdict.places.tree, verdict.places
        paths = set()
        for number, detail in enumerate(details):
            key, path = str(detail["loc"][-1]), places.known(detail["loc"])
            taken_out = detail["type"] == "missing" and (*path, key) in verdict.removed
            found = _finding(detail, places) if number < _MOST and not taken_out else None
            if found and not _known_already(found, verdict.findings):
                verdict.findings.append(found)
            verdict.removed.add((*path, key) if detail["type"] == "missing" else path)
            if detail["type"] == "missing" and key in _FILLED:
                rest = _filled(rest, path, key)
            else:
                paths.add(path)
        verdict.places = Places(_without(rest, paths), names)
    return verdict


def _known_already(found: Finding, findings: Sequence[Finding]) -> bool:
    return any(found.place == other.place and found.code == other.code for other in findings[-20:])


def _finding(detail: Any, places: Places) -> Finding | None:
    kind, loc = str(detail["type"]), tuple(detail["loc"])
    context = detail.get("ctx") or {}
    path = places.known(loc)
    last = loc[-1] if loc else ""
    at_key = kind == "extra_forbidden" or last == "[key]"
    place = places.of_key(*path) if at_key else places.of(*path)

    def error(code: str, message: str, hint: str) -> Finding:
        return Finding(code, Severity.ERROR, place, message, hint)

    if kind.startswith("S2"):
        return error(kind, context["message"], context["hint"])
    value = _value(places.tree, path)
    name = _last_name(path)
    match kind:
        case "extra_forbidden":
            return error("S202", *_unknown_key(str(last), _keys_around(path)))
        case "missing":
            key = "strategy" if last == ID_KEY else str(last)
            return error("S204", f"the key '{key}' is missing here", f"add '{key}:'")
        case "literal_error" | "enum":
            return error("S208", *_not_a_word(value, str(context.get("expected", ""))))
        case "string_pattern_mismatch" | "string_too_long" if _is_id(path, loc):
            text = shorten(str(last if last != "[key]" else path[-1]) if last == "[key]" else str(value))
            return error("S209", f"'{text}' is not an id", _ID_HINT)
        case "string_pattern_mismatch":
            return error("S210", f"the text of '{name}' must stand on one line", "remove the line breaks and tabs")
        case "string_too_short":
            return error("S210", f"'{name}' is empty", "write a text, or remove the key")
        case "string_too_long":
            return error(
                "S210", f"the text of '{name}' is longer than {context.get('max_length')} characters", "shorten it"
            )
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return error("S211", f"'{shorten(str(value))}' is out of range for '{name}'", _range(kind, context))
        case "too_short" | "too_long":
            return error("S212", f"'{name}' has the wrong number of entries", _size(context))
        case "string_type" if value is None:
            return error("S204", f"'{name}' has no value", "write a text, or remove the key")
    expected = _EXPECTED.get(kind, "another shape")
    return error("S201", f"{expected} is expected here, not {_shape(value)}", f"write {_EXAMPLES.get(kind, expected)}")


_EXPECTED = {
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "a text",
}
_EXAMPLES = {
    "model_type": "keys with values below it",
    "dict_type": "keys with values below it",
    "tuple_type": "entries that begin with '- '",
    "string_type": "one text",
}


def _unknown_key(key: str, known: Iterable[str]) -> tuple[str, str]:
    names = sorted(name for name in known if name != ID_KEY)
    near = difflib.get_close_matches(key[:80], names, 1, 0.6)
    hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(names)}"
    return f"the key '{shorten(key)}' is not known here", hint


def _keys_around(path: Sequence[Step]) -> Iterable[str]:
    """The keys that are known where a path ends."""
    return {
        field.alias or name
        for model in _models(path[:-1])
        for name, field in model.model_fields.items()
        if name != "id" or field.alias != ID_KEY
    }


def _models(path: Sequence[Step]) -> tuple[type[BaseModel], ...]:
    """The records that may stand at a path."""
    match tuple(step for step in path if isinstance(step, str)), len(path):
        case (), _:
            return (Strategy,)
        case (("goals", _), _):
            return (Goal,)
        case (("goals", _, "lagging"), _):
            return (KpiUse, Kpi)
        case (("goals", _, "leading"), _):
            return (KpiDriver, Link, Kpi)
        case (("kpis", _), _):
            return (Kpi, KpiDriver)
        case (("metrics", _), _):
            return (Metric,)
        case (("perspectives", _), _):
            return (Perspective,)
        case (("dimensions", _), _):
            return (Dimension,)
        case (("data",), _):
            return (FileSource, DatabaseSource)
    inner: dict[str, type[BaseModel]] = {
        "guardrails": Guardrail,
        "initiatives": Initiative,
        "override": Override,
        "evidence": EvidenceRecord,
        "bands": Bands,
    }
    names = [step for step in path if isinstance(step, str)]
    return (inner[names[-1]],) if names and names[-1] in inner else ()


def _not_a_word(value: Node, expected: str) -> tuple[str, str]:
    words = [word for word in expected.replace(" or ", ", ").replace("'", "").split(", ") if word]
    text = value if isinstance(value, str) else _shape(value)
    near = difflib.get_close_matches(text[:40], words, 1, 0.6)
    hint = f"did you mean '{near[0]}'?" if near else f"write one of {', '.join(words)}"
    return f"'{shorten(text)}' is not one of the words allowed here", hint


def _is_id(path: Sequence[Step], loc: Sequence[Step]) -> bool:
    names = [step for step in path if isinstance(step, str)]
    if loc and loc[-1] == "[key]":
        return (len(names) == 2 and names[0] != "glossary") or "accept" in names
    return bool(names) and names[-1] in (
        "strategy",
        "kpi",
        "goal",
        "perspective",
        "theme",
        "defined_by",
        "initiative",
        "parent",
        "libraries",
    )


def _range(kind: str, context: dict[str, Any]) -> str:
    words = {
        "greater_than": ("more than", "gt"),
        "greater_than_equal": ("at least", "ge"),
        "less_than": ("less than", "lt"),
        "less_than_equal": ("at most", "le"),
    }
    word, key = words[kind]
    return f"write a number that is {word} {context[key]:g}"


def _size(context: dict[str, Any]) -> str:
    least, most = context.get("min_length"), context.get("max_length")
    return f"write at least {least}" if most is None else f"write at most {most}" if least is None else f"write {least}"


def _shape(value: Node) -> str:
    return (
        "nothing"
        if value is None
        else "a mapping"
        if isinstance(value, dict)
        else "a list"
        if isinstance(value, list)
        else f"'{shorten(value)}'"
    )


def _last_name(path: Sequence[Step]) -> str:
    names = [step for step in path if isinstance(step, str)]
    return shorten(names[-1]) if names else "strategy"


def _value(tree: Node, path: Sequence[Step]) -> Node:
    for step in path:
        tree = tree[step]  # type: ignore[index]
    return tree


def _filled(tree: Map, path: Sequence[Step], key: str) -> Map:
    """A copy of the tree in which a missing text is filled in, so that the record around it can be read."""
    copy = _without(tree, set())
    if path:
        copy[str(path[0])] = _filled_below(copy[str(path[0])], path[1:], key)
    else:
        copy[key] = _FILLER
    return copy


def _filled_below(node: Node, path: Sequence[Step], key: str) -> Node:
    if isinstance(node, Map):
        return _filled(node, path, key)
    if isinstance(node, Seq):
        copy = Seq(node.at)
        copy.extend(
            _filled_below(item, path[1:], key) if number == path[0] else item for number, item in enumerate(node)
        )
        copy.item_at = node.item_at
        return copy
    return node


def _without(tree: Map, paths: set[tuple[Step, ...]]) -> Map:
    """A copy of the tree without what stands at the paths; untouched parts are shared."""
    branches: dict[Step, set[tuple[Step, ...]]] = {}
    for path in paths:
        branches.setdefault(path[0], set()).add(path[1:])
    copy = Map(tree.at)
    copy.key_at, copy.value_at = tree.key_at, tree.value_at
    for key, value in tree.items():
        below = branches.get(key)
        if below is None:
            copy[key] = value
        elif () not in below:
            copy[key] = _trim(value, below)
    return copy


def _trim(node: Node, paths: set[tuple[Step, ...]]) -> Node:
    if isinstance(node, Map):
        return _without(node, paths)
    if not isinstance(node, Seq):
        return node
    copy = Seq(node.at)
    for number, (item, at) in enumerate(zip(node, node.item_at, strict=True)):
        below = {path[1:] for path in paths if path and path[0] == number}
        if () not in below:
            copy.append(_trim(item, below) if below else item)
            copy.item_at.append(at)
    return copy
