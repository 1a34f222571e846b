"""From the trees of a strategy's files to one tree in the shape of the model.

Files are merged by id; short forms are written out (a bare string is `kpi:`, a perspective's name is `name:`); a KPI
that an entry of a goal defines moves to `kpis`, and the entry keeps what belongs to the use. All places move along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scorecard.model.strategy import ID_KEY, KpiDriver, KpiUse
from scorecard.parser.tree import Map, Node, Seq

KEYED = ("perspectives", "themes", "dimensions", "goals", "kpis", "metrics", "glossary", "accept")
LISTED = ("libraries", "data")
_USE = {"lagging": frozenset(KpiUse.model_fields), "leading": frozenset(KpiDriver.model_fields)}
DEFAULT_PERSPECTIVES = {
    "stakeholder": "Stakeholders' interests",
    "customer": "Customer",
    "internal": "Internal processes",
    "learning": "Learning and growth",
}

Report = Callable[[str, int, str, str], None]  # code, place, message, hint


def merge_files(roots: Iterable[Map], report: Report, name_place: Callable[[int], str]) -> Map:
    """One tree of all files. The same key or id in two files is reported at both places; the first one stays."""
    merged = Map(0)
    for root in roots:
        merged.at = merged.at or root.at
        for key, value in root.items():
            if key in KEYED and isinstance(value, Map) and isinstance(merged.get(key, value), Map):
                if key not in merged:
                    _put(merged, key, Map(value.at), root)
                _absorb(merged[key], value, key, report, name_place)  # type: ignore[arg-type]
            elif key in LISTED and isinstance(value, Seq) and isinstance(merged.get(key, value), Seq):
                if key not in merged:
                    _put(merged, key, Seq(value.at), root)
                merged[key].extend(value)  # type: ignore[union-attr]
                merged[key].item_at.extend(value.item_at)  # type: ignore[union-attr]
            elif key in merged and not (key in KEYED + LISTED and value is None):
                _twice(f"'{key}'", merged.key_at[key], root.key_at[key], report, name_place)
            elif key not in merged:
                _put(merged, key, value, root)
    return merged


def normalise(tree: Map, report: Report, name_place: Callable[[int], str], library: dict[str, dict[str, Map]]) -> Map:
    """The merged tree in the shape of `model.strategy.Strategy`; `library` holds `kpis` and `metrics` to fall back on."""
    result = _copy(tree)
    goals = _entries(tree, "goals")
    kpis = {name: _identified(node, name, tree["kpis"]) for name, node in _entries(tree, "kpis").items()}  # type: ignore[arg-type]
    mentioned: dict[str, None] = {}
    defined = {name: (tree["kpis"].key_at[name], node) for name, node in kpis.items()}  # type: ignore[union-attr]
    new_goals = Map(_at(tree, "goals"))
    for name, node in goals.items():
        _put(new_goals, name, _goal(node, name, tree["goals"], defined, mentioned, report, name_place), tree["goals"])  # type: ignore[arg-type]
    metrics = {name: _identified(node, name, tree["metrics"]) for name, node in _entries(tree, "metrics").items()}  # type: ignore[arg-type]
    new_kpis, new_metrics = Map(_at(tree, "kpis")), Map(_at(tree, "metrics"))
    for name in [*mentioned, *(name for name in defined if name not in mentioned)]:
        if name in defined:
            at, node = defined[name]
            _set(new_kpis, name, _overlay(library["kpis"].get(name), node), at, at)
    for name, node in metrics.items():
        _set(new_metrics, name, node, tree["metrics"].key_at[name], tree["metrics"].value_at[name])  # type: ignore[union-attr]
    _pull_from_library(new_kpis, new_metrics, mentioned, library)
    for key, value in (("goals", new_goals), ("kpis", new_kpis), ("metrics", new_metrics)):
        if value or isinstance(tree.get(key), Map):
            _set(result, key, value, tree.key_at.get(key, 0), value.at)
    _write_out_short_forms(result)
    return result


def mentions(formula: str) -> Iterable[str]:
    """The words of a formula that may be ids."""
    word = ""
    for sign in formula + " ":
        if sign.isalnum() or sign == "_":
            word += sign
        elif word:
            yield word
            word = ""


def _goal(
    node: Node,
    name: str,
    parent: Map,
    defined: dict[str, tuple[int, Node]],
    mentioned: dict[str, None],
    report: Report,
    name_place: Callable[[int], str],
) -> Node:
    """A goal with its entries split into definitions, which go to `defined`, and uses."""
    goal = _identified(node, name, parent)
    if not isinstance(goal, Map):
        return goal
    for key in list(goal):
        entries = goal[key]
        if key in _USE and isinstance(entries, Seq):
            uses = Seq(entries.at)
            uses.item_at = entries.item_at
            for entry, at in zip(entries, entries.item_at, strict=True):
                uses.append(_entry(entry, at, _USE[key], defined, mentioned, report, name_place))
            goal[key] = uses
        elif key == "guardrails" and isinstance(entries, Seq):
            for entry in entries:
                if isinstance(entry, Map) and isinstance(entry.get("kpi"), str):
                    mentioned.setdefault(entry["kpi"])  # type: ignore[arg-type]
    return goal


def _entry(
    entry: Node,
    at: int,
    use_keys: frozenset[str],
    defined: dict[str, tuple[int, Node]],
    mentioned: dict[str, None],
    report: Report,
    name_place: Callable[[int], str],
) -> Node:
    if isinstance(entry, str):
        use = Map(at)
        _set(use, "kpi", entry, at, at)
        mentioned.setdefault(entry)
        return use
    if not isinstance(entry, Map) or "goal" in entry or not isinstance(entry.get("kpi"), str):
        return entry
    name: str = entry["kpi"]  # type: ignore[assignment]
    mentioned.setdefault(name)
    if entry.keys() <= use_keys:
        return entry
    use, definition = Map(entry.at), _copy(entry)
    use.update({key: definition.pop(key) for key in entry if key in use_keys})
    use.key_at, use.value_at = entry.key_at, entry.value_at
    where = entry.value_at["kpi"]
    if name in defined:
        report_twice(f"the KPI '{name}'", defined[name][0], where, report, name_place, "S221")
    else:
        _set(definition, ID_KEY, name, where, where)
        defined[name] = (where, definition)
    return use


def report_twice(
    what: str, first: int, second: int, report: Report, name_place: Callable[[int], str], code: str = "S203"
) -> None:
    """One finding at each of two places, each naming the other."""
    hint = "keep one of the two" if code == "S203" else "define it once, best in 'kpis:', and name it by id elsewhere"
    report(code, first, f"{what} is defined here and again at {name_place(second)}", hint)
    report(code, second, f"{what} is defined already at {name_place(first)}", hint)


def _twice(what: str, first: int, second: int, report: Report, name_place: Callable[[int], str]) -> None:
    report_twice(what, first, second, report, name_place)


def _absorb(into: Map, more: Map, kind: str, report: Report, name_place: Callable[[int], str]) -> None:
    for key, value in more.items():
        if key in into:
            _twice(f"'{key}' of '{kind}'", into.key_at[key], more.key_at[key], report, name_place)
        else:
            _put(into, key, value, more)


def _identified(node: Node, name: str, parent: Map) -> Node:
    """A copy of a mapping that carries its key as id; nothing stands for an empty mapping."""
    at = parent.value_at.get(name, 0) or parent.key_at.get(name, 0)
    if node is None:
        node = Map(parent.key_at.get(name, at))
    if not isinstance(node, Map):
        return node
    copy = _copy(node)
    _set(copy, ID_KEY, name, parent.key_at.get(name, at), parent.key_at.get(name, at))
    return copy


def _overlay(base: Map | None, node: Node) -> Node:
    """A library's definition with the fields written in the strategy over it."""
    if base is None or not isinstance(node, Map):
        return node
    result = _copy(base)
    result.at = node.at
    for key, value in node.items():
        _put(result, key, value, node)
    return result


def _pull_from_library(kpis: Map, metrics: Map, mentioned: Iterable[str], library: dict[str, dict[str, Map]]) -> None:
    """Definitions from the library for ids that are used but not defined, and for what their formulas need."""
    waiting = [*mentioned]
    for nodes in (kpis, metrics):
        waiting.extend(_formula_names(nodes.values()))
    for name in waiting:  # grows while it is read
        for kind, into in (("kpis", kpis), ("metrics", metrics)):
            node = library[kind].get(name)
            if node is not None and name not in kpis and name not in metrics:
                _set(into, name, node, node.at, node.at)
                waiting.extend(_formula_names([node]))


def _formula_names(nodes: Iterable[Node]) -> list[str]:
    return [
        word
        for node in nodes
        if isinstance(node, Map) and isinstance(node.get("formula"), str)
        for word in mentions(node["formula"])  # type: ignore[arg-type]
    ]


def _write_out_short_forms(tree: Map) -> None:
    _each(tree, "perspectives", lambda node, name, parent: _identified(_named(node, "name", str), name, parent))
    _each(tree, "dimensions", lambda node, name, parent: _named(node, "members", Seq))  # noqa: ARG005
    data = tree.get("data")
    if isinstance(data, Seq):
        sources = Seq(data.at)
        sources.item_at = data.item_at
        sources.extend(_named(node, "path", str, at) for node, at in zip(data, data.item_at, strict=True))
        tree["data"] = sources


def _each(tree: Map, key: str, change: Callable[[Node, str, Map], Node]) -> None:
    nodes = tree.get(key)
    if isinstance(nodes, Map):
        copy = _copy(nodes)
        for name, node in nodes.items():
            copy[name] = change(node, name, nodes)
        tree[key] = copy


def _named(node: Node, key: str, shape: type, at: int = 0) -> Node:
    """A value in short form as a mapping with one key."""
    if not isinstance(node, shape):
        return node
    result = Map(at or getattr(node, "at", 0))
    _set(result, key, node, result.at, result.at)
    return result


def _entries(tree: Map, key: str) -> Map:
    node = tree.get(key)
    return node if isinstance(node, Map) else Map(0)


def _at(tree: Map, key: str) -> int:
    return tree.value_at.get(key, 0)


def _copy(node: Map) -> Map:
    copy = Map(node.at)
    copy.update(node)
    copy.key_at, copy.value_at = dict(node.key_at), dict(node.value_at)
    return copy


def _put(into: Map, key: str, value: Node, origin: Map) -> None:
    _set(into, key, value, origin.key_at[key], origin.value_at[key])


def _set(into: Map, key: str, value: Node, key_at: int, value_at: int) -> None:
    into[key] = value
    into.key_at[key] = key_at
    into.value_at[key] = value_at
