"""The tree held against the model: a strategy as far as it can be read, and a finding for every fault.

Where something is wrong its smallest part is taken out and the rest is read, so that all faults are found at once. The
tree is held against the model in portions: a flood of faults ends with the portion in which it begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast, get_origin

from pydantic import ValidationError

from scorecard.model.finding import Finding, Severity
from scorecard.model.progress import Hear, tell_nobody
from scorecard.model.strategy import Strategy
from scorecard.parser.ledger import Ledger
from scorecard.parser.places import Places, Step
from scorecard.parser.schema_words import describe
from scorecard.parser.tree import Map, Node, Seq

PORTION = 20_000  # values that are held against the model together
MOST_IN_ONE = 50_000  # values in one goal, KPI, dimension or the like
MOST_VALUES = 2_000_000  # of a strategy, aliases counted in full
MOST_FAULTS = 10_000  # of a strategy; with more it is read no further
_MOST_OF_A_KIND = 1_000  # faults that are put into words, if they can be listed
_ROUNDS = 6
_FILLED = frozenset({"strategy", "perspective", "why", "initiative"})
_FILLER = "missing"
_DIVIDED = {
    field.alias or name for name, field in Strategy.model_fields.items() if get_origin(field.annotation) is dict
}
_Path: TypeAlias = tuple[Step, ...]


@dataclass(slots=True)
class Verdict:
    """A strategy read as far as possible; `removed` are the paths that were taken out, or filled in, to read the rest.

    In these paths, an item of a list goes by its place and not by its number, which changes. `places` leads through
    what was read.
    """

    strategy: Strategy | None
    places: Places
    findings: Ledger = field(default_factory=Ledger)
    removed: set[_Path] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)


def validate(tree: Map, names: Sequence[str], hear: Hear = tell_nobody) -> Verdict:
    """The strategy of a normalised tree; `names` are the files by number. The tree is not changed.

    `hear` is told how many of its goals, KPIs and the like have been held against the model, where they are many.
    """
    verdict = Verdict(None, Places(tree, names))
    sizes: dict[int, int] = {}
    size = _measure(tree, sizes)
    if size > MOST_VALUES:
        verdict.findings.add(_too_large(verdict.places, (), MOST_VALUES))
    elif size <= PORTION:
        verdict.strategy, read = _read(tree, verdict)
        verdict.places = Places(read, names)
    else:
        _read_in_portions(tree, sizes, verdict, hear)
    return verdict


def _read_in_portions(tree: Map, sizes: dict[int, int], verdict: Verdict, hear: Hear) -> None:
    whole = Map(tree.at)
    strategies: list[Strategy] = []
    whole.key_at, whole.value_at = tree.key_at, tree.value_at
    done, entries = 0, _count_entries(tree)
    for portion in _portions(tree, sizes, verdict):
        if strategies:
            portion.setdefault("strategy", _FILLER)  # asked for and reported once
        strategy, read = _read(_like(tree, portion), verdict)
        if strategy is None:
            return
        strategies.append(strategy)
        done += _count_entries(portion)
        hear("checking entries", done, entries)
        for key, value in read.items():
            held = whole.get(key)
            if isinstance(value, Map) and isinstance(held, Map):
                held.update(value)
            elif key not in whole:
                whole[key] = _like(value, value) if isinstance(value, Map) else value
    first = strategies[0]
    for name in type(first).model_fields:
        if isinstance(getattr(first, name), dict):
            joined = {key: value for one in strategies for key, value in getattr(one, name).items()}
            first = first.model_copy(update={name: joined})
    verdict.strategy, verdict.places = first, Places(whole, verdict.places.names)


def _count_entries(tree: Mapping[str, Node]) -> int:
    return sum(len(value) for value in tree.values() if isinstance(value, Map))


def _portions(tree: Map, sizes: dict[int, int], verdict: Verdict) -> Iterator[dict[str, Node]]:
    """The tree in parts that add up to it, without what is too large to be meant; first all that cannot be divided."""
    portion: dict[str, Node] = {}
    total = 0
    for key, value in sorted(tree.items(), key=lambda item: item[0] in _DIVIDED):
        entries = value.items() if isinstance(value, Map) and key in _DIVIDED else ((None, value),)
        for name, node in entries:
            size = sizes.get(id(node), 1)
            path = (key,) if name is None else (key, name)
            if size > MOST_IN_ONE:
                verdict.findings.add(_too_large(verdict.places, path, MOST_IN_ONE))
                verdict.removed.add(path)
                continue
            if total + size > PORTION and portion:
                yield portion
                portion, total = {}, 0
            if name is None:
                portion[key] = node
            else:
                if key not in portion:
                    portion[key] = _like(cast(Map, value), {})
                cast(Map, portion[key])[name] = node
            total += size
    yield portion


def _read(tree: Map, verdict: Verdict) -> tuple[Strategy | None, Map]:
    """The strategy in one portion, and what of it could be read; None where there is no end of faults."""
    places = Places(tree, verdict.places.names)
    for _ in range(_ROUNDS):
        try:
            return Strategy.model_validate(places.tree), places.tree
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
        gone: set[_Path] = set()
        filled: set[_Path] = set()
        parents = {gone[:-1] for gone in verdict.removed}
        for detail in details:
            path, key = places.known(detail["loc"]), str(detail["loc"][-1])
            is_missing = detail["type"] == "missing"
            fixed = (*places.fixed(path), key) if is_missing else places.fixed(path)
            is_echo = fixed in verdict.removed if is_missing else detail["type"] == "too_short" and fixed in parents
            verdict.kinds[detail["type"]] += not is_echo
            if not is_echo and verdict.kinds[detail["type"]] <= _MOST_OF_A_KIND:
                verdict.findings.add(describe(detail, places))
            verdict.removed.add(fixed)
            if is_missing and key in _FILLED:
                filled.add((*path, key))
            elif path[2:3] == ("leading",) and path[-1] == "goal":  # without it the link would pass for a KPI's entry
                filled.add(path)
            elif path:
                gone.add(path)
        if verdict.kinds.total() > MOST_FAULTS:
            return None, places.tree
        places = Places(cast(Map, _mended(places.tree, gone, filled)), places.names)
    return None, places.tree


def _measure(node: Map | Seq, sizes: dict[int, int]) -> int:
    """How many values a node holds, aliases counted in full; `sizes` takes those of all collections by identity."""
    size = sizes.get(id(node), 0)
    if not size:
        size = 1 + len(node)
        for child in node.values() if isinstance(node, Map) else node:
            if child is not None and type(child) is not str:
                size += _measure(child, sizes) - 1  # type: ignore[arg-type]
        sizes[id(node)] = size
    return size


def _too_large(places: Places, path: _Path, most: int) -> Finding:
    message, hint = f"this holds more than {most:,} values, aliases counted in full", "split it into smaller parts"
    return Finding("S107", Severity.ERROR, places.of(*path), message, hint)


def _like(node: Map, entries: dict[str, Node]) -> Map:
    """A mapping with other entries, and the places of this one."""
    copy = Map(node.at)
    copy.update(entries)
    copy.key_at, copy.value_at = node.key_at, node.value_at
    return copy


def _mended(node: Node, gone: set[_Path], filled: set[_Path]) -> Node:
    """A copy of a node without what stands at the paths `gone`, with a filler at those `filled`; the rest is shared."""
    below: dict[Step, tuple[set[_Path], set[_Path]]] = {}
    for which, paths in enumerate((gone, filled)):
        for path in paths:
            below.setdefault(path[0], (set(), set()))[which].add(path[1:])
    if isinstance(node, Map):
        copy = _like(node, {})
        for key, value in node.items():
            if key not in below:
                copy[key] = value
            elif not any(() in paths for paths in below[key]):
                copy[key] = _mended(value, *below[key])
        new = [str(step) for step, (_, paths) in below.items() if () in paths]
        copy.update(dict.fromkeys(new, _FILLER))
        copy.key_at, copy.value_at = ({**dict.fromkeys(new, 0), **at} for at in (node.key_at, node.value_at))
        return copy
    if not isinstance(node, Seq):
        return node
    items = Seq(node.at)
    for number, (item, at) in enumerate(zip(node, node.item_at, strict=True)):
        if number not in below:
            items.append(item)
        elif () not in below[number][0]:
            items.append(_mended(item, *below[number]))
        else:
            continue
        items.item_at.append(at)
    return items
