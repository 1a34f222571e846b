"""A strategy written as the text of a file, in the order of its mapping, as a consultant would write it.

Short mappings stand on one line, everything else below each other. A text is quoted wherever YAML could take it for
anything else; signs that no file may hold become U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scorecard.model.draft import REMARKS, write_figure
from scorecard.model.limits import LIMITS
from scorecard.parser.yaml_faults import FORBIDDEN

WIDTH = 110
_SHORT = 3  # keys that an entry of a list may have on one line
_PLAIN = re.compile(r"[^\W\d_](?:[\w.()/'’&+%€$£-]|,(?= )| (?=[\w(/&+%€$£]))*", re.UNICODE)
_PERIOD = re.compile(r"\d{4}(?:-[HQW]?\d{1,2}(?:-\d\d)?)?", re.ASCII)
_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_SECTIONS = ("perspectives", "goals", "kpis", "metrics", "themes", "data", "glossary", "dimensions")


def write_strategy(tree: Mapping[str, Any], head: Sequence[str] = ()) -> str:
    """The text of the file; `head` are sentences for the comment at its top."""
    lines = [*_comments(head, 0)]
    for key, value in tree.items():
        if key == REMARKS or value in (None, {}, []):
            continue
        if key not in _SECTIONS:
            lines += _entry(key, value, 0)
            continue
        lines += ["", f"{write_key(key)}:"]
        if isinstance(value, Mapping):
            for ident, below in value.items():
                if key in ("goals", "kpis"):
                    lines.append("")
                lines += _entry(ident, below, 2)
        else:
            lines += _items(value, 2)
    return "\n".join(lines).lstrip("\n") + "\n"


def write_text(text: str, inside: bool = False) -> str:
    """A text as a YAML scalar on one line that reads back exactly; `inside` braces a comma is quoted too."""
    clean = FORBIDDEN.sub("\ufffd", text)[: LIMITS.text]
    is_plain = _PLAIN.fullmatch(clean) or _PERIOD.fullmatch(clean)
    if is_plain and clean.isprintable() and not (inside and "," in clean):
        return clean
    return json.dumps(clean, ensure_ascii=False)


def write_key(key: str) -> str:
    return key if _ID.fullmatch(key) or _PERIOD.fullmatch(key) else write_text(key, inside=True)


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """A key and what belongs to it."""
    blank = " " * indent
    if isinstance(value, Mapping):
        yield from _comments(value.get(REMARKS, ()), indent)
    flow = _flow(value)
    if flow is not None and (not isinstance(value, (Mapping, list)) or _fits(value, flow, indent + len(key))):
        yield f"{blank}{write_key(key)}: {flow}"
    elif isinstance(value, Mapping):
        yield f"{blank}{write_key(key)}:"
        for name, below in _pairs(value):
            yield from _entry(name, below, indent + 2)
    else:
        yield f"{blank}{write_key(key)}:"
        yield from _items(value, indent + 2)


def _items(values: Sequence[Any], indent: int) -> Iterator[str]:
    blank = " " * indent
    for value in values:
        if not isinstance(value, Mapping):
            yield f"{blank}- {_scalar(value)}"
            continue
        yield from _comments(value.get(REMARKS, ()), indent)
        pairs, flow = _pairs(value), _flow(value)
        if [name for name, _ in pairs] == ["kpi"]:
            yield f"{blank}- {_scalar(value['kpi'])}"
        elif [name for name, _ in pairs] == ["goal"]:
            yield f"{blank}- goal: {_scalar(value['goal'])}"
        elif flow is not None and len(pairs) <= _SHORT and indent + len(flow) + 2 <= WIDTH - 30:
            yield f"{blank}- {flow}"
        else:
            lines = [line for name, below in pairs for line in _entry(name, below, indent + 2)]
            yield f"{blank}- {lines[0].lstrip()}"
            yield from lines[1:]


def _flow(value: Any) -> str | None:
    """The value on one line; None where a mapping or list below holds others, or remarks."""
    if isinstance(value, Mapping):
        if REMARKS in value or any(isinstance(below, (Mapping, list, tuple)) for below in value.values()):
            return None
        return "{" + ", ".join(f"{write_key(name)}: {_scalar(below, True)}" for name, below in _pairs(value)) + "}"
    if isinstance(value, (list, tuple)):
        if any(isinstance(below, (Mapping, list, tuple)) for below in value):
            return None
        return "[" + ", ".join(_scalar(below, True) for below in value) + "]"
    return _scalar(value)


def _fits(value: Any, flow: str, before: int) -> bool:
    """Whether a mapping or list reads well on the line of its key: figures and short words do."""
    is_plain = not isinstance(value, Mapping) or not any(name in value for name in ("name", "perspective", "goal"))
    return is_plain and before + len(flow) + 2 <= WIDTH


def _scalar(value: Any, inside: bool = False) -> str:
    if isinstance(value, (int, float)):
        return write_figure(value, grouped=True)
    return write_text(str(value), inside)


def _pairs(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, below) for name, below in value.items() if name != REMARKS and below not in (None, "", {}, [], ())]


def _comments(remarks: Sequence[str], indent: int) -> Iterator[str]:
    """Sentences as comments: on one line each, without signs that no file may hold."""
    for remark in remarks:
        yield " " * indent + "# " + " ".join(FORBIDDEN.sub("\ufffd", remark).split())[:300]
