"""The values of one KPI packed into one piece of bytes, as an import puts them on record and as the packed copy holds them.

A head of eight little-endian 32-bit integers: the signs `SCV1`, the number of values n, the bytes of the text, which
columns follow (bits: 1 target, 2 member, 4 line, 8 column), first value and step of `line`, first value and step of
`column`. Then the text: JSON in ASCII, padded with blanks to a multiple of 8 bytes, with `file`, `dimensions`, `members`
and `words`, each left out where empty. Then the columns, n little-endian numbers each: `value` and `target` (float64, NaN
where there is none), `period`, `member`, `line`, `column` (int32), padded with zeros to a multiple of 8 bytes.

A `line` or `column` that does not follow is given by first value and step; without `target` there is none, without
`member` all are 0. Where there are `words`, a value is the number of one. A period is (year * 8 + kind) * 512 + part:
kind 0 day, 1 week, 2 month, 3 quarter, 4 half, 5 year; part is its number in the year. Member 0 is the total, n the n-th
of `members`, each a list with one member for each of `dimensions`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorecard.model.period import Period, Rhythm, read_period

MOST_VALUES = 50_000  # of one packed series
_SIGNS = 0x31564353
_HEAD = struct.Struct("<8i")
_TARGET, _MEMBER, _LINE, _COLUMN = 1, 2, 4, 8
_FLOAT, _INT = np.dtype("<f8"), np.dtype("<i4")
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Steps = tuple[int, int]  # first value and step of a column


class SeriesError(ValueError):
    """Bytes that are no packed series."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the values of a series have in common: the file, the dimensions and members named in it, the words of levels."""

    file: str = ""
    dimensions: tuple[str, ...] = ()
    members: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """The text of a packed series."""
        said = {"file": self.file, "dimensions": self.dimensions, "members": self.members, "words": self.words}
        text = _encode({name: part for name, part in said.items() if part}).encode("ascii")
        return text + b" " * (-len(text) % 8)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one KPI. `target` and `member` are None where no value has one."""

    period: Ints
    value: Floats
    target: Floats | None
    member: Ints | None
    line: Ints | Steps
    column: Ints | Steps

    def __len__(self) -> int:
        return len(self.period)


def pack(series: Series, text: bytes) -> bytes:
    """The bytes of a series; `text` is its encoded origin."""
    target, member, line, column = series.target, series.member, series.line, series.column
    columns, follow = [series.value.astype(_FLOAT, copy=False)], 0
    if target is not None:
        columns.append(target.astype(_FLOAT, copy=False))
        follow |= _TARGET
    columns.append(series.period.astype(_INT, copy=False))
    for bit, numbers in ((_MEMBER, member), (_LINE, line), (_COLUMN, column)):
        if isinstance(numbers, np.ndarray):
            columns.append(numbers.astype(_INT, copy=False))
            follow |= bit
    steps = (*(line if isinstance(line, tuple) else (0, 0)), *(column if isinstance(column, tuple) else (0, 0)))
    head = _HEAD.pack(_SIGNS, len(series), len(text), follow, *steps)
    whole = b"".join((head, text, *(array.tobytes() for array in columns)))
    return whole + b"\0" * (-len(whole) % 8)


@dataclass(frozen=True, slots=True)
class Batch:
    """Several series one after another. `counts` and `origins` have one entry a series, the columns one a value.

    `member` is 0 or the number of a member in the series' own origin.
    """

    counts: Longs
    origins: tuple[Origin, ...]
    period: Longs
    value: Floats
    target: Floats
    member: Longs
    line: Longs
    column: Longs


def unpack(blobs: Sequence[bytes]) -> Batch:
    """The series in some pieces of bytes. Raises SeriesError where one of them is none."""
    if any(len(blob) < _HEAD.size or len(blob) % 8 for blob in blobs):
        raise SeriesError("of another length")
    whole = b"".join(blobs)
    sizes = np.fromiter(map(len, blobs), dtype=np.int64, count=len(blobs))
    at = np.cumsum(sizes) - sizes
    numbers, floats = np.frombuffer(whole, "<i4"), np.frombuffer(whole, "<f8")
    head = numbers[(at // 4)[:, None] + np.arange(8)].astype(np.int64)
    counts, texts = head[:, 1], head[:, 2]
    has = {bit: (head[:, 3] & bit > 0).astype(np.int64) for bit in (_TARGET, _MEMBER, _LINE, _COLUMN)}
    width = 12 + 8 * has[_TARGET] + 4 * (has[_MEMBER] + has[_LINE] + has[_COLUMN])
    ends = _HEAD.size + texts + counts * width
    is_sound = (head[:, 0] == _SIGNS) & (counts >= 0) & (texts >= 0) & (texts % 8 == 0) & (head[:, 3] & ~15 == 0)
    if not bool((is_sound & (ends + -ends % 8 == sizes)).all()):
        raise SeriesError("of another shape")
    origins = _read_origins(whole, at + _HEAD.size, texts)
    place = at + _HEAD.size + texts
    value = floats[_ranges(place // 8, counts)]
    target = _read_some(floats, place // 8 + counts, counts, has[_TARGET], np.nan)
    place = place // 4 + 2 * counts * (1 + has[_TARGET])
    period = numbers[_ranges(place, counts)].astype(np.int64)
    _check_periods(period)
    member = _read_some(numbers, place + counts, counts, has[_MEMBER], 0).astype(np.int64)
    most = np.array([len(one.members) for one in origins], dtype=np.int64)
    if bool(((member < 0) | (member > np.repeat(most, counts))).any()):
        raise SeriesError("a member that is not named")
    place = place + counts * (1 + has[_MEMBER])
    within = np.arange(len(value)) - np.repeat(np.cumsum(counts) - counts, counts)
    line = np.repeat(head[:, 4], counts) + np.repeat(head[:, 5], counts) * within
    line += _read_some(numbers, place, counts, has[_LINE], 0)
    column = np.repeat(head[:, 6], counts) + np.repeat(head[:, 7], counts) * within
    column += _read_some(numbers, place + counts * has[_LINE], counts, has[_COLUMN], 0)
    return Batch(counts, origins, period, value, target, member, line, column)


def encode_period(period: Period) -> int:
    return (period.year * 8 + int(period.rhythm)) * 512 + period.part


def decode_period(code: int) -> Period:
    """Raises SeriesError."""
    try:
        return Period(Rhythm(code >> 9 & 7), code >> 12, code & 511)
    except ValueError:
        raise SeriesError("a period of no kind") from None


def list_distinct(codes: NDArray[np.int32] | Longs) -> tuple[list[int], Longs]:
    """The distinct codes in ascending order, and for each code its number among them: for few different codes."""
    if not len(codes):
        return [], np.zeros(0, dtype=np.int64)
    low, high = int(codes.min()), int(codes.max())
    if high - low > 50_000_000:
        found, numbers = np.unique(codes, return_inverse=True)
        return [int(one) for one in found], numbers.astype(np.int64)
    present, place = np.zeros(high - low + 1, dtype=bool), codes - low
    present[place] = True
    numbers = np.cumsum(present) - 1
    return [int(one) + low for one in np.flatnonzero(present)], numbers[place]


def find_steps(column: Longs, starts: Longs) -> Iterator[Steps | None]:
    """For each group of a column, which begins at its start, first value and step; None where the steps differ."""
    count = len(column)
    ends = np.append(starts[1:], count)
    if not count:
        return
    step = np.zeros(count, dtype=np.int64)
    np.subtract(column[1:], column[:-1], out=step[1:])
    second = np.minimum(starts + 1, count - 1)
    first_step = np.where(ends - starts > 1, step[second], 0)
    is_odd = step != np.repeat(first_step, ends - starts)
    is_odd[starts] = False
    odd = np.add.reduceat(is_odd, starts, dtype=np.int64)
    for at, by, wrong in zip(column[starts].tolist(), first_step.tolist(), odd.tolist(), strict=True):
        yield None if wrong or not -(2**31) <= by < 2**31 else (at, by)


def _ranges(starts: Longs, counts: Longs) -> Longs:
    """Where the values of all series are: from each start so many."""
    return np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))


def _check_periods(codes: Longs) -> None:
    """Raises SeriesError where a code is no period that can be written."""
    for code in list_distinct(codes)[0]:
        try:
            is_period = encode_period(read_period(str(decode_period(code)))) == code
        except (ValueError, OverflowError):
            is_period = False
        if not is_period:
            raise SeriesError("a period that does not exist")


def _read_some(numbers: NDArray[Any], starts: Longs, counts: Longs, has: Longs, missing: float) -> NDArray[Any]:
    """A column that only some series have."""
    column = np.full(int(counts.sum()), missing, dtype=numbers.dtype)
    which = has > 0
    if which.any():
        column[np.repeat(which, counts)] = numbers[_ranges(starts[which], counts[which])]
    return column


def _read_origins(whole: bytes, starts: Longs, sizes: Longs) -> tuple[Origin, ...]:
    """What each series says of itself; a text that many have in common is read once."""
    known: dict[bytes, Origin] = {}
    origins = []
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        text = whole[start : start + size]
        found = known.get(text)
        if found is None:
            found = known[text] = _read_origin(text)
        origins.append(found)
    return tuple(origins)


def _read_origin(text: bytes) -> Origin:
    try:
        said = json.loads(text)
        origin = Origin(
            said.get("file", ""),
            tuple(said.get("dimensions", ())),
            tuple(tuple(one) for one in said.get("members", ())),
            tuple(said.get("words", ())),
        )
    except (ValueError, RecursionError, AttributeError, TypeError):
        raise SeriesError("a text that cannot be read") from None
    texts = [origin.file, *origin.dimensions, *origin.words, *(name for one in origin.members for name in one)]
    width = len(origin.dimensions)
    if not all(isinstance(one, str) for one in texts) or any(len(one) != width for one in origin.members):
        raise SeriesError("a text of another shape")
    return origin
