"""From columns of statements to packed series, one a KPI: for rows of an import, and for the packed copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.store.series import Origin, Series, find_steps, list_distinct, pack
from scorecard.store.statements import Floats, Ints, Statements


@dataclass(frozen=True, slots=True)
class Packing:
    """How statements are packed: the places of their values, and how their members are named.

    `file` points into `files`, which are the origins; `split` gives the members of a text on record by `dimensions`. A
    series has `most` values at most.
    """

    line: Ints
    column: Ints
    file: Ints
    files: Sequence[str]
    dimensions: tuple[str, ...]
    split: Callable[[str], tuple[str, ...]]
    most: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed series: its KPI, whether it holds words, its bytes, and which of the statements it holds."""

    kpi: str
    is_worded: bool
    data: bytes
    rows: Ints


def pack_statements(given: Statements, how: Packing) -> Iterator[Packed]:
    """The series of each KPI in the order of the KPIs' codes, words and files apart, in the order of the keys."""
    if not len(given):
        return
    group = (given.kpi * 2 + (given.word > 0)) * max(len(how.files), 1) + how.file
    order, part, line, column = np.arange(len(given)), given, how.line, how.column
    keys = given.keys()
    if not (bool((keys[1:] > keys[:-1]).all()) and bool((group[1:] >= group[:-1]).all())):
        order = np.argsort(keys, kind="stable")
        order = order[np.argsort(group[order], kind="stable")]
        part, group, line, column = given.pick(order), group[order], line[order], column[order]
    starts = _cut(np.flatnonzero(np.append(True, group[1:] != group[:-1])), len(group), how.most)
    ends = [*starts[1:].tolist(), len(part)]
    aims = np.add.reduceat(~np.isnan(part.target), starts, dtype=np.int64).tolist()
    named = np.maximum.reduceat(part.member, starts).tolist()
    period, lines, columns = part.period.astype(np.int32), line.astype(np.int32), column.astype(np.int32)
    files, worded, kpis = how.file[order[starts]].tolist(), (part.word[starts] > 0).tolist(), part.kpi[starts].tolist()
    texts = [Origin(file).encode() for file in how.files]
    steps = zip(find_steps(line, starts), find_steps(column, starts), strict=True)
    for number, (low, at_line, at_column) in enumerate(
        (low, *two) for low, two in zip(starts.tolist(), steps, strict=True)
    ):
        here = slice(low, ends[number])
        value, member, text = part.value[here], None, texts[files[number]]
        if named[number] or worded[number]:
            origin, value, member = _name(part, here, how, how.files[files[number]])
            text = origin.encode()
        target = part.target[here] if aims[number] else None
        where = at_line or lines[here], at_column or columns[here]
        data = pack(Series(period[here], value, target, member, *where), text)
        yield Packed(part.kpis[kpis[number]], worded[number], data, order[here])


def _cut(starts: Ints, size: int, most: int) -> Ints:
    """The starts of groups, and of the parts of those that are too long."""
    counts = np.diff(np.append(starts, size))
    if int(counts.max()) <= most:
        return starts
    cuts = [
        np.arange(start, start + count, most) for start, count in zip(starts.tolist(), counts.tolist(), strict=True)
    ]
    return np.concatenate(cuts)


def _name(part: Statements, here: slice, how: Packing, file: str) -> tuple[Origin, Floats, NDArray[np.int32] | None]:
    """The origin of a series with members or words; its values, and its members as numbers."""
    dimensions: tuple[str, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    member = None
    if part.member[here].any():
        used, codes = list_distinct(part.member[here])
        dimensions = how.dimensions
        names = tuple(how.split(part.members[one]) for one in used if one)
        member = (codes + (0 if used[0] == 0 else 1)).astype(np.int32)
    words: tuple[str, ...] = ()
    value = part.value[here]
    if int(part.word[here.start]):
        used, codes = list_distinct(part.word[here])
        words, value = tuple(part.words[one] for one in used), codes.astype(np.float64)
    return Origin(file, dimensions, names, words), value, member
