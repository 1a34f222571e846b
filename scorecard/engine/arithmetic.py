"""Arithmetic on columns in which unknown is NULL and nothing infinite travels.

What is not finite or not real is unknown. Some engines end the query there instead (division by zero, an overflow, even
an underflow); for those each operation looks first. An operand may be written out several times: give columns, not long
expressions.
"""

from __future__ import annotations

from functools import reduce

from scorecard.engine.connection import Expr, ibis

MOST = 1.7976931348623157e308
_LOG_MOST, _LOG_LEAST = 709.78, -745.0  # of a number that is neither too large nor 0
_WHOLE = 2.0**52  # from here on every number is whole
_LARGE, _SCALE = 1e200, 2.0**100


def number(value: float) -> Expr:
    """A number of the full width: engines read 0.5 as a decimal of few digits."""
    return ibis.literal(repr(float(value))).cast("float64")


def unknown() -> Expr:
    return ibis.null("float64")


def when(*cases: tuple[Expr, Expr], otherwise: Expr) -> Expr:
    return ibis.cases(*cases, else_=otherwise)


def finite(value: Expr) -> Expr:
    """The value where it is finite; no engine counts NaN as less than a number."""
    return when((value.abs() <= number(MOST), value), otherwise=unknown())


def truth(value: Expr) -> Expr:
    """1 or 0."""
    return when((value.isnull(), unknown()), (value == number(0), number(0)), otherwise=number(1))


def clip(value: Expr, low: float, high: float) -> Expr:
    return when((value < number(low), number(low)), (value > number(high), number(high)), otherwise=value)


def all_known(values: list[Expr]) -> Expr:
    return reduce(lambda one, other: one & other, [value.notnull() for value in values])


class Arithmetic:
    """`raises` says that the engine ends a query at an overflow."""

    def __init__(self, raises: bool) -> None:
        self.raises = raises

    def add(self, one: Expr, other: Expr) -> Expr:
        if not self.raises:
            return finite(one + other)
        zero = number(0)
        same = ((one > zero) & (other > zero)) | ((one < zero) & (other < zero))
        return when((same & (other.abs() > number(MOST) - one.abs()), unknown()), otherwise=one + other)

    def multiply(self, one: Expr, other: Expr) -> Expr:
        if not self.raises:
            return finite(one * other)
        return self._by_size(one, other, _log(one) + _log(other), one * other)

    def divide(self, one: Expr, other: Expr) -> Expr:
        if not self.raises:
            return finite(one / other.nullif(number(0)))
        ratio = self._by_size(one, other, _log(one) - _log(other), one / other)
        return when((other == number(0), unknown()), otherwise=ratio)

    def power(self, one: Expr, other: Expr) -> Expr:
        zero = number(0)
        reach = clip(other, -1e300, 1e300) * _log(one)
        return when(
            ((one.isnull()) | (other.isnull()), unknown()),
            (other.abs() < number(1e-280), number(1)),
            ((one == zero) & (other < zero), unknown()),
            (one == zero, zero),
            ((one < zero) & (other.abs() < number(_WHOLE)) & (floor(other) != other), unknown()),
            (reach > number(_LOG_MOST), unknown()),
            (reach < number(_LOG_LEAST), zero),
            otherwise=finite(one**other),
        )

    def exp(self, value: Expr) -> Expr:
        high = value > number(_LOG_MOST)
        return when((high, unknown()), (value < number(_LOG_LEAST), number(0)), otherwise=value.exp())

    def log(self, value: Expr) -> Expr:
        return when((value > number(0), value.ln()), otherwise=unknown())

    def sqrt(self, value: Expr) -> Expr:
        return when((value >= number(0), value.sqrt()), otherwise=unknown())

    def total(self, value: Expr, window: Expr = None) -> Expr:
        """The sum of a group, or over a window; it may be infinite where that raises nothing."""

        def add_up(column: Expr) -> Expr:
            return column.sum() if window is None else column.sum().over(window)

        if not self.raises:
            return add_up(value)
        large = value.abs() > number(_LARGE)
        parts = add_up(when((large, value / number(_SCALE)), otherwise=number(0)))
        rest = add_up(when((large, number(0)), otherwise=value))
        fits = parts.abs() <= number(MOST / _SCALE)
        return when((parts == number(0), rest), (fits, parts * number(_SCALE)), otherwise=unknown())

    def _by_size(self, one: Expr, other: Expr, size: Expr, result: Expr) -> Expr:
        """The result, unless the logarithm of its size says that it would be too large, or 0."""
        zero = number(0)
        return when(
            ((one.isnull()) | (other.isnull()), unknown()),
            ((one == zero) | (other == zero), zero),
            (size > number(_LOG_MOST), unknown()),
            (size < number(_LOG_LEAST), zero),
            otherwise=result,
        )


def floor(value: Expr) -> Expr:
    """The largest whole number up to the value, as a float."""
    safe = clip(value, -_WHOLE, _WHOLE).floor().cast("float64")
    return when((value.abs() >= number(_WHOLE), value), otherwise=safe)


def round_even(value: Expr, digits: int) -> Expr:
    """Rounded to -15 to 15 decimal digits, half to even by the exact value; `value` has to be a plain column."""
    if not digits:
        return _nearest(value, value, number(0))
    power = 10.0 ** abs(digits)
    scale = number(power)
    if digits > 0:
        scaled = clip(value, -_WHOLE, _WHOLE) * scale
        back = _nearest(value, scaled, _product_error(value, power, scaled)) / scale
        is_fine = value.abs() >= number(_WHOLE / power)  # it has no digits behind these
        return when((is_fine, value), (value.abs() < number(1e-200), value * number(0)), otherwise=back)
    scaled = value / scale
    error = value - scaled * scale
    return when((value.abs() >= number(_WHOLE), value), otherwise=_nearest(value, scaled, error) * scale)


def _log(value: Expr) -> Expr:
    """The logarithm of the size; of 0 it is that of the smallest number."""
    return when((value == number(0), number(_LOG_LEAST)), otherwise=value.abs().ln())


def _nearest(value: Expr, scaled: Expr, error: Expr) -> Expr:
    """`scaled` rounded; on the half `error` decides, which is how far the exact number lies above it, then the even."""
    low = floor(scaled)
    above, half = scaled - low, number(0.5)
    is_odd = floor(low / number(2)) * number(2) != low
    up = (above > half) | ((above == half) & ((error > number(0)) | ((error == number(0)) & is_odd)))
    return when((value.isnull(), unknown()), (up, low + number(1)), otherwise=low)


def _product_error(value: Expr, power: float, product: Expr) -> Expr:
    """How far the exact product of a value and a power of ten lies above the rounded one (Dekker's splitting)."""
    split = number(134217729.0)
    scaled = 134217729.0 * power
    high = scaled - (scaled - power)
    upper, lower = number(high), number(power - high)
    turned = value * split
    head = turned - (turned - value)
    tail = value - head
    return ((head * upper - product) + head * lower + tail * upper) + tail * lower
