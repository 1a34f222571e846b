"""The tokens of a formula: numbers, words and signs with their columns, and why any other text is refused."""

from __future__ import annotations

import re
from math import isfinite
from typing import NamedTuple, NoReturn

from scorecard.model.finding import shorten

MAX_PERIODS = 10_000  # the largest n of a function over time
MAX_DIGITS = 15  # the most digits of `round`, on either side of the point

_DIGITS = r"[0-9](?:_?[0-9])*"
_NUMBER = re.compile(rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?")
_WHOLE = re.compile(_DIGITS)
# A number is first taken with all that touches it, so that `2a` and `1.2.3` are refused whole.
_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>\.?[0-9](?:[eE][+-]|[\w.])*)|(?P<word>[^\W\d]\w*)"
    r"|(?P<foreign>//|<>|&&|\|\||=(?!=)|!(?!=)|[^-+*/<>=!(), \t\r\n])|(?P<sign>\*\*|[<>=!]=|[-+*/<>(),]))"
)
_FOREIGN_HINTS = {
    sign: hint
    for signs, hint in [
        ("%", "write 0.125 for 12.5%"),
        ("^", "write ** for a power"),
        ("//", "write /, and round(x) for a whole number"),
        ("=", "write == to compare; arguments have no names"),
        ("& &&", "write and"),
        ("| ||", "write or"),
        ("!", "write not"),
        ("<> ≠", "write !="),
        ("≤", "write <="),
        ("≥", "write >="),
        ("− –", "write -"),
        ("× ·", "write *"),
        ("÷", "write /"),
        ("? :", "write x if c else y"),
        ("\" ' `", "a formula knows numbers and ids, no text"),
        ("[ ]", "the value of an earlier period is prev(x, n)"),
        (".", "an id is small letters, digits and _; a number has one point, as in 0.5"),
        (";", "write a comma between arguments"),
        ("$ € £", "write the number alone"),
    ]
    for sign in signs.split()
} | {"\u00a0": "write an ordinary space"}


class FormulaError(ValueError):
    """A text that is no formula: `message` says what is wrong, `hint` what to do, `column` (from 1) where."""

    def __init__(self, message: str, hint: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.message, self.hint, self.column = message, hint, column


class Token(NamedTuple):
    kind: str  # number, word, sign, foreign or end
    text: str
    column: int


def read_tokens(text: str) -> list[Token]:
    """All tokens of a text, `end` as the last one; what is foreign to the language is refused where it is met."""
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind) + 1))
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


def read_number(token: Token) -> float:
    """The finite number a token says, as Python writes them. Raises FormulaError."""
    text = token.text
    if not _NUMBER.fullmatch(text):
        hint = "write 1000, 1_000, 0.5 or 4e4, and * between a number and an id"
        raise FormulaError(f"'{shorten(text)}' is not a number", hint, token.column)
    if text[0] == "0" and _WHOLE.fullmatch(text) and text.strip("0_"):
        raise FormulaError(f"'{shorten(text)}' begins with a zero", "leave out the zero", token.column)
    value = float(text)
    if not isfinite(value):
        raise FormulaError(f"'{shorten(text)}' is too large for a number", "write a number below 1e308", token.column)
    return value


def read_whole(function: str, tokens: list[Token]) -> int:
    """The whole number written out as n of a function over time, or as the digits of `round`. Raises FormulaError."""
    words = [token.text for token in tokens]
    what, low, high = ("the digits", -MAX_DIGITS, MAX_DIGITS) if function == "round" else ("n", 1, MAX_PERIODS)
    negative = words[0] == "-"
    if len(words) == 1 + negative and _WHOLE.fullmatch(words[-1]):
        n = -int(words[-1]) if negative else int(words[-1])
        if low <= n <= high:
            return n
    message = f"{what} of {function} must be a whole number from {low} to {high:,}"
    raise FormulaError(message, f"write the number out, as in {function}(x, 3)", tokens[0].column)


def refuse_foreign(token: Token) -> NoReturn:
    """Raises the FormulaError for a sign that the language does not have."""
    if token.text == "=" and token.column == 1:
        raise FormulaError("a formula does not begin with '='", "leave it out", 1)
    every = "write numbers, ids, + - * / **, comparisons, and, or, not, if, else and functions"
    message = f"'{shorten(token.text)}' is not part of the formula language"
    raise FormulaError(message, _FOREIGN_HINTS.get(token.text, every), token.column)
