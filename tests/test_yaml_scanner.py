"""The fast reader gives the same tree and the same places as the events, or leaves the text to them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from yaml_trees import STRATEGY, by_events, load, plain, scanned

from scorecard.model.limits import Limits

SCALARS = [  # a text and the ways to write it
    ("no", ["no", "'no'", '"no"', "no   # really", "no "]),
    ("2026-06", ["2026-06", '"2026-06"']),
    ("-5", ["-5", "'-5'"]),
    ("12.5%", ["12.5%"]),
    ("Bäckerei am Eck", ["Bäckerei am Eck", "'Bäckerei am Eck' # ä"]),
    ("a: b #c, [d] {e}", ['"a: b #c, [d] {e}"', "'a: b #c, [d] {e}'"]),
    ('it\'s "so"', ['it\'s "so"', "'it''s \"so\"'"]),
    ("", ['""', "''"]),
    ("~", ["~"]),
]


ODD = """\
a: &x 1|a: *x|a: !x 1|a: >/  b|a: b/  c|a: "\\u0041"|a: 1/a: 2|\ta: 1|a: 1\t|---/a: 1|a: 1/...|? a|a: 'b|a: [b|\
a: {b: c|a: b: c|a: \u202e|<<: b|%A|a|a: {b: 1, b: 2}|a: {<<: b}|a: 1/ b: 2|- a/b: 1|a: 1/- b|a: @b|- - a|a:/  b|\
a: [b]c|a: "b"c|a: "b"#c|a: b:|a:b|- a: b/ c: d|  a: 1/ b: 2|a: [b, , c]|a: {b}|a: [b: c]|a: {b: }|a: [?b]|a: [*b]|\
- ?|- : b|a : b|a: [b,]|[a]: b"""  # parted by |, lines by /


class Writer:
    """Random trees and the same written as people write block style."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lines: list[str] = []

    def document(self) -> tuple[Any, str]:
        tree = self.mapping(0, 0) if self.rng.random() < 0.8 else self.sequence(0, 0)
        return tree, "\n".join(self.lines) + self.rng.choice(["\n", "", "\n\n# end\n"])

    def mapping(self, indent: int, depth: int, first: str | None = None) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for number in range(self.rng.randint(1, 4)):
            key = f"{self.rng.choice(['goal', 'kpi', '2026', 'größe', 'on track'])}{number}"
            shown = self.rng.choice([key, key, f'"{key}"', f"'{key}'"])
            lead = first if first is not None and number == 0 else self.gap() + " " * indent
            tree[key] = self.value(f"{lead}{shown}:", indent, depth, in_map=True)
        return tree

    def sequence(self, indent: int, depth: int) -> list[Any]:
        items: list[Any] = []
        for _ in range(self.rng.randint(1, 3)):
            dash = self.gap() + " " * indent + "-"
            if depth < 4 and self.rng.random() < 0.4:
                blanks = " " * self.rng.randint(1, 3)
                items.append(self.mapping(indent + 1 + len(blanks), depth + 2, first=dash + blanks))
            else:
                items.append(self.value(dash, indent, depth, in_map=False))
        return items

    def value(self, lead: str, indent: int, depth: int, in_map: bool) -> Any:
        kind = self.rng.random()
        if kind < 0.1:
            self.lines.append(lead + self.rng.choice(["", "  ", "  # nothing"]))
            return None
        if kind < 0.25:
            tree, text = self.flow(2)
            self.lines.append(f"{lead} {text}{self.rng.choice(['', '  # why', ' '])}")
            return tree
        if kind < 0.5 and depth < 4:
            self.lines.append(lead + self.rng.choice(["", "   # below"]))
            deeper = indent + self.rng.randint(1, 4)
            if self.rng.random() < 0.5:
                return self.mapping(deeper, depth + 1)
            return self.sequence(self.rng.choice([indent, deeper]) if in_map else deeper, depth + 1)
        text, ways = self.rng.choice(SCALARS)
        self.lines.append(f"{lead}{' ' * self.rng.randint(1, 3)}{self.rng.choice(ways)}")
        return text

    def flow(self, levels: int) -> tuple[Any, str]:
        pairs = [self.flow_entry(levels) for _ in range(self.rng.randint(0, 3))]
        comma = self.rng.choice([", ", ",", " , "])
        if self.rng.random() < 0.5:
            return [tree for tree, _ in pairs], f"[{comma.join(text for _, text in pairs)}]"
        keys = [f"k{number}" for number in range(len(pairs))]
        texts = [f"{key}: {text}" for key, (_, text) in zip(keys, pairs, strict=True)]
        return dict(zip(keys, (tree for tree, _ in pairs), strict=True)), "{" + comma.join(texts) + "}"

    def flow_entry(self, levels: int) -> tuple[Any, str]:
        if levels and self.rng.random() < 0.3:
            return self.flow(levels - 1)
        text, ways = self.rng.choice(SCALARS)
        return text, self.rng.choice([way for way in ways if "#" not in way or way[-1] in "\"'"])

    def gap(self) -> str:
        return self.rng.choice([""] * 8 + ["\n", "   \n", "# a: comment\n", "      # - deep\n"])


def test_the_fast_reader_takes_the_plain_style():
    assert scanned(STRATEGY) is not None
    assert (scanned(STRATEGY), []) == by_events(STRATEGY)
    assert scanned(STRATEGY.replace("\n", "\r\n")) == scanned(STRATEGY)


@pytest.mark.parametrize("block", range(10))
def test_random_documents_in_the_plain_style(block):
    for seed in range(block * 100, block * 100 + 100):
        tree, text = Writer(seed).document()
        fast = scanned(text)
        assert fast is not None, text
        assert (fast, []) == by_events(text), text
        assert plain(load(text)[0]) == tree, text


@pytest.mark.parametrize("text", ODD.split("|"))
def test_everything_else_is_left_to_the_events(text):
    assert scanned(text.replace("/", "\n")) is None


def test_lone_carriage_returns_and_long_lines_are_left_to_the_events():
    assert scanned("a: b\rc: d\n") is None
    assert scanned(f"a: {'b' * 2000}\n") is None
    assert scanned(f"{'a' * 2000}: b\n") is None


def test_the_limits_hold():
    deep = "".join("  " * level + "a:\n" for level in range(64))
    assert scanned(deep + "  " * 64 + "a:\n") is None
    assert scanned("- 1\n- 2\n- 3\n", Limits(values=3)) is None
    assert scanned("a: bcd\n", Limits(text=2)) is None
