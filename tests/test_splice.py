"""An override spliced into a strategy's file: exactly that changes, whatever style the file is written in."""

from __future__ import annotations

import os
import random
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import random_strategies
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scorecard.api import load
from scorecard.model.finding import Place
from scorecard.model.goal import Override
from scorecard.model.period import read_period
from scorecard.model.status import Status
from scorecard.parser import splice
from scorecard.parser.replacement import Refused, hash_bytes
from scorecard.parser.splice import find_goal, splice_bytes, splice_override
from scorecard.parser.yaml_faults import FORBIDDEN
from scorecard.parser.yaml_loader import load_yaml

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
PLACE = Place("strategy.yaml")


def make_override(status: str = "amber", why: str = "Two orders are still to come", **fields: str) -> Override:
    return Override.model_validate({"status": status, "why": why, **fields})


FULL = make_override(by="Ann", **{"from": "2026-10", "until": "2026-12-31"})
HOSTILE = make_override(why='[@click=app.quit]x[/]: "no" # {a: b}, \\ \t é 🎯\nsecond line', by="=1+1 <b>")

BLOCK = """\
# top
strategy: shop   # its id
perspectives: {all: All}
goals:

  profit:
    name: Earn more
    # who answers
    perspective: all   # the only one
    lagging: [{kpi: margin, baseline: 0, target: 1}]

  # the second
  regulars:
    perspective: all
"""
OVERRIDDEN = """\
goals:
  profit:
    perspective: all
    override:   # for now
      status: red
      why: |
        It is
        not in
    owner: Ann

  regulars: {perspective: all}
"""
STYLES = {
    "block": BLOCK,
    "windows": BLOCK.replace("\n", "\r\n"),
    "wide": BLOCK.replace("  ", "      "),
    "marked": "\ufeff" + BLOCK,
    "unended": BLOCK.rstrip("\n").replace("  # the second\n  regulars:\n    perspective: all", ""),
    "overridden": OVERRIDDEN,
    "overridden last": OVERRIDDEN.replace("    owner: Ann\n", ""),
    "overridden in brackets": "goals:\n  profit:\n    override: {status: red, why: no}   # keep\n    perspective: all\n",
    "one line": "goals: {profit: {name: Earn, perspective: all}, regulars: {perspective: all}}\n",
    "a comma behind": "goals:\n  profit: {perspective: all, }\n",
    "several lines": "goals:\n  profit: {\n    name: Earn,   # so\n    perspective: all   # there\n  }\n",
    "json": '{"goals": {"profit": {"override": {"status": "red", "why": "no"}, "perspective": "all"}}}\n',
    "json, in between": '{"goals": {"profit": {"name": "x", "override": {"status": "red", "why": "n"}, "owner": "A"}}}',
    "json, last": '{"goals": {"profit": {"name": "x", "override": {"status": "red", "why": "n"}}}}',
    "quoted": "'goals':\n  \"profit\":\n    'name': \"Earn # more\"\n    \"perspective\": 'all'\n",
    "escaped": 'goals:\n  "p\\x72ofit":\n    perspective: all\n    "o\\x76erride": {status: red, why: x}\n',
    "folded": "goals:\n  profit:\n    description: >-\n      One\n\n      two\n\n    perspective: all\n\n\n  rest: {}\n",
    "kept breaks": "goals:\n  profit:\n    description: |+\n      One\n\n\n    perspective: all\n  rest: {}\n",
    "lists first": "goals:\n  profit:\n    lagging: [a]\n    perspective: all\n",
    "anchored elsewhere": "goals:\n  profit:\n    owner: &who Ann\n    perspective: all\n  rest: {owner: *who}\n",
    "of an alias": "strategy: &who shop\ngoals:\n  profit:\n    owner: *who\n    perspective: all\n",
    "tail": "goals:\n  profit:\n    perspective: all\n...\n",
    "head": "%YAML 1.2\n---\ngoals:\n  profit:\n    perspective: all\n",
    "wide letters": "goals:\n  profit:\n    name: 利益 🎯 #\u00a0x\n    owner: 日本\n    perspective: all\n",
}


def tree_of(data: bytes) -> Any:
    tree, faults = load_yaml(data, 0, "strategy.yaml")
    assert not faults
    return tree


def written(override: Override | None) -> dict[str, str] | None:
    """The texts that stand in the file for an override."""
    if override is None:
        return None
    texts = {
        "status": override.status.value,
        "why": override.why,
        "by": override.by,
        "from": override.start and str(override.start),
        "until": override.until and str(override.until),
    }
    return {key: text for key, text in texts.items() if text}


def check_splice(data: bytes, goal: str, override: Override | None) -> bytes:
    """Splice, and hold what came out against what was there: the trees, and the lines."""
    new = splice_bytes(data, goal, override, PLACE)
    before, after = tree_of(data), tree_of(new)
    before["goals"][goal].pop("override", None)
    assert after["goals"][goal].pop("override", None) == written(override)
    assert after == before
    check_lines(data.decode().removeprefix("\ufeff"), new.decode().removeprefix("\ufeff"), goal)
    return new


def check_lines(before: str, after: str, goal: str) -> None:
    """What stood there before the override and behind it stands there still; without one nothing was taken out."""
    stood = find_override(before, goal)
    if stood:
        assert after.startswith(before[: stood[0]])
        assert after.endswith(before[stood[1] :])
        return
    head = measure_common(before, after)
    tail = measure_common(before[head:][::-1], after[head:][::-1])
    assert head + tail == len(before)


def measure_common(one: str, other: str) -> int:
    """How many signs two texts begin with together."""
    return next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def find_override(text: str, goal: str) -> tuple[int, int] | None:
    """Between which offsets an override stands, with the comma and the blank around it, by PyYAML's own nodes."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for name in ("goals", goal, "override"):
        found = [(key, value) for key, value in node.value if key.value == name]
        if not found:
            return None
        key, node = found[0]
    before = len(text[: key.start_mark.index]) - len(text[: key.start_mark.index].rstrip(", \t\r\n"))
    behind = text[node.end_mark.index :].partition("\n")[0]
    return key.start_mark.index - before, node.end_mark.index + len(behind) + 1


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("override", [FULL, HOSTILE, make_override("unknown")], ids=["full", "hostile", "short"])
def test_an_override_is_put_in_exchanged_and_taken_out(style: str, override: Override) -> None:
    data = STYLES[style].encode()
    put = check_splice(data, "profit", override)
    check_splice(put, "profit", make_override("green"))
    gone = check_splice(put, "profit", None)
    if find_override(data.decode().removeprefix("\ufeff"), "profit") is None:
        assert gone == data, "what was put in and taken out again leaves no trace"
    assert splice_bytes(gone, "profit", None, PLACE) == gone


def test_it_stands_where_a_person_would_write_it() -> None:
    assert splice_bytes(BLOCK.encode(), "profit", FULL, PLACE).decode() == BLOCK.replace(
        "# the only one\n",
        "# the only one\n    override:\n      status: amber\n      why: Two orders are still to come\n      by: Ann\n"
        "      from: 2026-10\n      until: 2026-12-31\n",
    )


def test_lines_end_as_those_around_them() -> None:
    new = splice_bytes(STYLES["windows"].encode(), "profit", FULL, PLACE)
    assert new.count(b"\r\n") == new.count(b"\n") == BLOCK.count("\n") + 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("goals:\n  profit: {perspective: all}\n---\na: b\n", "several documents"),
        ("goals:\n  profit: &p\n    perspective: all\n  rest: *p\n", "more than this override"),
        ("goals:\n  rest: &p\n    perspective: all\n  profit: *p\n", "not written out"),
        ("x: &g {profit: {perspective: all}}\ngoals: *g\n", "not written out"),
        (
            "goals:\n  profit:\n    perspective: all\n    override: &o {status: red, why: x}\n  rest: {o: *o}\n",
            "more than",
        ),
        ("goals:\n  profit:\n  rest: {}\n", "not written out"),
        ("goals:\n  profit:\n    name: x\n   perspective: all\n", "does not fit"),
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        splice_bytes(text.encode(), "profit", FULL, PLACE)


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\u202e", "\u2028", "\ud800"])
def test_a_reason_with_a_sign_that_cannot_be_seen_is_refused(sign: str) -> None:
    with pytest.raises(Refused, match=f"U\\+{ord(sign):04X}"):
        splice_bytes(BLOCK.encode(), "profit", make_override(why=f"a{sign}b"), PLACE)


def test_a_reason_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused):
        splice_bytes(BLOCK.encode(), "profit", make_override(why="a" * 10_001), PLACE)


@given(
    st.lists(
        st.text(st.sampled_from("aB0 :#,[]{}'\"\\-?&*!|>%@`~é\n\t.=<") | st.characters(codec="utf-8"), max_size=12)
    ),
    st.sampled_from(sorted(STYLES)),
)
def test_any_reason_is_written_as_it_is_or_refused(words: list[str], style: str) -> None:
    why = "".join(words)
    if not why or FORBIDDEN.search(why):
        with pytest.raises(Refused, match="needs a reason" if not why else "cannot be seen"):
            splice_bytes(STYLES[style].encode(), "profit", make_override(why=why), PLACE)
    else:
        check_splice(STYLES[style].encode(), "profit", make_override(why=why))


def restyle(rng: random.Random, node: Any, indent: int = 0, flow: bool = False) -> str:
    """A tree of texts as YAML in a style chosen by chance for each part, with comments and empty lines between."""
    if isinstance(node, str):
        quoted = "'" + node.replace("'", "''") + "'"
        return quoted if rng.random() < 0.7 or not node.replace("_", "").isalnum() or "\n" in node else node
    if flow or not node or rng.random() < 0.25:
        gap = rng.choice(["", " "])
        if isinstance(node, list):
            return "[" + gap + ", ".join(restyle(rng, one, indent, flow=True) for one in node) + gap + "]"
        entries = (f"{restyle(rng, key)}: {restyle(rng, value, indent, flow=True)}" for key, value in node.items())
        return "{" + gap + f",{rng.choice([' ', '  '])}".join(entries) + gap + "}"
    lines, pad = [], " " * indent
    step = rng.choice([1, 2, 2, 4, 7])
    for key, value in node.items() if isinstance(node, dict) else ((None, one) for one in node):
        text = restyle(rng, value, indent + step)
        below = text.startswith(("\n", "#"))
        head = "-" if key is None else f"{restyle(rng, key)}:"
        note = rng.choice(["", "", "", "  # why", " #"])
        lines.append(f"{pad}{head}{note}{text}" if below else f"{pad}{head} {text}{note}")
        lines += rng.choice([[], [], [], [""], [f"{pad}# override: {{}}"], ["", "   ", "# left"]])
    return "\n" + "\n".join(lines)


@pytest.mark.parametrize("seed", range(40))
def test_random_strategies_in_random_styles(seed: int, tmp_path: Path) -> None:
    """Every goal of a strategy gets, exchanges and loses an override."""
    random_strategies.make(seed, tmp_path / "made")
    rng = random.Random(seed)
    for path in sorted((tmp_path / "made").glob("*.yaml")):
        tree = tree_of(path.read_bytes())
        if not isinstance(tree.get("goals"), dict):
            continue
        text = restyle(rng, plain(tree)).lstrip("\n") + rng.choice(["", "\n", "\n\n# end\n"])
        data = text.replace("\n", rng.choice(["\n", "\n", "\r\n"])).encode()
        assert tree_of(data) == tree
        for goal in tree["goals"]:
            if tree["goals"][goal]:
                put = check_splice(data, goal, rng.choice([FULL, HOSTILE]))
                check_splice(check_splice(put, goal, make_override("red")), goal, None)


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(one) for one in node] if isinstance(node, list) else node or ""


def test_every_goal_of_the_strategies_at_hand() -> None:
    root = Path(__file__).parent.parent
    files = [*root.glob("strategies/*/*.yaml"), *root.glob("scorecard/libraries/templates/*.yaml")]
    count = 0
    for path in files:
        data = path.read_bytes()
        tree = load_yaml(data, 0, path.name)[0]
        goals = tree.get("goals") if isinstance(tree, dict) else None
        for goal in goals if isinstance(goals, dict) else ():
            put = check_splice(data, goal, HOSTILE)
            assert check_splice(put, goal, None) == data
            count += 1
    assert count >= 9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


def test_the_file_of_the_goal_is_replaced_and_the_override_counts(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    os.chmod(folder / "strategy.yaml", 0o640)
    found = find_goal(str(folder), "engaging_content")
    splice_override(str(folder), "engaging_content", FULL, found.hash)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert [name for name in after if after[name] != before.get(name)] == ["strategy.yaml"]
    assert stat.S_IMODE((folder / "strategy.yaml").stat().st_mode) == 0o640
    result = load(folder).evaluate().goal("engaging_content")
    assert (result.status, result.computed_status) == (Status.AMBER, Status.GREEN)
    assert result.override == FULL
    assert result.override.until == read_period("2026-12-31")
    splice_override(str(folder), "engaging_content", None, find_goal(str(folder), "engaging_content").hash)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_goals_are_found_in_whichever_file_they_stand(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("strategy: shop\nperspectives: {all: All}\ngoals:\n  one: {perspective: all}\n")
    (tmp_path / "b.yaml").write_text("goals:\n  two:\n    perspective: all\n")
    found = find_goal(str(tmp_path), "two")
    assert (found.path, found.place) == ((tmp_path / "b.yaml").resolve(), Place(f"{tmp_path}/b.yaml", 2, 3))
    kept = (tmp_path / "a.yaml").read_bytes()
    splice_override(str(tmp_path), "two", FULL, found.hash)
    assert (tmp_path / "a.yaml").read_bytes() == kept
    assert load(tmp_path).strategy.goals["two"].override == FULL
    single = find_goal(str(tmp_path / "a.yaml"), "one")
    splice_override(str(tmp_path / "a.yaml"), "one", FULL, single.hash)
    assert load(tmp_path / "a.yaml").strategy.goals["one"].override == FULL


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("strategy: shop\nperspectives: {all: All}\ngoals:\n  one: {perspective: all}\n")
    (tmp_path / "named.yaml").symlink_to("real.yaml")
    path = str(tmp_path / "named.yaml")
    splice_override(path, "one", FULL, find_goal(path, "one").hash)
    assert (tmp_path / "named.yaml").is_symlink()
    assert load(tmp_path / "real.yaml").strategy.goals["one"].override == FULL


def refuse(change: Callable[[], None], said: str, kept: dict[Path, bytes]) -> None:
    with pytest.raises(Refused, match=said) as caught:
        change()
    assert caught.value.hint
    assert len(caught.value.message) < 200
    assert {path: path.read_bytes() for path in kept} == kept


def test_nothing_is_written_where_the_file_was_edited_meanwhile(folder: Path) -> None:
    path = folder / "strategy.yaml"
    seen = find_goal(str(folder), "communicate").hash
    path.write_bytes(path.read_bytes() + b"# one more\n")
    kept = {path: path.read_bytes()}
    refuse(lambda: splice_override(str(folder), "communicate", FULL, seen), "changed meanwhile", kept)


def test_nothing_is_written_where_it_is_edited_in_the_last_moment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading and the writing of the splice itself."""
    path = folder / "strategy.yaml"
    splice_in_text = splice.splice_bytes

    def edit(*given: Any) -> bytes:
        path.write_bytes(path.read_bytes() + b"# one more\n")
        return splice_in_text(*given)

    seen = find_goal(str(folder), "communicate").hash
    monkeypatch.setattr(splice, "splice_bytes", edit)
    with pytest.raises(Refused, match="changed meanwhile"):
        splice_override(str(folder), "communicate", FULL, seen)
    assert path.read_bytes().endswith(b"# one more\n")
    assert b"Two orders" not in path.read_bytes()


def test_unknown_goals_and_faulty_files_are_refused(folder: Path, tmp_path: Path) -> None:
    path = folder / "strategy.yaml"
    kept = {path: path.read_bytes()}
    refuse(lambda: splice_override(str(folder), "nobody", FULL, ""), "'nobody' is not in this strategy", kept)
    refuse(lambda: splice_override(str(tmp_path / "none"), "nobody", FULL, ""), "not one strategy", kept)
    path.write_bytes(path.read_bytes() + b"goals: {}\n")
    faulty = {path: path.read_bytes()}
    seen = hash_bytes(path.read_bytes())
    refuse(lambda: splice_override(str(folder), "communicate", FULL, seen), "stands here and again", faulty)


def test_a_folder_that_may_not_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    path = folder / "strategy.yaml"
    seen = find_goal(str(folder), "communicate").hash
    monkeypatch.setattr(os, "fsync", full)
    kept = {path: path.read_bytes()}
    refuse(lambda: splice_override(str(folder), "communicate", FULL, seen), "no space left", kept)
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []
