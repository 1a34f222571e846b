"""Parts of a map: the chain of a goal, what leads to it and what it leads to, and the picture of some goals alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from scorecard.render.picture import Arrow, Picture


@dataclass(frozen=True, slots=True)
class Chain:
    """Goals and links (by their number among the arrows) on the paths through one goal."""

    goals: frozenset[str]
    links: frozenset[int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of a strategy is shown: these `goals`, None for all, and of them the chain of one. `said` is what it is called."""

    said: str
    goals: frozenset[str] | None = None
    chain: str | None = None

    def cut(self, picture: Picture) -> Picture:
        """What it takes of a picture, named in the title."""
        picture = picture if self.goals is None else keep(picture, self.goals)
        picture = isolate(picture, self.chain) if self.chain else picture
        return replace(picture, title=f"{picture.title} · {self.said}")


class Web:
    """The arrows of a picture, ready to be followed from any goal."""

    def __init__(self, arrows: Iterable[Arrow]) -> None:
        self._causes: dict[str, list[tuple[int, str]]] = {}
        self._effects: dict[str, list[tuple[int, str]]] = {}
        for number, arrow in enumerate(arrows):
            self._causes.setdefault(arrow.target, []).append((number, arrow.source))
            self._effects.setdefault(arrow.source, []).append((number, arrow.target))

    def follow(self, goal: str) -> Chain:
        """All causes and all effects of a goal, with the links between them."""
        goals, links = {goal}, set()
        for ends in (self._causes, self._effects):
            seen, waiting = {goal}, [goal]
            while waiting:
                for number, there in ends.get(waiting.pop(), ()):
                    links.add(number)
                    if there not in seen:
                        seen.add(there)
                        waiting.append(there)
            goals |= seen
        return Chain(frozenset(goals), frozenset(links))


def keep(picture: Picture, goals: Collection[str]) -> Picture:
    """The picture with all its lanes, but only these goals and the links between them."""
    return replace(
        picture,
        boxes=tuple(box for box in picture.boxes if box.id in goals),
        arrows=tuple(arrow for arrow in picture.arrows if arrow.source in goals and arrow.target in goals),
    )


def isolate(picture: Picture, goal: str) -> Picture:
    """The picture with all its lanes, but only the goals and links of one goal's chain."""
    chain = Web(picture.arrows).follow(goal)
    return replace(
        picture,
        boxes=tuple(box for box in picture.boxes if box.id in chain.goals),
        arrows=tuple(arrow for number, arrow in enumerate(picture.arrows) if number in chain.links),
    )
