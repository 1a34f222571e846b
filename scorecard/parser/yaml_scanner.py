"""The fast reader: plain block-style YAML line by line, each distinct line understood once.

It knows what people write by hand (indented mappings and lists, scalars and simple `{}` or `[]` on one line, comments)
and answers None to anything else: anchors, tags, texts over several lines, escapes, duplicate keys, anything wrong.
What it accepts, it reads exactly as the events do, places included.
"""

from __future__ import annotations

import re
import sys
from typing import Any, TypeAlias

from scorecard.parser.tree import Map, Node, Seq, pack
from scorecard.parser.yaml_faults import Limits

# A line understood: rank, key, column of the key (0: none), value, column of the value; columns count from 1.
# The rank tells the collection the line belongs to: twice its indentation, and one more for a list, so that a list in
# the column of its key lies inside. The value is a text, None where nothing follows, or for `{}` and `[]` a tuple of
# the bracket and its entries.
_Line: TypeAlias = tuple[int, str, int, Any, int]
_Entries: TypeAlias = list[tuple[str, int, str, int]]  # key, its column, text, its column

_NOTHING: _Line = (-2, "", 0, None, 0)
_LONGEST = 1000  # characters of a line; a key may have 1024
_STEP = pack(0, 1, 0)

_QUOTED = r'''"[^"\\]*+"|'(?:[^']|'')*+\''''
_KEY_START = r"(?:\w|-(?=\d))"
_TEXT_START = r"""(?:[^ \-?:,\[\]{}#&*!|>'"%@`]|-(?=\S))"""
_FLOW_KEY = rf"((?:{_QUOTED})|{_KEY_START}[^:?#,\[\]{{}}]*+(?<! ))"
_FLOW_TEXT = rf"((?:{_QUOTED}) *+|(?:[^ \-?:,\[\]{{}}#&*!|>'\"%@`]|-(?=\w))[^:?#,\[\]{{}}]*+)"

_SIMPLE = re.compile(r"\w[^:#]*+(?<! )")  # a text without a special sign
_HEAD = re.compile(r"( *+)(?:-(?: ++|$))?")
_KEY = re.compile(rf"({_QUOTED}|{_KEY_START}[^:#]*+(?<! )):(?: ++|$)")
_PLAIN = re.compile(_TEXT_START)
_QUOTE = re.compile(_QUOTED)
_END = re.compile(r"(?: ++(?:#.*)?)?$")
_ITEM = re.compile(rf" *+(){_FLOW_TEXT}[,\]]")
_PAIR = re.compile(rf" *+{_FLOW_KEY}: ++{_FLOW_TEXT}[,}}]")


def scan_yaml(text: str, file: int, limits: Limits) -> Node:
    """The root of `text`, the same as `read_events` gives without findings; None where this reader is not certain."""
    lines = text.replace("\r\n", "\n").split("\n")
    if limits.text < _LONGEST or 3 * len(lines) + text.count(",") > limits.values:
        return None
    root: Any = Map(0)
    root[""] = None
    frames = [(-1, root)]  # the open collections and their ranks, innermost last
    level, node, base = -1, root, pack(file, 0, 0)
    memo: dict[str, _Line | None] = {}
    for line in lines:
        base += _STEP
        understood = memo.get(line)
        if understood is None and (understood := memo.setdefault(line, _understand(line))) is None:
            return None
        rank, key, key_at, value, value_at = understood
        if rank > level:
            if (node := _enter(node, rank, base)) is None:
                return None
            level = rank
            frames.append((level, node))
        elif rank < 0:
            continue
        while rank < level:
            frames.pop()
            level, node = frames[-1]
        if rank != level:
            return None
        if rank & 1 and key_at:  # a list item that begins a mapping
            node = _enter_item(node, base + key_at)
            level = 2 * key_at - 2
            frames.append((level, node))
        if type(value) is tuple:
            value = _build(value, base, value_at)
        ...
    return root[""]
