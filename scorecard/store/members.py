"""The members that a row of data names, one of each dimension or none; what follows from the tree may be left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scorecard.model.finding import shorten
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy, fold_name


class MemberFault(Exception):
    """Why the members of a row do not count; `dimension` is the one to look at, `stranger` a text that is no member."""

    def __init__(self, dimension: str, message: str, hint: str = "", stranger: str = "") -> None:
        super().__init__(message)
        self.dimension, self.message, self.hint, self.stranger = dimension, message, hint, stranger


class Members:
    """The dimensions of a strategy with their members, as data may write them."""

    def __init__(self, strategy: Strategy) -> None:
        self._known = {name: {fold_name(m): m for m in d.members} for name, d in strategy.dimensions.items()}
        self._parents = _parents(strategy)

    def find(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        """The members by dimension, in the order of the dimensions; () where no text names one. Raises MemberFault."""
        named = {name: text.strip() for name, text in texts.items() if text.strip()}
        if not named:
            return ()
        above = self._above(named)
        for name in self._known:
            if name not in named and name not in above:
                raise _lacking(name)
        members = {}
        for name in self._known:
            if name in named:
                member = self._known[name].get(fold_name(named[name]))
                if member is None:
                    raise MemberFault(name, f"'{shorten(named[name])}' is no member of '{name}'", stranger=named[name])
                members[name] = member
        self._climb(members)
        for name in self._known:
            if name not in members:
                raise _lacking(name)
        return tuple(members[name] for name in self._known)

    def advise(self, fault: MemberFault) -> str:
        """What to do about a fault."""
        if not fault.stranger:
            return fault.hint
        known = self._known[fault.dimension]
        near = nearest(fold_name(fault.stranger), known)
        return f"did you mean '{shorten(known[near])}'?" if near else f"add it to the members of '{fault.dimension}'"

    def _above(self, named: Iterable[str]) -> set[str]:
        """The dimensions whose member follows from that of one that is named."""
        above: set[str] = set()
        for name in named:
            while name in self._parents and self._parents[name][0] not in above:
                name = self._parents[name][0]
                above.add(name)
        return above

    def _climb(self, members: dict[str, str]) -> None:
        """Adds the members that follow from others. Raises MemberFault where one contradicts another."""
        for name in list(members):
            for _ in self._known:  # at most as many steps
                if name not in self._parents:
                    break
                parent, belongs = self._parents[name]
                member = members[name]
                above = self._known[parent].get(fold_name(belongs.get(member, "")))
                if above is None:
                    break
                if members.setdefault(parent, above) != above:
                    message = f"'{shorten(member)}' belongs to '{shorten(above)}', not to '{shorten(members[parent])}'"
                    raise MemberFault(parent, message, f"correct one of them, or leave '{parent}' empty")
                name = parent


def _lacking(name: str) -> MemberFault:
    message = f"the row names a member of some dimensions but none of '{name}'"
    return MemberFault(name, message, "name a member of every dimension, or of none")


def _parents(strategy: Strategy) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Of each dimension whose members say where they belong: the dimension above, and member -> member of that."""
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for name, dimension in strategy.dimensions.items():
        if dimension.parents and dimension.parent in strategy.dimensions:
            found[name] = (dimension.parent, dimension.parents)
    return found
