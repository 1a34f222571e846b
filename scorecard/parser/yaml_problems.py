"""The C parser's complaints in plain words."""

from __future__ import annotations

from yaml import Mark, MarkedYAMLError, YAMLError

from scorecard.model.finding import shorten
from scorecard.parser.tree import pack
from scorecard.parser.yaml_faults import Faults

_QUOTE = "put the text in quotes"
_ESCAPE = "write \\\\ for a backslash, or put the text in single quotes"
_INDENT = "indent it with spaces like its neighbours, and close every quote and bracket before it"

_WORDS = {  # what libyaml says: a sentence, and what to do
    "block sequence entries are not allowed in this context": (
        "a list item stands where none can be",
        "begin the list on the line after its key",
    ),
    "could not find expected ':'": (
        "there is no ':' after a key",
        "write `key: value`, or quote a text of several lines",
    ),
    "did not find expected ',' or ']'": (
        "a list in brackets lacks a ',' or its ']'",
        "separate with ',' and close with ']'",
    ),
    "did not find expected ',' or '}'": (
        "a mapping in braces lacks a ',' or its '}'",
        "separate with ',' and close with '}'",
    ),
    "did not find expected '-' indicator": ("the line does not fit the list around it", _INDENT),
    "did not find expected <document start>": ("there is text after the end of the content", _INDENT),
    "did not find expected alphabetic or numeric character": ("an '&' or '*' is not followed by a name", _QUOTE),
    "did not find expected comment or line break": (
        "there is text on the line of a '|' or '>'",
        "begin the text on the next line, or " + _QUOTE,
    ),
    "did not find expected hexdecimal number": ("an escape lacks its hexadecimal digits", _ESCAPE),
    "did not find expected key": ("the line does not fit the mapping around it", _INDENT),
    "did not find expected node content": ("a value is missing", "write a value, or remove the sign before it"),
    "found a tab character that violates indentation": ("a tab is used to indent", "indent with spaces"),
    "found a tab character where an indentation space is expected": ("a tab is used to indent", "indent with spaces"),
    "found character that cannot start any token": (
        "a text cannot begin with {sign}",
        f"{_QUOTE}; indent with spaces, not with tabs",
    ),
    "found incompatible YAML document": ("the file asks for another version of YAML", "remove the line %YAML"),
    "found invalid Unicode character escape code": ("an escape names no character", _ESCAPE),
    "found unexpected ':'": ("a ':' stands before a bracket or comma", "put a space after ':', or " + _QUOTE),
    "found unexpected document indicator": (
        "a line with --- or ... stands in a quoted text",
        "close the quote before it",
    ),
    "found unexpected end of stream": ("the file ends inside a quoted text", "close the quote"),
    "found unknown directive name": ("a line that begins with % is a directive YAML does not know", "remove the line"),
    "found unknown escape character": ("a backslash stands before a sign that cannot be escaped", _ESCAPE),
    "mapping keys are not allowed in this context": ("a key stands where none can be", _INDENT),
    "mapping values are not allowed in this context": (
        "a ':' stands where no key can be",
        f"indent the line like its neighbours; {_QUOTE} where it holds ': '",
    ),
}

_UNCLOSED = {  # found out only later: the place is where it begins
    "could not find expected ':'",
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "found unexpected end of stream",
    "found unexpected document indicator",
}


def add_problem(faults: Faults, error: YAMLError, text: str) -> None:
    """The finding for what ended the C parser's reading of `text`."""
    mark = getattr(error, "problem_mark", None)
    if not isinstance(error, MarkedYAMLError) or mark is None:
        faults.add("S101", pack(0, 1, 1), "this is not valid YAML", "check the file with an editor that knows YAML")
        return
    begin = error.context_mark or mark
    if error.problem in _UNCLOSED:
        mark = begin
    if faults.has_foreign_bytes(mark.line + 1):
        return
    at = pack(0, mark.line + 1, mark.column + 1)
    if error.problem == "found undefined tag handle":
        add_tag(faults, at)
        return
    if sign := _surrogate(error.problem, mark, text):
        faults.add_sign(pack(0, begin.line + 1, begin.column + 1), sign, " by an escape")
        return
    unlisted = (f"this is not valid YAML: {error.problem}", "mend the line, or " + _QUOTE)
    message, hint = _WORDS.get(error.problem or "", unlisted)
    if (begin.line, begin.column) != (mark.line, mark.column):
        message = f"{message}; what it belongs to begins at {begin.line + 1}:{begin.column + 1}"
    faults.add("S101", at, message.replace("{sign}", _shown(text[mark.index : mark.index + 1])), hint)


def add_tag(faults: Faults, at: int) -> None:
    hint = "remove it, the meaning of a value is known from its key; quote a text that begins with '!'"
    faults.add("S104", at, "tags (a word that begins with '!') are not allowed", hint)


def _surrogate(problem: str | None, mark: Mark, text: str) -> str:
    """The half of a character pair that an escape names, else nothing: the parser stops at the escape's digits."""
    if problem != "found invalid Unicode character escape code":
        return ""
    width = 4 if text[mark.index - 1] == "u" else 8
    number = int(text[mark.index : mark.index + width], 16)
    return chr(number) if 0xD800 <= number <= 0xDFFF else ""


def _shown(sign: str) -> str:
    return "a tab" if sign == "\t" else f"'{shorten(sign)}'"
