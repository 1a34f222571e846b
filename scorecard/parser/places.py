"""From a path in the tree to the place in a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecard.model.finding import Place
from scorecard.parser.tree import Map, Seq, unpack

Step = str | int


class Places:
    """Finds where things stand in the files of one strategy; `names` are the files by number."""

    def __init__(self, tree: Map, names: Sequence[str]) -> None:
        self.tree = tree
        self.names = names

    def of(self, *path: Step) -> Place:
        """The place of the value at a path, or of the nearest thing around it that stands in a file."""
        return self.unpack(self._find(path, key=False))

    def of_key(self, *path: Step) -> Place:
        """The place of the key at the end of a path."""
        return self.unpack(self._find(path, key=True))

    def unpack(self, at: int) -> Place:
        file, line, column = unpack(at)
        return Place(self.names[file] if file < len(self.names) else "?", max(line, 1), max(column, 1))

    def known(self, path: Sequence[Step]) -> tuple[Step, ...]:
        """The steps of a path that lead through the tree: names that only the schema knows are passed over."""
        node: Any = self.tree
        steps: list[Step] = []
        for step in path:
            if _leads(node, step):
                node = node[step]
                steps.append(step)
        return tuple(steps)

    def fixed(self, path: Sequence[Step]) -> tuple[Step, ...]:
        """A path in which an item of a list goes by its packed place: its number changes when others are taken out."""
        node: Any = self.tree
        steps: list[Step] = []
        step: Any
        for step in path:
            steps.append(node.item_at[step] if isinstance(node, Seq) and _leads(node, step) else step)
            node = node[step] if _leads(node, step) else None
        return tuple(steps)

    def _find(self, path: Sequence[Step], key: bool) -> int:
        node: Any = self.tree
        at = self.tree.at
        step: Any
        for number, step in enumerate(path):
            if not _leads(node, step):
                break
            if isinstance(node, Map):
                found = (node.key_at if key and number == len(path) - 1 else node.value_at)[step]
                if node[step] is None:
                    found = node.key_at[step]
            else:
                found = node.item_at[step]
            at, node = found or at, node[step]
        return at


def _leads(node: Any, step: Step) -> bool:
    """Whether a step leads further."""
    if isinstance(node, Map):
        return isinstance(step, str) and step in node
    return isinstance(node, Seq) and isinstance(step, int) and step < len(node)
