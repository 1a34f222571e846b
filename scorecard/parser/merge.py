"""From the trees of a strategy's files to one tree in the shape of the model.

Files are merged by id; short forms are written out (a bare string is `kpi:`, a perspective's name is `name:`); a KPI
that an entry of a goal defines moves to `kpis`, and the entry keeps what belongs to the use. All places move along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

from scorecard.model.finding import shorten
from scorecard.model.goal import KpiDriver
from scorecard.model.kpi import ID_KEY, Kpi, KpiUse
from scorecard.parser.tree import Map, Node, Seq

KEYED = ("perspectives", "themes", "dimensions", "goals", "kpis", "metrics", "glossary", "accept")
LISTED = ("libraries", "data")
_SINGULAR = {
    "perspectives": "perspective",
    "themes": "theme",
    "dimensions": "dimension",
    "goals": "goal",
    "kpis": "KPI",
}
_SINGULAR |= {"metrics": "metric", "glossary": "term", "accept": "code"}
_USE = {"lagging": frozenset(KpiUse.model_fields), "leading": frozenset(KpiDriver.model_fields)}
_DEFINING = frozenset(Kpi.model_fields) - _USE["leading"] - {"id"}
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
                report_twice(f"'{shorten(key)}'", merged.key_at[key], root.key_at[key], report, name_place)
            elif key not in merged:
                _put(merged, key, value, root)
    return merged


def normalise(tree: Map, report: Report, name_place: Callable[[int], str], library: dict[str, dict[str, Map]]) -> Map:
    """The merged tree in the shape of the model's Strategy; `library` holds `kpis` and `metrics` to fall back on."""
    result = _copy(tree)
    kpis = _entries(tree, "kpis")
    found = _Definitions({name: (kpis.key_at[name], _identified(node, name, kpis)) for name, node in kpis.items()})
    goals = _entries(tree, "goals")
    new_goals = Map(_at(tree, "goals"))
    for name, node in goals.items():
        _put(new_goals, name, found.split_goal(_identified(node, name, goals)), goals)
    found.settle_doubtful()
    for name, first, second in found.twice:
        report_twice(f"the KPI '{name}'", first, second, report, name_place, "S221")
    metrics = _entries(tree, "metrics")
    new_kpis, new_metrics = Map(_at(tree, "kpis")), Map(_at(tree, "metrics"))
    for name in [*found.mentioned, *(name for name in found.defined if name not in found.mentioned)]:
        if name in found.defined:
            at, node = found.defined[name]
            _set(new_kpis, name, _overlay(library["kpis"].get(name), node), at, at)
        elif name in library["kpis"] and name not in metrics:
            _set(new_kpis, name, library["kpis"][name], 0, 0)
    for name, node in metrics.items():
        _set(new_metrics, name, _identified(node, name, metrics), metrics.key_at[name], metrics.value_at[name])
    _pull_from_library(new_kpis, new_metrics, found.mentioned, library)
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


class _Definitions:
    """The KPIs of a strategy while its goals are gone through: those defined, with places, and those mentioned."""

    def __init__(self, defined: dict[str, tuple[int, Node]]) -> None:
        self.defined = defined
        self.mentioned: dict[str, None] = {}
        self.twice: list[tuple[str, int, int]] = []  # id, the two places
        self._doubtful: list[tuple[Seq, int, Map, frozenset[str]]] = []
        self._free = (f"unnamed_{number}" for number in count(1))

    def split_goal(self, goal: Node) -> Node:
        """The goal with its entries split into definitions, which are kept here, and uses."""
        if not isinstance(goal, Map):
            return goal
        for key in list(goal):
            entries = goal[key]
            if key in _USE and isinstance(entries, Seq):
                uses = Seq(entries.at)
                uses.item_at = entries.item_at
                for entry, at in zip(entries, entries.item_at, strict=True):
                    uses.append(self._use(entry, at, _USE[key], uses))
                goal[key] = uses
            elif key in _USE and isinstance(
                entries, Map
            ):  # the '- ' is missing: what it defines is defined all the same
                self._use(entries, entries.at, _USE[key], Seq(0))
            elif key == "guardrails" and isinstance(entries, Seq):
                for entry in entries:
                    if isinstance(entry, Map) and isinstance(entry.get("kpi"), str):
                        self.mentioned.setdefault(entry["kpi"])  # type: ignore[arg-type]
        return goal

    def settle_doubtful(self) -> None:
        """An entry with no key that is known beyond the use defines its KPI only if nothing else does."""
        for uses, number, entry, use_keys in self._doubtful:
            if entry["kpi"] not in self.defined:
                uses[number] = self._split(entry, use_keys)

    def _use(self, entry: Node, at: int, use_keys: frozenset[str], uses: Seq) -> Node:
        if isinstance(entry, str):
            use = Map(at)
            _set(use, "kpi", entry, at, at)
            self.mentioned.setdefault(entry)
            return use
        if not isinstance(entry, Map) or "goal" in entry:
            return entry
        if isinstance(entry.get("kpi"), str):
            self.mentioned.setdefault(entry["kpi"])  # type: ignore[arg-type]
        if entry.keys() <= use_keys:
            return entry
        if _DEFINING.isdisjoint(entry) and isinstance(entry.get("kpi"), str):
            self._doubtful.append((uses, len(uses), entry, use_keys))
            return entry
        return self._split(entry, use_keys)

    def _split(self, entry: Map, use_keys: frozenset[str]) -> Map:
        """The use that an entry is; the definition in it is kept."""
        use, definition = Map(entry.at), _copy(entry)
        use.update({key: definition.pop(key) for key in entry if key in use_keys})
        use.key_at, use.value_at = entry.key_at, entry.value_at
        name, where = entry.get("kpi"), entry.value_at.get("kpi", entry.at)
        if not isinstance(name, str):  # read all the same, so that what is wrong below is found too
            name = next(one for one in self._free if one not in self.defined)
        if name in self.defined:
            self.twice.append((name, self.defined[name][0], where))
        else:
            _set(definition, ID_KEY, name, where, where)
            self.defined[name] = (where, definition)
        return use


def report_twice(
    what: str, first: int, second: int, report: Report, name_place: Callable[[int], str], code: str = "S203"
) -> None:
    """One finding at each of two places, each naming the other."""
    hint = "keep one of the two" if code == "S203" else "define it once, best in 'kpis:', and name it by id elsewhere"
    report(code, first, f"{what} is defined here and again at {name_place(second)}", hint)
    report(code, second, f"{what} is defined already at {name_place(first)}", hint)


def _absorb(into: Map, more: Map, kind: str, report: Report, name_place: Callable[[int], str]) -> None:
    for key, value in more.items():
        if key in into:
            what = f"the {_SINGULAR.get(kind, 'entry')} '{shorten(key)}'"
            code = "S221" if kind == "kpis" else "S203"
            report_twice(what, into.key_at[key], more.key_at[key], report, name_place, code)
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
