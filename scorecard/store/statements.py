"""What rows on record say, as columns: every statement in the order recorded, and what of them counts for each key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from scorecard.model.period import PeriodError, read_period
from scorecard.store.ledger_chain import IMPORT, VALUE, Row, write_members
from scorecard.store.series import Batch, Origin, SeriesError, encode_period, list_distinct, unpack

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_NOTHING = float("nan")


@dataclass(frozen=True, slots=True)
class Statements:
    """Columns of equal length [statement]; codes point into the tables.

    `kpi` into `kpis`, `member` into `members` (as rows on record name them, 0 the total), `word` into `words` (0 is none);
    `period` is a code of `series.encode_period`. `value` is NaN where there is none or a word stands for it, `target` where
    there is none; a statement with neither value, word nor target withdraws. `row` is the number of the row on record that
    said it, `index` which of its values.
    """

    kpis: tuple[str, ...]
    members: tuple[str, ...]
    words: tuple[str, ...]
    kpi: Ints
    period: Ints
    member: Ints
    word: Ints
    value: Floats
    target: Floats
    row: Ints
    index: Ints

    def __len__(self) -> int:
        return len(self.kpi)

    @property
    def says(self) -> NDArray[np.bool_]:
        """Whether there is a value."""
        return ~np.isnan(self.value) | (self.word > 0)

    def keys(self) -> Ints:
        """One number for each key of KPI, period and members, in that order."""
        periods, rank = list_distinct(self.period)
        keys = self.kpi * max(len(periods), 1)
        keys += rank
        if len(self.members) > 1:
            keys *= len(self.members)
            keys += self.member
        return keys

    def pick(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Statements:
        if chosen.dtype == bool and bool(chosen.all()):
            return self
        return self._take(chosen)

    def cut(self, low: int, high: int) -> Statements:
        """The statements from one on and before another, as views."""
        return self._take(slice(low, high))

    def _take(self, chosen: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Statements:
        columns = ("kpi", "period", "member", "word", "value", "target", "row", "index")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})


def gather(rows: Iterable[Row], ids: Mapping[str, str]) -> tuple[Statements, list[Row]]:
    """Every statement of rows, `ids` being today's id of each KPI on record; and the rows that cannot be read."""
    tables, strange = _Tables(), []
    singles, imports = [], []
    for row in rows:
        if row.entry.kind == IMPORT:
            imports.append(row)
        elif row.entry.kind == VALUE:
            try:
                singles.append(tables.code(row, ids))
            except PeriodError:
                strange.append(row)
    try:
        packed = tables.lay_out_imports(imports, ids)
    except SeriesError:
        strange += [row for row in imports if not _is_series(row)]
        imports = [row for row in imports if _is_series(row)]
        packed = tables.lay_out_imports(imports, ids)
    if not singles:
        return packed, strange
    whole = join(packed, tables.lay_out_singles(singles))
    return whole.pick(np.argsort(whole.row, kind="stable")) if imports else whole, strange


def gather_packed(kpis: Sequence[str], blobs: Sequence[bytes]) -> Statements:
    """The statements of a packed copy: a series' lines are rows on record, its columns which of their values.

    Raises SeriesError.
    """
    batch = unpack(blobs)
    return _Tables().lay_out(kpis, batch, batch.line, batch.column)


def settle(given: Statements) -> Statements:
    """What counts for each key: a later value replaces a value, a target a target, a withdrawal both."""
    keys = given.keys()
    says, aims = given.says, ~np.isnan(given.target)
    if bool((keys[1:] > keys[:-1]).all()) and bool((says | aims).all()):
        return given
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(keys) else np.zeros(0, dtype=np.int64)
    if not len(starts):
        return given
    place = np.arange(len(keys))

    def last(which: NDArray[np.bool_]) -> Ints:
        return np.maximum.reduceat(np.where(which[order], place, -1), starts)

    withdrawn, value, target = last(~says & ~aims), last(says), last(aims)
    has_value, has_target = value > withdrawn, target > withdrawn
    kept = has_value | has_target
    at = order[np.where(has_value, value, target)[kept]]
    aim = order[target[kept]]
    chosen = given.pick(at)
    return replace(
        chosen,
        value=np.where(has_value[kept], chosen.value, np.nan),
        word=np.where(has_value[kept], chosen.word, 0),
        target=np.where(has_target[kept], given.target[aim], np.nan),
    )


def is_same(first: Statements, second: Statements) -> bool:
    """Whether two say the same of the same keys, from the same rows on record."""
    if len(first) != len(second):
        return False
    both = join(first, second)
    keys = both.keys()
    ours, theirs = (part[np.argsort(keys[part], kind="stable")] for part in np.arange(len(both)).reshape(2, -1))
    columns = (keys, both.word, both.row, both.index, both.value.view(np.int64), both.target.view(np.int64))
    return all(bool((column[ours] == column[theirs]).all()) for column in columns)


def join(first: Statements, second: Statements) -> Statements:
    """The statements of both, those of the first before, with common tables."""
    tables = _Tables(*({text: n for n, text in enumerate(one)} for one in (first.kpis, first.members, first.words)))
    kpis, members, words = (
        np.array([known.setdefault(text, len(known)) for text in own], dtype=np.int64)
        for known, own in zip(
            (tables.kpis, tables.members, tables.words), (second.kpis, second.members, second.words), strict=True
        )
    )
    if not len(second):
        return replace(first, kpis=tuple(tables.kpis), members=tuple(tables.members), words=tuple(tables.words))
    return Statements(
        tuple(tables.kpis),
        tuple(tables.members),
        tuple(tables.words),
        np.concatenate((first.kpi, kpis[second.kpi])),
        np.concatenate((first.period, second.period)),
        np.concatenate((first.member, members[second.member])),
        np.concatenate((first.word, words[second.word])),
        np.concatenate((first.value, second.value)),
        np.concatenate((first.target, second.target)),
        np.concatenate((first.row, second.row)),
        np.concatenate((first.index, second.index)),
    )


@dataclass(slots=True)
class _Tables:
    """The texts that codes point to, while they are gathered."""

    kpis: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=lambda: {"": 0})
    words: dict[str, int] = field(default_factory=lambda: {"": 0})

    def code(self, row: Row, ids: Mapping[str, str]) -> tuple[int, int, int, int, int, float, float]:
        """A row with one value: KPI, period, member, word, row, value, target. Raises PeriodError."""
        entry = row.entry
        period = encode_period(read_period(entry.period))
        kpi = self.kpis.setdefault(ids.get(entry.kpi, entry.kpi), len(self.kpis))
        member = self.members.setdefault(entry.members, len(self.members))
        is_word = isinstance(entry.value, str)
        word = self.words.setdefault(str(entry.value), len(self.words)) if is_word else 0
        value = _NOTHING if is_word or entry.value is None else float(entry.value)
        return kpi, period, member, word, row.id, value, _NOTHING if entry.target is None else entry.target

    def lay_out_singles(self, singles: Sequence[tuple[int, int, int, int, int, float, float]]) -> Statements:
        kpi, period, member, word, row = np.array([one[:5] for one in singles], dtype=np.int64).T
        value, target = np.array([one[5:] for one in singles]).T
        index = np.zeros(len(singles), dtype=np.int64)
        return Statements(*self._texts(), kpi, period, member, word, value, target, row, index)

    def lay_out_imports(self, rows: Sequence[Row], ids: Mapping[str, str]) -> Statements:
        """Raises SeriesError."""
        batch = unpack([row.entry.value for row in rows])  # type: ignore[misc]
        numbers = np.repeat(np.array([row.id for row in rows], dtype=np.int64), batch.counts)
        within = np.arange(len(numbers)) - np.repeat(np.cumsum(batch.counts) - batch.counts, batch.counts)
        return self.lay_out([ids.get(row.entry.kpi, row.entry.kpi) for row in rows], batch, numbers, within)

    def lay_out(self, kpis: Sequence[str], batch: Batch, row: Ints, index: Ints) -> Statements:
        """The statements of packed series. Raises SeriesError."""
        codes = [self.kpis.setdefault(name, len(self.kpis)) for name in kpis]
        kpi = np.repeat(np.array(codes, dtype=np.int64), batch.counts)
        member, value, word = batch.member, batch.value, np.zeros(len(kpi), dtype=np.int64)
        begin = 0
        for origin, count in zip(batch.origins, batch.counts.tolist(), strict=True):
            here = slice(begin, begin + count)
            begin += count
            if origin.members:
                known = [self.members.setdefault(text, len(self.members)) for text in _write(origin)]
                member[here] = np.array([0, *known])[member[here]]
            if origin.words:
                known = [self.words.setdefault(text, len(self.words)) for text in origin.words]
                numbers = np.nan_to_num(value[here], nan=-1.0)
                if not bool(((numbers >= -1) & (numbers < len(known))).all()):
                    raise SeriesError("a word that is not named")
                word[here] = np.array([0, *known])[numbers.astype(np.int64) + 1]
                value[here] = np.nan
        return Statements(*self._texts(), kpi, batch.period, member, word, value, batch.target, row, index)

    def _texts(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        return tuple(self.kpis), tuple(self.members), tuple(self.words)


def _is_series(row: Row) -> bool:
    try:
        _Tables().lay_out_imports([row], {})
    except SeriesError:
        return False
    return True


def _write(origin: Origin) -> list[str]:
    """The members of a series as rows on record write them; the packed copy has them so, under no dimension."""
    if origin.dimensions == ("",):
        return [one for (one,) in origin.members]
    return [write_members(dict(zip(origin.dimensions, one, strict=True))) for one in origin.members]
