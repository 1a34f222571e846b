"""The exact reader: the C parser's events become nodes with places, on a stack of our own, within limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from scorecard.model.finding import shorten
from scorecard.model.limits import Limits
from scorecard.parser.tree import Map, Node, Seq, pack, unpack
from scorecard.parser.yaml_faults import FORBIDDEN, End, Faults
from scorecard.parser.yaml_problems import add_problem, add_tag


def read_events(text: str, file: int, limits: Limits, faults: Faults) -> Node:
    """The root node of `text`, None where it is empty or not valid; `faults` takes what is wrong. May raise `End`."""
    return _Reader(text, file, limits, faults).read()


_LINE = pack(0, 1, 0)
_KEY, _VALUE, _ITEM = range(3)  # what comes next in a collection


class _Frame:
    """A node that is being read or has an anchor. `size` is its number of values after aliases, 0 while it is open."""

    __slots__ = ("before", "height", "into", "key", "node", "size", "turn")

    def __init__(self, node: Node, before: int, size: int, height: int) -> None:
        self.node = node
        self.into: Any = node  # the same, to be written to
        self.before = before  # values in the file when it was opened
        self.size = size
        self.height = height  # levels of nesting below and with it
        self.turn = _KEY if type(node) is Map else _ITEM
        self.key: str | None = None  # the key whose value comes next, None: the entry is refused


class _Reader:
    def __init__(self, text: str, file: int, limits: Limits, faults: Faults) -> None:
        self.text, self.limits, self.faults = text, limits, faults
        self.base = pack(file, 1, 1)
        self.values, self.most = 0, limits.values
        self.root = Seq(0)
        self.frames = [_Frame(self.root, 0, 0, 0)]
        self.anchors: dict[str, _Frame] = {}
        self.repeated: set[int] = set()  # places of keys that were found again

    def read(self) -> Node:
        steps: dict[type[Event], Callable[[Any], bool]] = {
            StreamStartEvent: lambda _: True,
            StreamEndEvent: lambda _: False,
            DocumentStartEvent: self._document,
            DocumentEndEvent: lambda _: True,
            ScalarEvent: self._scalar,
            AliasEvent: self._alias,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
        }
        parser = CParser(self.text)
        try:
            while (event := parser.get_event()) and steps[type(event)](event):
                pass
        except YAMLError as error:
            add_problem(self.faults, error, self.text)
            return None
        return self.root[0] if self.root else None

    def _document(self, event: DocumentStartEvent) -> bool:
        at = self._at(event)
        if self.root:
            hint = "keep one document, and remove the line --- before the next"
            self.faults.add("S108", at, "the file holds several documents", hint)
            return False
        if event.tags:
            add_tag(self.faults, at)
        return True

    def _scalar(self, event: ScalarEvent) -> bool:
        at, value, style = self._at(event), event.value, event.style
        if style == '"' or event.tag is not None or len(value) > self.limits.text:
            value = self._checked(event, at)
        node = value if value or style else None
        if event.anchor is not None:
            self.anchors[event.anchor] = _Frame(node, 0, 1, 0)
        self._put(node, at, 1, style)
        return True

    def _checked(self, event: ScalarEvent, at: int) -> str:
        """The text of a scalar without what it may not have."""
        value = event.value
        if event.tag is not None:
            add_tag(self.faults, at)
        if len(value) > self.limits.text:
            message = f"a text of {len(value):,} characters is longer than the {self.limits.text:,} allowed"
            self.faults.add_limit(at, message, "text")
            value = value[: self.limits.text]
        if found := FORBIDDEN.search(value):
            self.faults.add_sign(at, found[0][0], " by an escape")
            value = FORBIDDEN.sub("\ufffd", value)
        return value

    def _alias(self, event: AliasEvent) -> bool:
        at, name = self._at(event), event.anchor or ""
        anchor, shown = self.anchors.get(name), shorten(name)
        if anchor is None:
            hint = "write `&name` at the node that is meant, above this one; quote a text that begins with '*'"
            self.faults.add("S101", at, f"no anchor is named '{shown}'", hint)
            anchor = _Frame(None, 0, 1, 0)
        elif not anchor.size:
            hint = "write the part that is meant in full"
            self.faults.add("S106", at, f"'{shown}' holds itself", hint)
            anchor = _Frame(None, 0, 1, 0)
        self._check_depth(len(self.frames) - 1 + anchor.height, at)
        self._put(anchor.node, at, anchor.size, "*")
        self.frames[-1].height = max(self.frames[-1].height, anchor.height + 1)
        return True

    def _open(self, event: CollectionStartEvent) -> bool:
        at = self._at(event)
        if event.tag is not None:
            add_tag(self.faults, at)
        self._check_depth(len(self.frames), at)
        node = Map(at) if type(event) is MappingStartEvent else Seq(at)
        frame = _Frame(node, self.values, 0, 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = frame
        self._put(node, at, 1, "")
        self.frames.append(frame)
        return True

    def _close(self, _: CollectionEndEvent) -> bool:
        frame = self.frames.pop()
        frame.size = max(self.values - frame.before, 1)
        self.frames[-1].height = max(self.frames[-1].height, frame.height + 1)
        return True

    def _check_depth(self, depth: int, at: int) -> None:
        if depth > self.limits.depth:
            message = f"the text is nested deeper than the {self.limits.depth:,} levels allowed"
            self.faults.add_limit(at, message, "depth")
            raise End

    def _put(self, node: Node, at: int, size: int, style: str | None) -> None:
        """Make `node` the next item, key or value of the innermost open collection."""
        frame = self.frames[-1]
        if frame.turn == _KEY:
            frame.turn = _VALUE
            frame.key = self._key(frame, node, at, style)
            return
        self.values += size
        if self.values > self.most:
            message = f"the file holds more than the {self.most:,} values allowed, aliases counted in full"
            self.faults.add_limit(at, message, "values")
            raise End
        if frame.turn == _ITEM:
            frame.into.append(node)
            frame.into.item_at.append(at)
            return
        frame.turn = _KEY
        if frame.key is not None:
            frame.into[frame.key] = node
            frame.into.value_at[frame.key] = at

    def _key(self, frame: _Frame, key: Node, at: int, style: str | None) -> str | None:
        """The key if it can be used: a text that is new here and no merge key."""
        if type(key) is not str:
            hint = "write a text before the ':'; quote one that begins with a bracket, a brace or '?'"
            self.faults.add("S109", at, "the key of this entry is not a text", hint)
            return None
        if key == "<<" and not style:
            self.faults.add("S105", at, "merge keys (<<) are not allowed", "write the entries in full")
            return None
        first: int = frame.into.key_at.setdefault(key, at)
        if first == at:
            return key
        hint = "keep one of them, or give one another name"
        shown = f"the key '{shorten(key)}'"
        if first not in self.repeated:
            self.repeated.add(first)
            self.faults.add("S110", first, f"{shown} stands here and again at {_shown(at)}", hint)
        self.faults.add("S110", at, f"{shown} is already at {_shown(first)}", hint)
        return None

    def _at(self, event: Event) -> int:
        mark = event.start_mark
        assert mark is not None
        return self.base + mark.line * _LINE + mark.column


def _shown(at: int) -> str:
    _, line, column = unpack(at)
    return f"{line}:{column}"
