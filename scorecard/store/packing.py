"""From columns of statements to packed series, one a KPI: for rows of an import, and for the packed copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scorecard.store.series import Origin, Series, find_steps, list_distinct, pack
from scorecard.store.statements import Floats, Ints, Statements

_AT_ONCE = 100_000  # statements, about


@dataclass(frozen=True, slots=True)
class Packing:
    """How statements are packed: the places of their values, and how their members are named.

    `locate` gives line, column and file of each of some statements, the file as a number of `files`, which are the
    origins; `split` gives the members of a text on record by `dimensions`. A series has `most` values at most.
    """

    locate: Callable[[Statements], tuple[Ints, Ints, Ints]]
    files: Sequence[str]
    dimensions: tuple[str, ...]
    split: Callable[[str], tuple[str, ...]]
    most: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed series: its KPI, whether it holds words, its periods, its bytes."""

    kpi: str
    is_worded: bool
    period: NDArray[np.int32]
    data: bytes


def pack_statements(given: Statements, how: Packing) -> Iterator[Packed]:
    """The series of each KPI in the order of the KPIs' codes, words and files apart, in the order of the keys.

    The statements are in the order of their keys, as `settle` leaves them.
    """
    texts = [Origin(file).encode() for file in how.files]
    starts = np.flatnonzero(np.append(True, given.kpi[1:] != given.kpi[:-1])) if len(given) else given.kpi
    wanted = np.searchsorted(starts, np.arange(0, len(given), _AT_ONCE), side="right") - 1
    cuts = [*list_distinct(starts[wanted])[0], len(given)]
    for low, high in pairwise(cuts):  # some KPIs at a time: what is computed of them stays in the cache
        yield from _pack_some(given.cut(low, high), how, texts)


def _pack_some(part: Statements, how: Packing, texts: Sequence[bytes]) -> Iterator[Packed]:
    line, column, file = how.locate(part)
    group = (part.kpi * 2 + (part.word > 0)) * len(how.files) + file
    if not bool((group[1:] >= group[:-1]).all()):
        order = np.argsort(group, kind="stable")
        part, group, line, column, file = part.pick(order), group[order], line[order], column[order], file[order]
    starts = _cut(np.flatnonzero(np.append(True, group[1:] != group[:-1])), len(group), how.most)
    aims = np.add.reduceat(~np.isnan(part.target), starts, dtype=np.int64).tolist()
    named = np.maximum.reduceat(part.member, starts).tolist()
    period, lines, columns = part.period.astype(np.int32), line.astype(np.int32), column.astype(np.int32)
    files, worded, kpis = file[starts].tolist(), (part.word[starts] > 0).tolist(), part.kpi[starts].tolist()
    steps = zip(find_steps(line, starts), find_steps(column, starts), strict=True)
    for number, ((low, high), (at_line, at_column)) in enumerate(
        zip(pairwise([*starts.tolist(), len(part)]), steps, strict=True)
    ):
        here = slice(low, high)
        value, member, text = part.value[here], None, texts[files[number]]
        if named[number] or worded[number]:
            origin, value, member = _name(part, here, how, how.files[files[number]])
            text = origin.encode()
        target = part.target[here] if aims[number] else None
        where = at_line or lines[here], at_column or columns[here]
        data = pack(Series(period[here], value, target, member, *where), text)
        yield Packed(part.kpis[kpis[number]], worded[number], period[here], data)


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
