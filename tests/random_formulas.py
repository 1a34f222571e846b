"""Random formulas that use every part of the formula language, for `random_strategies`."""

from __future__ import annotations

import random
from collections.abc import Callable


def random_formula(rng: random.Random, ids: list[str], depth: int) -> str:
    """A formula over the given ids; not every one has a value everywhere."""
    if depth == 0:
        return rng.choice(ids) if rng.random() < 0.75 else rng.choice(["0", "2", "0.5", "1e2", "10"])

    def part() -> str:
        return random_formula(rng, ids, rng.randint(0, depth - 1))

    def group() -> str:
        return f"({part()})"

    def word() -> str:
        return rng.choice(["and", "or"])

    n = rng.randint(1, 3)
    ways: list[Callable[[], str]] = [
        lambda: f"{group()} {rng.choice('+-*/')} {group()}",
        lambda: f"{group()} {rng.choice('+-*/')} {rng.choice(ids)}",
        lambda: f"{rng.choice(ids)} {rng.choice('+-*/')} {rng.choice(ids)} {rng.choice('+-*/')} {rng.choice(ids)}",
        lambda: f"1000 * {rng.choice(ids)} / {group()}",
        lambda: f"-{group()} ** 2 / 10",
        lambda: f"{group()} ** {rng.choice(['2', '0.5', '-1', '(1 / 3)', '2 ** 0'])}",
        lambda: f"(1 - {group()}) * 100",
        lambda: f"100 * ({group()} {rng.choice(['<', '<=', '>', '>=', '==', '!='])} {group()})",
        lambda: f"{group()} < {group()} <= {group()}",
        lambda: f"50 * ({group()} > 10 {word()} {group()} > 5 {word()} {group()})",
        lambda: f"50 * (not {group()} > {group()})",
        lambda: f"{group()} if {group()} > 10 else {group()}",
        lambda: f"{rng.choice(['min', 'max'])}({part()}, {part()}, {rng.choice(ids)})",
        lambda: f"abs({part()})",
        lambda: f"sqrt({part()})",
        lambda: f"exp({group()} / 100)",
        lambda: f"log({part()})",
        lambda: f"round({part()}{rng.choice(['', ', 0', ', 1', ', -1'])})",
        lambda: f"clamp({part()}, {rng.choice(['0', '-5', '10'])}, {rng.choice(['10', '60.5', '900'])})",
        lambda: f"prev({part()})",
        lambda: f"prev({part()}, {n})",
        lambda: f"change({part()}{rng.choice(['', f', {n}'])})",
        lambda: f"100 * growth({part()}{rng.choice(['', f', {n}'])})",
        lambda: f"rolling_mean({part()}, {n})",
        lambda: f"rolling_sum({part()}, {n})",
        lambda: f"ytd({part()})",
        lambda: f"ytd({rng.choice(ids)})",
    ]
    return rng.choice(ways)()
