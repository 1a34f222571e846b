"""Our own layout of the map as SVG against the DOT export drawn by Graphviz: time, and how often links cross.

Ours is timed in a process that is there already, as inside an export; `dot` is a process of its own each time, as it is
for whoever draws the DOT export. How long it takes to start, for a graph of one node, is said beside.

Crossings are counted in what is drawn, straight piece by straight piece; a curve is taken as twelve. Two drawings by
Graphviz are held against ours: that of the DOT export, and one of the same goals with a rank for each lane, in the
order that `dot` finds best, which is as wide as the fullest lane.
"""

from __future__ import annotations

import re
import shlex
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from xml.etree import ElementTree

from benchmarks.measuring import Line, in_turns, timed
from scorecard.model.status import Heading, Signal, Status
from scorecard.render.dot import write_dot
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.svg import write_svg

WHAT, AGAINST = "SVG of a map of {:,} goals", "the DOT export and dot -Tsvg"
ROUNDS = {20: 7, 100: 5, 500: 1}
ALONE = 2_000  # goals; dot is given no more time on them than LONGEST
LONGEST = 300.0  # seconds
OTHERS = range(1, 11)  # maps of each size on which only crossings are counted
LANES = ("Finance", "Customers", "Processes", "Learning")

Point = tuple[float, float]
Ways = list[list[Point]]


def compare() -> list[Line]:
    dot = shutil.which("dot")
    lines = []
    for goals, rounds in ROUNDS.items():
        picture = make_map(goals)
        what, crossings = WHAT.format(goals), count_crossings(trace_ours(picture))
        if dot is None:
            lines.append(Line(what, AGAINST, None, None, 15, True, "not measured: Graphviz is not installed"))
            continue
        ours, others, noise = in_turns(
            timed(lambda picture=picture: write_svg(picture)),
            timed(lambda picture=picture: run_dot(write_dot(picture), "svg")),
            rounds,
        )
        export, own = (count_crossings(trace_dot(text)) for text in (write_dot(picture), write_ranks(picture)))
        start = statistics.median(_time_start() for _ in range(rounds)) * 1000
        said = f"{noise}; dot starts in {start:.0f} ms; crossings {crossings:,}, export {export:,}, "
        said += f"dot with one rank a lane {own:,}; {_count_others(goals)}"
        lines.append(Line(what, AGAINST, ours, others, 15, True, said.removeprefix("; ")))
    return [*lines, _compare_alone(dot)] if dot else lines


def _time_start() -> float:
    return timed(lambda: run_dot("digraph { goal }", "svg"))()


def _count_others(goals: int) -> str:
    """The crossings of other maps, against those of dot with one rank a lane."""
    pictures = [make_map(goals, 1000 * goals + seed) for seed in OTHERS]
    ours = [count_crossings(trace_ours(picture)) for picture in pictures]
    theirs = [count_crossings(trace_dot(write_ranks(picture))) for picture in pictures]
    more = sum(one > other for one, other in zip(ours, theirs, strict=True))
    return f"on {len(pictures)} other maps {sum(ours):,} against {sum(theirs):,}, more on {more}"


def _compare_alone(dot: str) -> Line:
    """The largest map, once; where dot takes too long the time it was given counts as its time."""
    picture = make_map(ALONE)
    ours = timed(lambda: write_svg(picture))()
    start = time.perf_counter()
    try:
        subprocess.run([dot, "-Tsvg"], input=write_dot(picture).encode(), capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return Line(WHAT.format(ALONE), AGAINST, ours, LONGEST, 15, True, "dot was not done after that time")
    return Line(WHAT.format(ALONE), AGAINST, ours, time.perf_counter() - start, 15, True, "one run")


def make_map(goals: int, seed: int | None = None) -> Picture:
    """Four lanes as people draw them: each goal has a link or two to one or two lanes above, to goals about above it."""
    random = Random(goals if seed is None else seed)
    counts = [max(1, round(goals * share)) for share in (0.15, 0.25, 0.3)]
    counts.append(goals - sum(counts))
    ids = [[f"g{lane}_{number}" for number in range(count)] for lane, count in enumerate(counts)]
    links = set()
    for lane in (1, 2, 3):
        for number, name in enumerate(ids[lane]):
            for _ in range(random.choice((1, 1, 2))):
                above = ids[max(0, lane - random.choice((1, 1, 1, 1, 2)))]
                near = round(number * len(above) / len(ids[lane]) + random.uniform(-1.2, 1.2))
                links.add((name, above[min(max(near, 0), len(above) - 1)]))
    boxes = tuple(_make_box(name, lane, random.random()) for lane, row in enumerate(ids) for name in row)
    lanes = tuple(Lane(name.lower(), name, Status.AMBER, 0.5) for name in LANES)
    arrows = tuple(Arrow(*link, delay=random.choice((0, 0, 1, 2))) for link in sorted(links))
    return Picture("A map", "2026-10", lanes, boxes, arrows)


def write_ranks(picture: Picture) -> str:
    """The goals of each lane in one rank, and nothing said about their order."""
    lines = ["digraph { rankdir=BT; ranksep=1; node [shape=box, width=2.6, height=1.1]"]
    for number in range(len(picture.lanes)):
        names = "; ".join(box.id for box in picture.boxes if box.lane == number)
        lines.append(f"post{number} [style=invis] {{ rank=same; post{number}; {names} }}")
    lines += [f"post{low} -> post{high} [style=invis]" for high, low in pairwise(range(len(picture.lanes)))]
    return "\n".join([*lines, *(f"{arrow.source} -> {arrow.target}" for arrow in picture.arrows), "}"])


def run_dot(text: str, format: str) -> bytes:
    return subprocess.run(["dot", f"-T{format}"], input=text.encode(), capture_output=True, check=True).stdout


def trace_ours(picture: Picture) -> Ways:
    """The line of each link in our SVG, its corners sharp."""
    ways: Ways = []
    for group in ElementTree.fromstring(write_svg(picture)).iterfind(".//{*}g"):
        if "data-from" in group.attrib:
            path = re.sub(r"L[-\d. ]+Q([-\d.]+ [-\d.]+) [-\d. ]+", r"L\1", group.findall("{*}path")[0].get("d", ""))
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
            ways.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return ways


def trace_dot(text: str) -> Ways:
    """The visible links between goals as dot lays them out."""
    ways: Ways = []
    for line in run_dot(text, "plain").decode().replace("\\\n", "").splitlines():
        words = shlex.split(line)
        if words[0] != "edge" or words[-2] == "invis" or words[1].startswith("From "):
            continue
        numbers = [float(number) for number in words[4 : 4 + 2 * int(words[3])]]
        ways.append(list(_flatten(list(zip(numbers[::2], numbers[1::2], strict=True)))))
    return ways


def count_crossings(ways: Ways) -> int:
    """How often pieces of different ways cross; ways that only touch do not."""
    pieces = sorted(
        (min(start[0], end[0]), max(start[0], end[0]), start, end, number)
        for number, way in enumerate(ways)
        for start, end in pairwise(way)
    )
    found = 0
    open_ones: list[tuple[float, Point, Point, int]] = []
    for left, right, start, end, number in pieces:
        open_ones = [piece for piece in open_ones if piece[0] >= left]
        found += sum(number != other and _cross(start, end, *ends) for _, *ends, other in open_ones)
        open_ones.append((right, start, end, number))
    return found


def _make_box(name: str, lane: int, score: float) -> Box:
    state = Status.RED if score < 1 / 3 else Status.AMBER if score < 2 / 3 else Status.GREEN
    said = f"Goal {name} with a name of usual length"
    one = (score, state)
    return Box(name, said, lane, "Head of sales", state, *one, *one, *one, Heading.LEVEL, Signal.STEADY, 1.0)


def _flatten(points: list[Point]) -> Iterator[Point]:
    """A chain of Bézier curves as straight pieces."""
    yield points[0]
    for first in range(0, len(points) - 1, 3):
        for step in range(1, 13):
            t = step / 12
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            corners = list(zip(weights, points[first : first + 4], strict=True))
            yield sum(weight * x for weight, (x, _) in corners), sum(weight * y for weight, (_, y) in corners)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
