"""What a consultant's book names: perspectives, goals, KPIs and initiatives, each with an id of its own.

The mappings are parts of the tree that is written; the same name means the same thing, case and spaces ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scorecard.compute.formula import RESERVED
from scorecard.model.draft import make_new_id
from scorecard.model.strategy import fold_name
from scorecard.store.book_headings import fold

UNPLACED = "not_placed"
_KNOWN = {  # ids of perspectives that have a name everywhere
    "financial": "financial, finance, finances, financials, finanzen, finanziell, finanz, finanzielle, finanzwirtschaftlich",
    "stakeholder": "stakeholder, stakeholders, stakeholders interests",
    "customer": "customer, customers, client, clients, kunde, kunden",
    "internal": "internal, internal process, internal processes, internal business process, internal business processes,"
    " process, processes, business processes, prozess, prozesse, interne prozesse, geschaftsprozesse",
    "learning": "learning, learning and growth, learning growth, growth and learning, people, people and learning,"
    " organisational capacity, organizational capacity, lernen und entwicklung, lernen und wachstum, lernen entwicklung,"
    " mitarbeiter, potenzial, potenziale, potential",
}
KNOWN = {name.strip(): ident for ident, names in _KNOWN.items() for name in names.split(",")}


def find_known(name: str) -> str:
    """The id of one of the usual perspectives; empty where the name is another."""
    words = [word for word in fold(name).split() if word not in ("perspective", "perspektive", "the", "bsc")]
    return KNOWN.get(" ".join(words), "")


@dataclass(slots=True)
class Names:
    """Everything named so far."""

    perspectives: dict[str, Any] = field(default_factory=dict)
    goals: dict[str, Any] = field(default_factory=dict)
    kpis: dict[str, Any] = field(default_factory=dict)
    initiatives: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, list[str]] = field(default_factory=dict)  # of a KPI: the goals at which it stands
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)  # by kind, or goal's perspective, and name
    _goals: dict[str, str] = field(default_factory=dict)  # the first goal of a name
    _taken: set[str] = field(default_factory=lambda: set(RESERVED))  # what no new KPI may be called

    def perspective(self, name: str) -> str:
        """The id of a perspective, a new one where the name is."""
        key = ("perspective", find_known(name) or fold_name(name))
        if key not in self._ids:
            ident = find_known(name) or make_new_id(name, "perspective", self.perspectives)
            self._ids[key] = ident
            self.perspectives[ident] = {"name": name}
        return self._ids[key]

    def find_goal(self, name: str) -> str:
        """The id of the first goal with a name or id; empty where there is none."""
        return name if name in self.goals else self._goals.get(fold_name(name), "")

    def goal(self, name: str, perspective: str) -> str:
        """The id of a goal, a new one where the name is new in its perspective."""
        key = (f"goal of {perspective}", fold_name(name))
        if key not in self._ids:
            ident = (not perspective and self.find_goal(name)) or make_new_id(name, "goal", self.goals)
            self._ids[key] = ident
            self._goals.setdefault(fold_name(name), ident)
            if ident not in self.goals:
                if not perspective:
                    self.perspectives.setdefault(UNPLACED, {"name": "Not placed yet"})
                lists: dict[str, Any] = {"lagging": [], "leading": [], "initiatives": []}
                own = {
                    "name": name,
                    "description": "",
                    "perspective": perspective or UNPLACED,
                    "owner": "",
                    "weight": None,
                }
                self.goals[ident] = own | lists
        return self._ids[key]

    def kpi(self, name: str) -> tuple[str, bool]:
        """The id of a KPI, and whether it is new. No id is a word of formulas, nor the name of another KPI."""
        key = ("kpi", fold_name(name))
        is_new = key not in self._ids
        if is_new:
            if fold_name(name) in self.kpis:  # a name that is another's id finds that one
                return fold_name(name), False
            ident = make_new_id(name, "kpi", self._taken)
            self._taken |= {ident, fold_name(name)}
            self._ids[key] = ident
            self.kpis[ident] = {"name": name}
        return self._ids[key], is_new

    def initiative(self, name: str, goal: str) -> tuple[str, bool]:
        key = (f"initiative of {goal}", fold_name(name))
        is_new = key not in self._ids
        if is_new:
            ident = make_new_id(name, "initiative", self.initiatives)
            self._ids[key] = ident
            self.initiatives[ident] = {"initiative": ident, "name": name}
            self.goals[goal]["initiatives"].append(self.initiatives[ident])
        return self._ids[key], is_new
