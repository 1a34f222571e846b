"""The one door for YAML: bytes become nodes that know their places, and findings; nothing hostile gets further."""

from __future__ import annotations

from scorecard.model.finding import Finding
from scorecard.model.limits import LIMITS, Limits
from scorecard.parser.tree import Node, pack
from scorecard.parser.yaml_events import read_events
from scorecard.parser.yaml_faults import FORBIDDEN, End, Faults
from scorecard.parser.yaml_scanner import scan_yaml

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # the byte order marks
_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")


def load_yaml(data: bytes, file: int, name: str, limits: Limits = LIMITS) -> tuple[Node, list[Finding]]:
    """The root node of a whole file and everything wrong with it; raises nothing.

    `file` is the number packed into the places, `name` the path shown in findings. Scalars are their text, typed by
    no one; an empty plain one is None. The node is None where the file is empty or could not be read to its end.
    Of a key that stands twice the first value is kept. An alias is the same object as its anchor.
    """
    faults = Faults(name)
    node: Node = None
    if len(data) > limits.file_bytes:
        faults.add_limit(
            pack(0, 1, 1), f"the file is larger than the {limits.file_bytes:,} bytes allowed", "file_bytes"
        )
    elif (text := _decode(data, faults)) is not None:
        node = scan_yaml(text, file, limits)
        if node is None:
            node = _read(text, file, limits, faults)
    return node, faults.listed()


def _read(text: str, file: int, limits: Limits, faults: Faults) -> Node:
    """The root of a text that is not plain, with all that is wrong with it."""
    try:
        return read_events(_clean(text, faults), file, limits, faults)
    except End:
        return None


def _decode(data: bytes, faults: Faults) -> str | None:
    """The text without its byte order mark; None if it is in another encoding than UTF-8."""
    hint = "save the file as UTF-8"
    other = _foreign(data)
    if other:
        faults.add("S102", pack(0, 1, 1), f"the text is in {other}, not in UTF-8", hint)
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        head = data[: error.start].decode().removeprefix("\ufeff")
        line, column = _advance(head, 0, len(head), 1, 1)
        faults.add("S102", pack(0, line, column), f"the byte 0x{data[error.start]:02X} is not UTF-8", hint)
        text = data.decode(errors="replace")
    return text.removeprefix("\ufeff")


def _foreign(data: bytes) -> str:
    """The name of another encoding that the first bytes speak for."""
    if data.startswith(_UTF_32):
        return "UTF-32"
    if data.startswith(_UTF_16):
        return "UTF-16"
    head = data[:64]
    return "UTF-16 or UTF-32" if head and head.count(0) * 4 >= len(head) else ""


def _clean(text: str, faults: Faults) -> str:
    """The text with a replacement sign for each forbidden one, so that reading goes on. May raise `End`."""
    at, line, column = 0, 1, 1
    for found in FORBIDDEN.finditer(text):
        line, column = _advance(text, at, found.start(), line, column)
        at = found.start()
        faults.add_sign(pack(0, line, column), found[0][0], "")
    return FORBIDDEN.sub(lambda found: "\ufffd" * len(found[0]), text)


def _advance(text: str, start: int, end: int, line: int, column: int) -> tuple[int, int]:
    """Line and column of the offset `end`, given those of `start`; a line ends with LF, CR or both."""
    breaks = text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)
    if not breaks:
        return line, column + end - start
    return line + breaks, end - max(text.rfind("\n", start, end), text.rfind("\r", start, end))
