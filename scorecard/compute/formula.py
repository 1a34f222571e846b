"""The formula language: from a text to a tree of operations, or a FormulaError that names the column.

A parser of our own by operator precedence: ids may be Python's words, columns are exact, and nesting is counted, so no
text can exhaust a stack. A row of operators of one rank (`a + b - c`, `a < b < c`, `x if c else y if d else z`) is one
operation with many parts. What the operations mean stands in `formula_values`,
what users may write in docs/format.md, 'Formulas'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple, NoReturn, TypeAlias

from scorecard.compute.formula_tokens import FormulaError as FormulaError
from scorecard.compute.formula_tokens import Token, read_number, read_tokens, read_whole, refuse_foreign
from scorecard.model.finding import shorten

MAX_LENGTH = 1_000  # characters of a formula
MAX_NESTING = 64  # parentheses, functions, minus, `not` and exponents inside each other
MAX_ID = 64  # characters of an id


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    column: int


@dataclass(frozen=True, slots=True)
class Operation:
    """A function by its own name, or one of sum, product, power, minus, compare, not, and, or, if.

    `signs` are the operators between the parts of a sum, product or comparison; `if` has conditions and values by turns
    and the value for none at the end; `n` is the whole number of a function over time, or the digits of `round`.
    """

    name: str
    parts: tuple[Node, ...]
    signs: tuple[str, ...] = ()
    n: int = 0


Node: TypeAlias = "Number | Name | Operation"


@dataclass(frozen=True)
class Formula:
    """A formula that was read. `names` are its ids in order of use, each with the column (from 1) of its first use.

    `steps` are all nodes, parts before the operation they belong to, each with whether it stands inside a function over
    time. Formulas of one text are equal.
    """

    text: str
    root: Node = field(compare=False, repr=False)
    names: tuple[tuple[str, int], ...] = field(compare=False)
    steps: tuple[tuple[Node, bool], ...] = field(compare=False, repr=False)

    def lookback(self, periods_per_year: int) -> int:
        """How many review periods before t the formula reads at most, functions inside each other added up."""
        furthest, nodes = 0, [(self.root, 0)]
        while nodes:
            node, before = nodes.pop()
            furthest = max(furthest, before)
            if isinstance(node, Operation):
                if node.name in OVER_TIME:
                    window = periods_per_year if node.name == "ytd" else node.n
                    before += window - 1 if node.name in _WINDOWS else window
                nodes.extend((part, before) for part in node.parts)
        return furthest


class _Function(NamedTuple):
    form: str  # how it is written; n and digits are whole numbers written out
    least: int
    most: int


_FUNCTIONS = {
    "min": _Function("min(x, y)", 1, MAX_LENGTH),
    "max": _Function("max(x, y)", 1, MAX_LENGTH),
    "abs": _Function("abs(x)", 1, 1),
    "sqrt": _Function("sqrt(x)", 1, 1),
    "exp": _Function("exp(x)", 1, 1),
    "log": _Function("log(x)", 1, 1),
    "round": _Function("round(x, digits)", 1, 2),
    "clamp": _Function("clamp(x, low, high)", 3, 3),
    "prev": _Function("prev(x, n)", 1, 2),
    "change": _Function("change(x, n)", 1, 2),
    "growth": _Function("growth(x, n)", 1, 2),
    "rolling_mean": _Function("rolling_mean(x, n)", 2, 2),
    "rolling_sum": _Function("rolling_sum(x, n)", 2, 2),
    "ytd": _Function("ytd(x)", 1, 1),
}
_SHIFTS = frozenset({"prev", "change", "growth"})
_WINDOWS = frozenset({"rolling_mean", "rolling_sum", "ytd"})
_WORDS = frozenset({"if", "else", "and", "or", "not"})
OVER_TIME = _SHIFTS | _WINDOWS
RESERVED = frozenset(_FUNCTIONS) | _WORDS

# Python's ranks, loosest first; `not`, minus and `**` are read where an operand begins or ends.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _MINUS = range(7)
_ROWS = {_OR: "or", _AND: "and", _COMPARE: "compare", _SUM: "sum", _PRODUCT: "product"}
_RANK = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT} | dict.fromkeys(
    ("<", "<=", ">", ">=", "==", "!="), _COMPARE
)
_ID = re.compile(rf"[a-z][a-z0-9_]{{0,{MAX_ID - 1}}}")


def parse(text: str) -> Formula:
    """The formula a text says. Raises FormulaError, whose column is from 1 to one past the text."""
    if len(text) > MAX_LENGTH:
        message = f"the formula has {len(text):,} characters, more than {MAX_LENGTH:,}"
        raise FormulaError(message, "give its parts formulas of their own, as metrics", MAX_LENGTH + 1)
    parser = _Parser(text)
    root = parser.read()
    return Formula(text, root, tuple(parser.names.items()), _list_steps(root))


class _Parser:
    """One pass over the tokens; `names` are the ids met so far."""

    def __init__(self, text: str) -> None:
        self._tokens = read_tokens(text)
        self._at = 0
        self._next = self._tokens[0]
        self._depth = 0  # operands that are being read inside each other
        self.names: dict[str, int] = {}

    def read(self) -> Node:
        if self._next.kind == "end":
            raise FormulaError("the formula is empty", "write an expression, such as sales / leads", 1)
        root = self._choice()
        if self._next.kind != "end":
            self._refuse_after_operand()
        return root

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        self._next = self._tokens[self._at]
        return token

    def _choice(self) -> Node:
        """`x if c else y`, or what stands there without an `if`."""
        value = self._row(_OR)
        if self._next.text != "if":
            return value
        parts: list[Node] = []
        while self._next.text == "if":
            self._take()
            condition = self._row(_OR)
            if self._next.text in ("", "if", ")", ","):
                raise FormulaError("'else' is missing", "write x if c else y", self._next.column)
            if self._next.text != "else":
                self._refuse_after_operand()
            self._take()
            parts += (condition, value)
            value = self._row(_OR)
        return Operation("if", (*parts, value))

    def _row(self, least: int) -> Node:
        """Operands and the operators between them that bind at least that tightly."""
        left = self._operand(least)
        while (rank := _RANK.get(self._next.text, -1)) >= least:
            parts, signs = [left], []
            while _RANK.get(self._next.text) == rank:
                signs.append(self._take().text)
                parts.append(self._row(rank + 1))
            left = Operation(_ROWS[rank], tuple(parts), tuple(signs))
        return left

    def _operand(self, least: int) -> Node:
        """One operand with the minus or `not` before it and the power after it."""
        self._depth += 1
        if self._depth > MAX_NESTING + 1:
            message = f"the formula is nested deeper than {MAX_NESTING} levels"
            raise FormulaError(message, "give its parts formulas of their own, as metrics", self._next.column)
        if self._next.text == "-":
            self._take()
            node: Node = Operation("minus", (self._operand(_MINUS),))
        elif self._next.text == "not" and least <= _NOT:
            self._take()
            node = Operation("not", (self._row(_NOT),))
        else:
            node = self._atom()
            if self._next.text == "**":
                self._take()
                node = Operation("power", (node, self._operand(_MINUS)))
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._next
        if token.kind == "number":
            return Number(read_number(self._take()))
        if token.kind == "word" and token.text not in _WORDS:
            self._take()
            return self._call(token) if self._next.text == "(" else self._name(token)
        if token.text == "(":
            self._take()
            node = self._choice()
            self._close(token)
            return node
        return self._refuse_operand()

    def _name(self, word: Token) -> Name:
        if word.text in _FUNCTIONS:
            raise FormulaError(f"'{word.text}' is a function", f"write {_FUNCTIONS[word.text].form}", word.column)
        if not _ID.fullmatch(word.text):
            small = word.text.lower()
            hint = f"write {small}" if small in RESERVED else f"an id is at most {MAX_ID} small letters, digits and _"
            raise FormulaError(f"'{shorten(word.text)}' is not an id", hint, word.column)
        self.names.setdefault(word.text, word.column)
        return Name(word.text, word.column)

    def _call(self, word: Token) -> Operation:
        function = _FUNCTIONS.get(word.text)
        if function is None:
            near = get_close_matches(word.text.lower()[:MAX_ID], _FUNCTIONS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_FUNCTIONS)}"
            raise FormulaError(f"there is no function '{shorten(word.text)}'", hint, word.column)
        parts, last = self._arguments()
        if not function.least <= len(parts) <= function.most:
            counts = str(function.least) if function.least == function.most else f"{function.least} or {function.most}"
            message = f"{word.text} takes {counts} argument{'s' * (counts != '1')}, not {len(parts)}"
            raise FormulaError(message, f"write {function.form}", word.column)
        n = int(word.text in _SHIFTS)
        if len(parts) == 2 and (word.text in OVER_TIME or word.text == "round"):
            n = read_whole(word.text, last)
            del parts[1]
        return Operation(word.text, tuple(parts), n=n)

    def _arguments(self) -> tuple[list[Node], list[Token]]:
        """What stands in the parentheses of a function, and the tokens of the last argument."""
        parts: list[Node] = []
        opening = self._take()
        while True:
            begin = self._at
            parts.append(self._choice())
            if self._next.text != ",":
                break
            self._take()
        last = self._tokens[begin : self._at]
        self._close(opening)
        return parts, last

    def _close(self, opening: Token) -> None:
        if self._next.kind == "end":
            raise FormulaError("')' is missing", f"close the '(' of column {opening.column}", self._next.column)
        if self._next.text != ")":
            self._refuse_after_operand()
        self._take()

    def _refuse_operand(self) -> NoReturn:
        """Raises for what stands where an id or a number should."""
        kind, text, column = self._next
        if kind == "foreign":
            refuse_foreign(self._next)
        if kind == "end":
            raise FormulaError("a number or an id is missing at the end", "complete the formula", column)
        hint = {"+": "leave out the +", "not": "put parentheses around the not"}.get(text, "write what is missing")
        raise FormulaError(f"a number or an id is missing before '{text}'", hint, column)

    def _refuse_after_operand(self) -> NoReturn:
        """Raises for what stands where an operator should."""
        kind, text, column = self._next
        if kind == "foreign":
            refuse_foreign(self._next)
        if text == ")":
            raise FormulaError("')' has no '(' before it", "remove it", column)
        if text == ",":
            raise FormulaError("',' stands outside of a function", "write a number with a point: 1.5", column)
        if text == "else":
            raise FormulaError("'else' has no 'if' before it", "write x if c else y", column)
        small = text.lower()
        hint = "write an operator, such as + or *, between the two"
        if small in _WORDS and small != text:
            hint = f"write {small}"
        raise FormulaError(f"an operator is missing before '{shorten(text)}'", hint, column)


def _list_steps(root: Node) -> tuple[tuple[Node, bool], ...]:
    steps, nodes = [], [(root, False)]
    while nodes:
        node, inside = nodes.pop()
        steps.append((node, inside))
        if isinstance(node, Operation):
            inside = inside or node.name in OVER_TIME
            nodes.extend((part, inside) for part in node.parts)
    return tuple(reversed(steps))
