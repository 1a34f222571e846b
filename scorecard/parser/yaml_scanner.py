"""The fast reader: plain block-style YAML line by line, each distinct line understood once.

It knows what people write by hand (indented mappings and lists, scalars and simple `{}` or `[]` on one line, comments)
and answers None to anything else: anchors, tags, texts over several lines, escapes, duplicate keys, anything wrong.
What it accepts, it reads exactly as the events do, places included.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, cast

from scorecard.model.limits import Limits
from scorecard.parser.tree import Map, Node, Seq, pack

# A line understood: rank, key, column of the key (0: none), value, column of the value; columns count from 1.
# The rank tells the collection the line belongs to: twice its indentation, and one more for a list, so that a list in
# the column of its key lies inside. The value is a text, None where nothing follows, or for `{}` and `[]` a tuple of
# the bracket and its entries.
_Line: TypeAlias = tuple[int, str, int, Any, int]
_Flow: TypeAlias = tuple[str, list[tuple[str, int, Any, int]]]  # the entries: key, column, text or _Flow, column

_NOTHING: _Line = (-2, "", 0, None, 0)
_LONGEST = 1000  # characters of a line; a key may have 1024
_LEVELS = 4  # of nesting in one line
_REMEMBERED = 5_000  # lines
_STEP = pack(0, 1, 0)
_MARKS = ('"', "'")

_QUOTED = r""""[^"\\]*+"|'(?:[^']|'')*+\'"""
_KEY_START = r"(?:\w|-(?=\d))"
_TEXT_START = r"""(?:[^ \-?:,\[\]{}#&*!|>'"%@`]|-(?=\S))"""
_FLOW_KEY = rf"((?:{_QUOTED})|{_KEY_START}[^:?#,\[\]{{}}]*+(?<! ))"
_FLOW_TEXT = rf"((?:{_QUOTED}) *+|(?:[^ \-?:,\[\]{{}}#&*!|>'\"%@`]|-(?=\w))[^:?#,\[\]{{}}]*+)"

_SIMPLE = re.compile(r"\w[^:#]*+(?<! )").fullmatch  # a text without a special sign
_HEAD = re.compile(r"( *+)(?:-(?: ++|$))?")
_KEY = re.compile(rf"({_QUOTED}|{_KEY_START}[^:#]*+(?<! )):(?: ++|$)")
_PLAIN = re.compile(_TEXT_START)
_QUOTE = re.compile(_QUOTED)
_END = re.compile(r"(?: ++(?:#.*)?)?$")


class _Bracket(NamedTuple):
    close: str
    simple: re.Pattern[str]  # an entry that is a text, and the ',' or bracket after it
    opens: re.Pattern[str]  # the beginning of an entry in brackets of its own
    after: re.Pattern[str]  # what comes after those


_BRACKETS = {
    "[": _Bracket("]", re.compile(rf" *+(){_FLOW_TEXT}[,\]]"), re.compile(r" *+()(?=[\[{])"), re.compile(r" *+[,\]]")),
    "{": _Bracket(
        "}",
        re.compile(rf" *+{_FLOW_KEY}: ++{_FLOW_TEXT}[,}}]"),
        re.compile(rf" *+{_FLOW_KEY}: ++(?=[\[{{])"),
        re.compile(r" *+[,}]"),
    ),
}


class _Unsure(Exception):
    """The events must decide."""


class _Memo(dict[str, _Line]):
    """What each distinct line says by itself."""

    def __missing__(self, line: str) -> _Line:
        if len(line) > _LONGEST or not line.isprintable():
            raise _Unsure
        before, colon, after = line.partition(": ")
        if colon and (head := _study_key(before)):
            if _SIMPLE(after):
                said: _Line | None = (head[0], head[1], head[2], after, len(before) + 3)
            else:
                said = _complete(head, line, len(line) - len(after.lstrip(" ")))
        else:
            said = _study(line)
        if said is None:
            raise _Unsure
        if len(self) > _REMEMBERED:
            self.clear()
        self[line] = said
        return said


def scan_yaml(text: str, file: int, limits: Limits) -> Node:
    """The root of `text`, the same as `read_events` gives without findings; None where this reader is not certain."""
    most = 2 * text.count("\n") + 2 + sum(map(text.count, ",[{"))  # there cannot be more values
    if limits.text < _LONGEST or most > limits.values:
        return None
    try:
        return _scan(text.split("\r\n" if "\r" in text else "\n"), pack(file, 0, 0), limits.depth - 1 - _LEVELS)
    except _Unsure:
        return None


def _scan(lines: list[str], base: int, deepest: int) -> Node:
    """The root of all lines; `base` is the place before the first, in `deepest` collections a line may begin."""
    root = Map(0)
    root[""] = None
    level, node = -1, cast(Any, root)
    frames = [(level, node)]  # the open collections and their ranks, innermost last
    memo = _Memo()
    for line in lines:
        base += _STEP
        rank, key, key_at, value, value_at = memo[line]
        if rank != level:
            if rank > level:
                level, node = rank, _enter(node, rank, base)
                frames.append((level, node))
                if len(frames) > deepest:
                    raise _Unsure
            elif rank < 0:
                continue
            while rank < level:
                frames.pop()
                level, node = frames[-1]
            if rank != level:
                raise _Unsure
        if type(value) is tuple:
            value = _build(value, base, base + value_at)
        if not key_at:
            node.append(value)
            node.item_at.append(base + value_at)
            continue
        if rank & 1:  # the item of a list begins a mapping
            level, item = 2 * key_at - 2, Map(base + key_at)
            node.append(item)
            node.item_at.append(item.at)
            node = item
            frames.append((level, node))
        elif key in node:
            raise _Unsure
        node[key] = value
        node.key_at[key] = base + key_at
        node.value_at[key] = base + value_at
    return root[""]


def _enter(node: Any, rank: int, base: int) -> Any:
    """The new collection that is the value of the last entry of `node`, which has none yet."""
    at = base + (rank >> 1) + 1
    child = Seq(at) if rank & 1 else Map(at)
    last = len(node) - 1 if type(node) is Seq else next(reversed(node))
    if node[last] is not None:
        raise _Unsure
    node[last] = child
    (node.item_at if type(node) is Seq else node.value_at)[last] = at
    return child


def _build(flow: _Flow, base: int, at: int) -> Map | Seq:
    """The nodes of brackets in the line that `base` stands for."""
    bracket, entries = flow
    node: Any = Seq(at) if bracket == "[" else Map(at)
    for key, key_at, value, value_at in entries:
        if type(value) is tuple:
            value = _build(value, base, base + value_at)
        if bracket == "[":
            node.append(value)
            node.item_at.append(base + value_at)
        else:
            node[key] = value
            node.key_at[key] = base + key_at
            node.value_at[key] = base + value_at
    built: Map | Seq = node
    return built


@lru_cache(maxsize=1000)
def _study_key(before: str) -> _Line | None:
    """The line `key:`, with which many others begin, from what stands before its colon; None if that is no key."""
    line = _study(before + ":")
    return line if line and line[2] and line[3] is None else None


def _study(line: str) -> _Line | None:
    """The line by its parts (indentation, dash, key, value); None if this reader does not know it."""
    found = _HEAD.match(line)
    assert found is not None
    indent, at = found.end(1), found.end()
    if at == indent and line[at : at + 1] in ("", "#"):
        return _NOTHING
    rank = 2 * indent + (at > indent)
    if found := _KEY.match(line, at):
        return _complete((rank, _text(found[1]), at + 1, None, found.end(1) + 2), line, found.end())
    return _complete((rank, "", 0, None, indent + 2), line, at) if at > indent else None


def _complete(head: _Line, line: str, at: int) -> _Line | None:
    """`head` with the value that begins at the offset `at`, if there is one."""
    sign = line[at : at + 1]
    if sign in ("", "#"):
        return head
    value = _last_flow(line, at) if sign in "[{" else _scalar(line, at)
    return None if value is None else (head[0], head[1], head[2], value, at + 1)


def _scalar(line: str, at: int) -> str | None:
    """The text that stands from `at` to the end of the line or a comment."""
    text = line[at:]
    if quoted := _QUOTE.match(text):
        return _text(quoted[0]) if _END.match(text, quoted.end()) else None
    text = text.partition(" #")[0].rstrip(" ")
    return text if _PLAIN.match(text) and ": " not in text and text[-1] != ":" else None


def _last_flow(line: str, at: int) -> _Flow | None:
    """The brackets that stand from `at` to the end of the line or a comment."""
    found = _flow(line, at, _LEVELS)
    return found[0] if found and _END.match(line, found[1]) else None


def _flow(line: str, start: int, levels: int) -> tuple[_Flow, int] | None:
    """The mapping or list in brackets that opens at the offset `start`, and the offset after it."""
    kind = _BRACKETS[line[start]]
    entries: list[tuple[str, int, Any, int]] = []
    at = start + 1
    if line.startswith(kind.close, at):
        return (line[start], entries), at + 1
    while line[at - 1] != kind.close:
        if found := kind.simple.match(line, at):
            entries.append((_text(found[1]), found.start(1) + 1, _text(found[2]), found.start(2) + 1))
        elif levels and (begin := kind.opens.match(line, at)) and (inner := _flow(line, begin.end(), levels - 1)):
            entries.append((_text(begin[1]), begin.start(1) + 1, inner[0], begin.end() + 1))
            found = kind.after.match(line, inner[1])
        if not found:
            return None
        at = found.end()
    distinct = kind.close == "]" or len({entry[0] for entry in entries}) == len(entries)
    return ((line[start], entries), at) if distinct else None


def _text(scalar: str) -> str:
    """A scalar without its quotes or the spaces after it."""
    text = scalar.rstrip(" ")
    if text[:1] not in _MARKS:
        return text
    return text[1:-1] if text[0] == '"' else text[1:-1].replace("''", "'")
