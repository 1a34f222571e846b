"""Every code a finding may carry, with its severity and what it stands for. A code never changes its meaning."""

from __future__ import annotations

from typing import NamedTuple

from scorecard.model.finding import Severity

_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT


class Code(NamedTuple):
    severity: Severity
    title: str


CODES = {
    "S101": Code(_E, "the text is not YAML"),
    "S102": Code(_E, "the text is not UTF-8"),
    "S103": Code(_E, "a control character or a bidirectional override"),
    "S104": Code(_E, "a YAML tag"),
    "S105": Code(_E, "a YAML merge key"),
    "S106": Code(_E, "an alias inside its own anchor"),
    "S107": Code(_E, "a limit was passed"),
    "S108": Code(_E, "several documents in one file"),
    "S109": Code(_E, "a key that is not a text"),
    "S110": Code(_E, "a key stands twice in one mapping"),
    "S111": Code(_E, "a file or folder cannot be read"),
    "S112": Code(_E, "something that is not a regular file"),
    "S113": Code(_E, "a link out of the folder"),
    "S114": Code(_E, "no strategy"),
    "S201": Code(_E, "another shape is expected"),
    "S202": Code(_E, "an unknown key"),
    "S203": Code(_E, "one thing defined twice"),
    "S204": Code(_E, "a missing key or value"),
    "S205": Code(_E, "not a number"),
    "S206": Code(_E, "not a whole number"),
    "S207": Code(_E, "not a period"),
    "S208": Code(_E, "not one of the words allowed"),
    "S209": Code(_E, "not an id"),
    "S210": Code(_E, "a text that is empty, too long, or not on one line"),
    "S211": Code(_E, "a number out of range"),
    "S212": Code(_E, "too few or too many entries"),
    "S220": Code(_E, "an id that is used but not defined"),
    "S221": Code(_E, "a KPI defined twice"),
    "S222": Code(_E, "a name that another KPI or metric has"),
    "S223": Code(_E, "an id that is a word of the formula language"),
    "S224": Code(_E, "goals that drive each other in a circle"),
    "S225": Code(_E, "a formula that cannot be read"),
    "S226": Code(_E, "formulas that need each other"),
    "S227": Code(_E, "a formula that uses what is no figure"),
    "S228": Code(_E, "recorded values beside a formula"),
    "S229": Code(_W, "one thing named twice in a list"),
    "S231": Code(_E, "fields of two scorings together"),
    "S232": Code(_E, "a target that equals the start"),
    "S233": Code(_E, "targets on both sides of the start"),
    "S234": Code(_E, "a direction that contradicts the target"),
    "S235": Code(_E, "a scoring that lacks a field"),
    "S236": Code(_E, "a scale, band or levels without a meaning"),
    "S237": Code(_E, "bands that are not in order"),
    "S238": Code(_E, "two targets in one review period"),
    "S239": Code(_E, "a guardrail that cannot hold"),
    "S240": Code(_W, "an end before the beginning"),
    "S241": Code(_E, "an unknown KPI library"),
    "S242": Code(_E, "dimensions that contradict each other"),
    "S243": Code(_E, "a data path that leaves the folder"),
    "S244": Code(_W, "a goal of a strategy that was not read"),
    "S245": Code(_E, "linked strategies with different review periods"),
    "S247": Code(_H, "a key that does nothing here"),
    "S301": Code(_E, "a data file that cannot be read"),
    "S302": Code(_E, "a header that cannot be used"),
    "S303": Code(_E, "a value of an unknown KPI"),
    "S304": Code(_E, "a cell that is not a number"),
    "S305": Code(_E, "a cell or header that is not a period"),
    "S306": Code(_E, "dimension members that do not fit"),
    "S307": Code(_W, "two values for one key"),
    "S308": Code(_W, "a total that differs from its members"),
    "S309": Code(_W, "values of two rhythms in one review period"),
    "S310": Code(_W, "a value far off its scale"),
    "S311": Code(_E, "a recorded value of a formula"),
    "S312": Code(_W, "a target from the data on the wrong side"),
    "S313": Code(_E, "a word that is no level"),
    "S314": Code(_E, "a row that cannot be read"),
    "S316": Code(_E, "a source of a kind that cannot be read"),
    "S317": Code(_W, "more faults than are listed"),
}
