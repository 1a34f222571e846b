"""Natural process limits of a series: the XmR chart of Walter Shewhart and Donald Wheeler.

The limits are the mean and 2.66 mean moving ranges to either side (D. J. Wheeler, "Understanding Variation: The Key to
Managing Chaos", 1993): 2.66 is 3 / 1.128, three standard deviations estimated from ranges of two. What lies inside is
the routine variation of the process; a value outside is a signal that asks for a cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FEWEST = 5  # points below which limits would say little
_FACTOR = 2.66


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean of a series and its natural process limits, in the unit of the series."""

    mean: float
    lower: float
    upper: float

    def holds(self, value: float) -> bool:
        """Whether a value is routine variation."""
        return self.lower <= value <= self.upper


def natural_limits(values: Sequence[float | None]) -> Limits | None:
    """The limits of a series in time order, None with fewer than 5 known values; moving ranges skip unknown ones."""
    known = [value for value in values if value is not None]
    if len(known) < FEWEST:
        return None
    mean = sum(known) / len(known)
    ranges = [abs(later - earlier) for earlier, later in pairwise(known)]
    reach = _FACTOR * sum(ranges) / len(ranges)
    return Limits(mean, mean - reach, mean + reach)
