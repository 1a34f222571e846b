"""The histories of a strategy: of the whole, and of slices, which are parts of it by the members of its dimensions.

How values, targets and scores of a slice come about: docs/method.md, 'Slices'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from scorecard.compute.conflicts import find_conflicts
from scorecard.compute.observations import Observations
from scorecard.compute.panel import (
    History,
    Keys,
    Slices,
    build_history,
    combine_members,
    keep_rows,
    read_cells,
    slice_cells,
    slice_members,
)
from scorecard.model.finding import Finding, shorten
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy, fold_name


class UnknownMember(ValueError):
    """A dimension or member that the strategy does not have; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def read_history(strategy: Strategy, rows: Observations) -> tuple[History, list[Finding]]:
    """The history of every measure of `rows.measures`, and what is odd in the rows."""
    keys = Keys(strategy, rows)
    kept = keep_rows(rows, keys)
    combined = combine_members(rows, keys, kept.row)
    history = build_history(rows, keys, combined, read_cells(rows, keys))
    return history, list(find_conflicts(strategy, rows, keys, kept, combined))


def slice_history(strategy: Strategy, rows: Observations, slices: Slices) -> History:
    """The histories of slices side by side."""
    keys = Keys(strategy, rows)
    kept = keep_rows(rows, keys).row
    combined = slice_members(rows, keys, kept, slices)
    return build_history(rows, keys, combined, slice_cells(rows, keys, kept, slices), slices.members)


def list_slices(
    strategy: Strategy, rows: Observations, where: Mapping[str, str], by: str | None = None
) -> tuple[Mapping[str, str], ...]:
    """The slice of the members in `where` (dimension: member), or with `by` one for each member of that dimension in it.

    Case and spaces do not count. With `by`, members that belong elsewhere have no slice. Raises UnknownMember.
    """
    chosen = {find_dimension(strategy, name): member for name, member in where.items()}
    chosen = {name: find_member(strategy, name, member) for name, member in chosen.items()}
    if by is None:
        return (chosen,)
    by = find_dimension(strategy, by)
    names = list(strategy.dimensions)
    at, outer = names.index(by), [(names.index(name), member) for name, member in chosen.items()]
    present = {one[at] for one in rows.members if one and all(one[other] == member for other, member in outer)}
    members = (chosen[by],) if by in chosen else strategy.dimensions[by].members
    inside = [one for one in members if one in present or _may_lie(strategy, by, one, chosen)]
    outside = {name: member for name, member in chosen.items() if name != by}
    return tuple(outside | {by: member} for member in inside)  # the dimension asked for comes last


def place_members(strategy: Strategy, rows: Observations, slices: tuple[Mapping[str, str], ...]) -> Slices | None:
    """Which rows belong to slices of any strategy; None where this one does not have their dimensions."""
    names = list(strategy.dimensions)
    if not slices or not set(slices[0]) <= set(names):
        return None
    at = [names.index(name) for name in slices[0]]
    number = {tuple(map(fold_name, part.values())): place for place, part in enumerate(slices)}
    of = [number.get(tuple(fold_name(one[place]) for place in at), -1) if one else -1 for one in rows.members]
    return Slices(slices, np.array(of, dtype=np.int64))


def has_dimensions(strategy: Strategy, names: Iterable[str]) -> bool:
    """Whether a strategy has all these dimensions; case and spaces do not count."""
    return {fold_name(name) for name in names} <= {fold_name(name) for name in strategy.dimensions}


def find_dimension(strategy: Strategy, name: str) -> str:
    """The id of a dimension. Raises UnknownMember."""
    known = strategy.dimensions
    found = next((one for one in known if fold_name(one) == fold_name(name)), None)
    if found is None:
        near = nearest(name, known)
        there_are = f"there are: {', '.join(known)}" if known else "this strategy has none; write 'dimensions:'"
        raise UnknownMember(
            f"there is no dimension '{shorten(name)}'", f"did you mean '{near}'?" if near else there_are
        )
    return found


def find_member(strategy: Strategy, dimension: str, name: str) -> str:
    """The member as it is written in the strategy. Raises UnknownMember."""
    known = {fold_name(member): member for member in strategy.dimensions[dimension].members}
    found = known.get(fold_name(name))
    if found is None:
        near = nearest(fold_name(name), known)
        some = ", ".join(shorten(member, 20) for member in list(known.values())[:6])
        hint = (
            f"did you mean '{shorten(known[near])}'?" if near else f"its members are {some}{', …' * (len(known) > 6)}"
        )
        raise UnknownMember(f"'{shorten(name)}' is no member of '{dimension}'", hint)
    return found


def _may_lie(strategy: Strategy, dimension: str, member: str, inside: Mapping[str, str]) -> bool:
    """Whether a member without a row may belong to other members: where nothing speaks against it."""
    above: dict[str, str] = {}
    name, own = dimension, member
    while (parent := strategy.dimensions[name].parent) and parent not in above:
        own = strategy.dimensions[name].parents.get(own, "")
        above[parent] = own and find_member(strategy, parent, own)
        name = parent
    return all(above[name] == wanted for name, wanted in inside.items() if name in above)
