"""A small picture with one of everything, and names that are markup somewhere, for the tests of pictures."""

from __future__ import annotations

from pathlib import Path

from scorecard.model.status import Heading, Signal, Status
from scorecard.render.dot import write_dot
from scorecard.render.mermaid import write_mermaid
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.svg import write_svg


def make_box(id: str, name: str, lane: int, lagging: float | None = 0.5, **fields: object) -> Box:
    """An amber box; a score of None makes it unknown."""
    status = Status.UNKNOWN if lagging is None else Status.AMBER
    given: dict[str, object] = {
        "owner": "",
        "status": status,
        "lagging": lagging,
        "lagging_status": status,
        "leading": None,
        "leading_status": Status.UNKNOWN,
        "outlook": lagging,
        "outlook_status": status,
        "heading": Heading.LEVEL,
        "signal": Signal.UNKNOWN,
        "coverage": 1.0,
    }
    return Box(id=id, name=name, lane=lane, **(given | fields))  # type: ignore[arg-type]


def make_picture(lanes: tuple[str, ...], boxes: tuple[Box, ...], arrows: tuple[Arrow, ...] = ()) -> Picture:
    named = tuple(Lane(f"lane_{number}", name, Status.AMBER, 0.5) for number, name in enumerate(lanes))
    return Picture("A map", "2026-10", named, boxes, arrows)


PICTURE = Picture(
    title="Corner shop",
    period="2026-10",
    lanes=(
        Lane("money", "Money & mission", Status.AMBER, 0.5),
        Lane("guests", "Guests", Status.GREEN, 0.925),
        Lane("work", "Work", Status.UNKNOWN, None),
        Lane("people", "People", Status.UNKNOWN, None),
    ),
    boxes=(
        make_box(
            "profit",
            "Earn enough to stay independent for good",
            0,
            0.75,
            owner="Ada",
            lagging_status=Status.GREEN,
            leading=0.4,
            leading_status=Status.AMBER,
            outlook=0.3,
            outlook_status=Status.RED,
            heading=Heading.WORSE,
            signal=Signal.WARNING,
            coverage=0.9,
            guardrails_breached=("Discounts",),
            lines=("Margin: 3.1% of 5% ◆ amber",),
        ),
        make_box(
            "loyalty", "Guests come back", 1, 0.2, status=Status.GREEN, lagging_status=Status.RED, overridden=True
        ),
        make_box("speed", "Serve fast", 2, 0.625, owner="Grace"),
        make_box("stock", "Waste nothing", 2, None),
        make_box("shelf", "Know the shelf", 2),
    ),
    arrows=(
        Arrow("loyalty", "profit", 2, 2 / 3, delay=2, why="Regulars buy more"),
        Arrow("stock", "profit", 1, 1 / 3, opposes=True, evidence="observed"),
        Arrow("speed", "loyalty", 1, 1.0, evidence="tested", delay=1),
        Arrow("shelf", "speed", 1, 1.0),
        Arrow("shelf", "profit", definition=True),
    ),
    index=0.61,
    index_status=Status.AMBER,
    coverage=0.9,
    illustrative="Made-up data",
)

HOSTILE = (
    '"', '""', 'say "no"', '"];x[label="', "'", "`", "\\", "ends in \\", "two \\\\", '\\"', "\\N", "\\G", "\\L",
    "\\E \\T \\H", "left\\l", "right\\r", "a\\nb", "\\t", "\\u0041", "<b>", "</b>", "<b>bold</b>", "<TABLE>",
    "</TD></TR></TABLE>>];", "<br/>", "<", ">", "<<", ">>", "a < b > c", "<!-- x -->", "<![CDATA[x]]>", "]]>",
    "<?xml?>", "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', '<IMG SRC="/etc/hostname"/>',
    '<a href="https://example.org">x</a>', "&", "&&", "&amp;", "&amp;amp;", "&lt;b&gt;", "&#60;", "&#x3c;", "&nbsp;",
    "&copy", "&bogus;", "#35;", "#quot;", "AT&T", "{", "}", "{a|b}", "{{x}}", "a:b", "a:n:b", "[x]",
    "[@click=app.pwn]x[/]", "(x)", "((x))", "a -> b", "a --> b", "-->", "a -- b", "--", "---", "===", "%%",
    "%%{init: {}}%%", "100 %", "%s %d", "$HOME", "`id`", "; drop", "/* x */", "// x", "# x", "@startuml", "=1+1",
    "+1", "-1", "@SUM(1)", "javascript:alert(1)", "end", "subgraph", "graph", "digraph {", "strict", "click x",
    "class", "style", "null", "~~~", ":::red", "|x|", "1. first", "- item", "*a* _b_", "**a**", "Revenue [EUR m]",
    "a  b   c", "Ünïcödé", "漢字仮名", "👩‍👩‍👧‍👦 🎉", "é e\u0301", "عربي و עברית", "fl°°35¶ß", "ﬂ°°35¶ß",
    "one\u00a0two", "soft\u00adhyphen", "zero\u200bwidth", "x" * 200, "many words " * 40 + "end", "long " + "y" * 9995,
)  # fmt: skip


def make_hostile_picture() -> Picture:
    """Goal `g7` stands in lane 7; both, its owner, guardrail and KPI line, and its link to `g6`, say HOSTILE[7]."""
    boxes = (
        make_box(f"g{number}", text, number, owner=text, guardrails_breached=(text,), lines=(text,))
        for number, text in enumerate(HOSTILE)
    )
    arrows = (Arrow(f"g{number}", f"g{number - 1}", why=text) for number, text in enumerate(HOSTILE) if number)
    return make_picture(HOSTILE, tuple(boxes), tuple(arrows))


def write_golden() -> None:
    """Run this file to accept what the writers say now."""
    golden = Path(__file__).parent / "golden"
    (golden / "map.dot").write_text(write_dot(PICTURE), encoding="utf-8")
    (golden / "map.mmd").write_text(write_mermaid(PICTURE), encoding="utf-8")
    (golden / "map.svg").write_text(write_svg(PICTURE), encoding="utf-8")


if __name__ == "__main__":
    write_golden()
