"""What comes from libraries that only some sources need: asked for by name, their values as cells, their errors tamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import TypeVar

from scorecard.store.intake import Cell
from scorecard.store.lines import Fault

T = TypeVar("T")
_LONGEST = 10_000  # characters of a text; no name or number is as long


class MissingLibrary(Exception):
    """A library is not installed; `extra` is the part of the package that brings it."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra


def require(module: str, extra: str) -> ModuleType:
    """A library, imported only now. Raises MissingLibrary."""
    try:
        return import_module(module)
    except ImportError:
        raise MissingLibrary(extra) from None


def tame(rows: Iterable[T], fault: Fault) -> Iterator[T]:
    """The rows of a library; whatever error it ends with, the fault is raised instead."""
    try:
        yield from rows
    except (Fault, MemoryError):
        raise
    except Exception:
        raise fault from None


def make_cell(value: object) -> Cell:
    """A value as a cell: a number stays one, a day is written as a period, nothing is an empty text."""
    if isinstance(value, str):
        return value[:_LONGEST]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, Decimal):
        return float(value) if not value.is_snan() else "nan"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return f"{len(value):,} bytes" if isinstance(value, (bytes, memoryview)) else str(value)
