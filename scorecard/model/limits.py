"""How much is read at most: files may come from strangers. Each limit is a setting, and passing it is a finding (S107)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Limits:
    """Of a file: bytes, levels of nesting, values after aliases, characters of one text. Of a strategy: files and bytes."""

    file_bytes: int = 5_000_000
    depth: int = 64
    values: int = 1_000_000
    text: int = 10_000
    files: int = 500
    strategy_bytes: int = 50_000_000


LIMITS = Limits()


def read_limits(text: str) -> Limits:
    """Limits written as `files=2000, file_bytes=20_000_000`; the others stay. Raises ValueError with a sentence."""
    known = [field.name for field in fields(Limits)]
    changed: dict[str, int] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, number = (piece.strip() for piece in part.partition("="))
        if name not in known:
            raise ValueError(f"'{name[:40]}' is no limit; there are {', '.join(known)}")
        if not number.replace("_", "").isdecimal() or int(number) < 1:
            raise ValueError(f"the limit {name} is a whole number of at least 1, not '{number[:40]}'")
        changed[name] = int(number)
    return replace(LIMITS, **changed)
