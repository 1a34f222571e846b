"""An override put into, exchanged in or taken out of the file of its goal, and nothing else in that file changed.

The text is cut at the place of the goal, never written anew. Then both texts are read: where they differ in anything but
this override, the change is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorecard.model.finding import Place, shorten
from scorecard.model.goal import Override, write_override
from scorecard.model.limits import LIMITS, Limits
from scorecard.parser.files import Bundle, Text, find_bundles
from scorecard.parser.replacement import Refused, hash_bytes, replace_file
from scorecard.parser.spans import Span, Style, find_spans, line_break, line_end, line_start
from scorecard.parser.tree import Map, Node, unpack
from scorecard.parser.yaml_faults import FORBIDDEN
from scorecard.parser.yaml_loader import load_yaml

KEY = "override"
_STEP, _WIDEST = 2, 8  # of indentation: where the file shows none, and what still passes for one
_BOM = "\ufeff"
_PLAIN = re.compile(r"[^\W_](?:[\w .;()/%+'-]*[\w.;()/%+'-])?")  # needs no quotes, in brackets neither
_Entries = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GoalText:
    """Where a goal stands: the file, the place in it as findings say it, and the hash of the file as it was read."""

    path: Path
    place: Place
    hash: str
    data: bytes


def find_goal(path: str, goal: str, limits: Limits = LIMITS) -> GoalText:
    """The file in which a strategy says a goal; `path` is the strategy's own, as `Scorecard.name` has it.

    Its hash is what `splice_override` asks for: take it when the person begins to edit. Raises Refused.
    """
    found = find_bundles(path, limits)
    if len(found.bundles) != 1:
        hint = "name the path of one strategy"
        raise Refused(Place(shorten(path)), "there is not one strategy under this path", hint)
    bundle, texts, faults = found.bundles[0], [], []
    for text in bundle.texts:
        node, wrong = load_yaml(text.data, 0, text.name, limits)
        faults += wrong
        goals = node.get("goals") if isinstance(node, Map) else None
        if isinstance(goals, Map) and goal in goals:
            texts.append((text, Place(text.name, *unpack(goals.key_at[goal])[1:])))
    if not texts and faults:
        raise Refused(faults[0].place, faults[0].message, "mend this first")
    if len(texts) != 1:
        what = "is in several files" if texts else "is not in this strategy"
        raise Refused(Place(shorten(path)), f"the goal '{shorten(goal)}' {what}", "look at 'scorecard check'")
    text, place = texts[0]
    return GoalText(_real_path(bundle, text), place, hash_bytes(text.data), text.data)


def splice_override(
    path: str, goal: str, override: Override | None, expected_hash: str, limits: Limits = LIMITS
) -> None:
    """Write the override of a goal into the strategy's file; None takes the one that is there out.

    `expected_hash` is that of the goal's file when it was looked at (`find_goal`). Raises Refused, with nothing written,
    where the file was changed meanwhile, cannot be read or written, or would not differ in this override alone.
    """
    found = find_goal(path, goal, limits)
    if found.hash != expected_hash:
        hint = "look at it as it is now, then make the change again"
        raise Refused(found.place, "the file was changed meanwhile, so nothing was written", hint)
    new = splice_bytes(found.data, goal, override, found.place, limits)
    if new != found.data:
        replace_file(found.path, new, expected_hash, found.place)


def splice_bytes(data: bytes, goal: str, override: Override | None, place: Place, limits: Limits = LIMITS) -> bytes:
    """The text of a file with another override at a goal, everything else byte for byte. Raises Refused."""
    before, faults = load_yaml(data, 0, place.file, limits)
    if faults:
        raise Refused(faults[0].place, faults[0].message, "mend this first")
    entries = _entries(override, place)
    text = data.decode()
    head = _BOM if text.startswith(_BOM) else ""
    new = head + _edit(text.removeprefix(head), goal, entries, place)
    after, faults = load_yaml(new.encode(), 0, place.file, limits)
    if faults or not _differ_only(before, after, goal, entries):
        hint = "write it into the file by hand: 'scorecard tui' opens it with e"
        raise Refused(place, "the change would touch more than this override, as the goal is written", hint)
    return new.encode()


def _entries(override: Override | None, place: Place) -> dict[str, str]:
    """The texts of an override by their keys, those not given left out."""
    written = {} if override is None else {key: text for key, text in write_override(override).items() if text}
    for key, text in written.items():
        if found := FORBIDDEN.search(text):
            message = f"'{key}' holds the sign U+{ord(found[0][0]):04X}, which cannot be seen"
            raise Refused(place, message, "write it without")
    if written and "why" not in written:
        raise Refused(place, "an override needs a reason", "say why")
    return written


def _edit(text: str, goal: str, entries: _Entries, place: Place) -> str:
    root = find_spans(text)
    goals = root.entry("goals")
    found = goals[1].entry(goal) if goals else None
    if found is None or not found[1].mapping:
        raise Refused(place, "the goal is not written out here", "write its entries in full, not as an alias")
    key, node = found
    old = node.entry(KEY)
    if not entries:
        return _remove(text, node, old) if old else text
    if old:
        return _exchange(text, old, entries)
    if node.style == Style.FLOW:
        at = node.parts[-1].end if node.parts else node.start + 1
        return f"{text[:at]}{', ' if node.parts else ''}{KEY}: {_in_brackets(entries)}{text[at:]}"
    step = node.column - key.column
    return _insert(text, node, _in_lines(entries, node.column, step if 0 < step <= _WIDEST else _STEP))


def _insert(text: str, node: Span, lines: list[str]) -> str:
    """New lines behind the texts with which a goal begins (name, perspective, owner, ...), else before its first entry."""
    anchor = None
    for _, value in node.entries:
        if value.style not in (Style.TEXT, Style.ALIAS, Style.LINES) or _keeps_breaks(text, value):
            break
        anchor = value
    if anchor is None:
        at = line_start(text, node.start)
        return text[:at] + "".join(line + line_break(text, at) for line in lines) + text[at:]
    at = line_end(text, anchor.end)
    return text[:at] + "".join(line_break(text, at) + line for line in lines) + text[at:]


def _exchange(text: str, old: tuple[Span, Span], entries: _Entries) -> str:
    """Another value for the key, in the style in which it is written."""
    key, value = old
    if value.style != Style.BLOCK:
        return text[: value.start] + _in_brackets(entries) + text[value.end :]
    lines = _in_lines(entries, key.column, value.column - key.column)[1:]
    new = line_break(text, value.start).join(lines).removeprefix(" " * value.column)
    return text[: value.start] + new + text[line_end(text, value.end) :]


def _remove(text: str, node: Span, old: tuple[Span, Span]) -> str:
    key, value = old
    if node.style == Style.BLOCK:
        start, end = line_start(text, key.start), line_end(text, value.end)
        return text[:start] + re.sub(r"\A(?:\r\n|\n|\r)", "", text[end:], count=1)
    if comma := re.compile(r"\s*,[ \t]*").match(text, value.end):
        return text[: key.start] + text[comma.end() :]
    number = node.parts.index(key)
    start = node.parts[number - 1].end if number else key.start
    return text[:start] + text[value.end :]


def _in_lines(entries: _Entries, column: int, step: int) -> list[str]:
    indent = " " * (column + step)
    return [f"{' ' * column}{KEY}:", *(f"{indent}{key}: {_write_text(text)}" for key, text in entries.items())]


def _in_brackets(entries: _Entries) -> str:
    return "{" + ", ".join(f"{key}: {_write_text(text)}" for key, text in entries.items()) + "}"


def _write_text(text: str) -> str:
    """A text as a YAML scalar on one line that nobody reads as anything else."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _keeps_breaks(text: str, value: Span) -> bool:
    """Whether the empty lines below a text belong to it (`|+`)."""
    return value.style == Style.LINES and "+" in text[value.start : line_end(text, value.start)].partition("#")[0]


def _differ_only(before: Node, after: Node, goal: str, entries: _Entries) -> bool:
    """Whether a tree is another with exactly this override at the goal, the order of all other keys included."""
    rest, _ = _part(before, goal)
    new_rest, override = _part(after, goal)
    return _equal(rest, new_rest) and override == (dict(entries) or None)


def _part(tree: Any, goal: str) -> tuple[Any, Any]:
    """A tree without the override of a goal, and that override."""
    own = tree["goals"][goal]
    rest = {key: value for key, value in own.items() if key != KEY}
    return {**tree, "goals": {**tree["goals"], goal: rest}}, own.get(KEY)


def _equal(one: Any, other: Any) -> bool:
    """Whether two trees are the same: shapes, texts, and the order of keys. No tree is nested deeper than the limits."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(map(_equal, one.values(), other.values()))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return type(one) is type(other) and one == other


def _real_path(bundle: Bundle, text: Text) -> Path:
    """The file behind a name as findings print it; a link leads to the file that it stands for."""
    named = Path(text.name)
    return (bundle.folder / named.name if Path(bundle.name).is_dir() else named).resolve()
