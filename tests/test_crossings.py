"""Crossings between ranks: counted as by hand, and taken away without ever adding one."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_pictures import make_map

from scorecard.render.crossings import untangle
from scorecard.render.ranks import Ranks, build_ranks


@st.composite
def ranked(draw: st.DrawFn) -> Ranks:
    """Up to 30 boxes in up to 5 ranks, linked at random; some ranks may be empty."""
    count = draw(st.integers(1, 5))
    ranks = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=30))
    ends = st.integers(0, len(ranks) - 1)
    links = draw(st.lists(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]), max_size=50))
    return build_ranks(ranks, count, links)


def count_by_hand(ranks: Ranks) -> int:
    """Each two pieces of links between the same two ranks, looked at one by one."""
    place = {number: index for row in ranks.order for index, number in enumerate(row)}
    pieces = [(number, end) for number, node in enumerate(ranks.nodes) for end in node.above]
    return sum(
        ranks.nodes[low].rank == ranks.nodes[other].rank
        and (place[low] - place[other]) * (place[high] - place[beyond]) < 0
        for (low, high), (other, beyond) in combinations(pieces, 2)
    )


@settings(max_examples=150)
@given(ranked())
def test_untangling_adds_no_crossing_and_loses_no_node(ranks: Ranks) -> None:
    before, members = ranks.crossings(), [sorted(row) for row in ranks.order]
    assert before == count_by_hand(ranks)
    untangle(ranks)
    assert ranks.crossings() == count_by_hand(ranks) <= before
    assert [sorted(row) for row in ranks.order] == members


def count_untangled(links: list[tuple[int, int]], lanes: list[int]) -> int:
    ranks = build_ranks(lanes, max(lanes) + 1, links)
    untangle(ranks)
    return ranks.crossings()


@pytest.mark.parametrize("seed", range(20))
def test_trees_in_any_order_of_the_file_have_no_crossing(seed: int) -> None:
    random = Random(seed)
    numbers = random.sample(range(63), 63)  # three trees of 21: a root, 4 below it, 4 below each of these
    lanes, links = [0] * 63, []
    for tree in range(3):
        for place in range(21):
            lanes[numbers[21 * tree + place]] = 0 if place == 0 else 1 if place < 5 else 2
            if place:
                links.append((numbers[21 * tree + place], numbers[21 * tree + (place - 1) // 4]))
    assert count_untangled(links, lanes) == 0


def test_crossings_hardly_depend_on_the_order_of_the_file() -> None:
    counts = []
    for shuffled in (False, True):
        for seed in range(8):
            picture = make_map(100, seed)
            numbers = list(range(100))
            if shuffled:
                Random(seed).shuffle(numbers)
            number = {box.id: numbers[at] for at, box in enumerate(picture.boxes)}
            lanes = [lane for _, lane in sorted((number[box.id], box.lane) for box in picture.boxes)]
            counts.append(count_untangled([(number[one.source], number[one.target]) for one in picture.arrows], lanes))
    assert sum(counts[8:]) <= 1.25 * sum(counts[:8])


def test_links_all_of_each_with_all_are_left_within_bounded_work() -> None:
    lanes = [0] * 40 + [1] * 40
    links = [(low, high) for low in range(40, 80) for high in range(40)]
    assert count_untangled(links, lanes) == (40 * 39 // 2) ** 2


def test_what_hangs_together_stands_together() -> None:
    """Two maps that share nothing, their boxes dealt in turn, end side by side."""
    links = [(4, 0), (6, 2), (5, 1), (7, 3), (4, 2), (7, 1)]
    ranks = build_ranks([0, 0, 0, 0, 1, 1, 1, 1], 2, links)
    untangle(ranks)
    assert ranks.crossings() == 0
    for row in ranks.order:
        assert {number % 2 for number in row[:2]} != {0, 1}
