"""Files from strangers: whatever they hold, a finding with its place, little time and memory, never an exception."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from yaml_trees import STRATEGY, by_events, codes, faults, load, scanned

from scorecard.model.limits import LIMITS

ROOT = Path(__file__).parents[1]
PROCESS = Path("/proc/self/status")


def fill(begin: str, part: str, end: str = "") -> str:
    """A text just below the size that may be read."""
    return begin + part * ((LIMITS.file_bytes - 100) // len(part.encode())) + end


def bomb(part: str) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    return "\n".join(lines + [f"a{n}: &a{n} {part.replace('@', f'*a{n - 1}')}" for n in range(1, 50)])


HOSTILE: dict[str, tuple[Callable[[], str | bytes], str]] = {  # a text, and the first thing that is said of it
    "alias bomb": (lambda: bomb("[@, @, @, @, @, @, @, @, @]"), "7:10 S107"),
    "alias bomb of mappings": (lambda: bomb("{a: @, b: @, c: @}"), "12:15 S107"),
    "alias chain": (lambda: bomb("[@]") + "\nb: " + "[" * 20 + "*a45" + "]" * 20, "51:24 S107"),
    "merge bomb": (lambda: bomb("{<<: [@, @, @, @]}"), "2:10 S105"),
    "merge keys": (lambda: fill("a: &a {x: 1}\n", "b: {<<: *a}\n"), "2:1 S110"),
    "brackets": (lambda: "[" * 100_000, "1:65 S107"),
    "brackets on lines": (lambda: "[\n" * 100_000, "65:1 S107"),
    "braces": (lambda: "{" * 100_000, "1:2 S109"),
    "dashes": (lambda: "- " * 100_000, "1:129 S107"),
    "question marks": (lambda: "? " * 100_000, "1:3 S109"),
    "colons": (lambda: ": " * 100_000, "1:1 S101"),
    "anchors": (lambda: "&a " * 100_000, "1:4 S101"),
    "indentation": (lambda: "\n".join(" " * n + "a:" for n in range(2_000)), "65:65 S107"),
    "items in items": (lambda: "\n".join("  " * n + "- a:" for n in range(2_000)), "33:65 S107"),
    "100 MB": (lambda: b"a: " + b"x" * LIMITS.file_bytes, "1:1 S107"),
    "a text of all bytes": (lambda: fill("a: ", "x"), "1:4 S107"),
    "a quoted text of all bytes": (lambda: fill("a: '", "''", "x'"), "1:4 S107"),
    "a block text of all bytes": (lambda: fill("a: |\n", "  x\n"), "1:4 S107"),
    "an open quote": (lambda: fill('a: "', "x "), "1:"),
    "a long key": (lambda: fill("", "x", ": 1"), "1:1 S107"),
    "an alias to nothing": (lambda: f"a: *{'x' * 100_000}", "1:4 S101"),
    "cyclic anchors": (lambda: "&a [*a, &b {c: *b, d: *a}]", "1:5 S106"),
    "tags": (lambda: fill("", "- !!python/object/apply:os.system [x]\n"), "1:3 S104"),
    "keys that are again there": (lambda: fill("", "a: 1\n"), "1:1 S110"),
    "NUL": (lambda: "a: b\nc: \0d\n", "2:4 S103"),
    "many NUL": (lambda: fill("strategy: x\n", "abcdefg\0"), "2:8 S103"),
    "only NUL": (lambda: bytes(1_000_000), "1:1 S102"),
    "terminal escapes": (lambda: "name: \x1b]0;x\x07\n", "1:7 S103"),
    "escaped escapes": (lambda: fill('a: ["', '\\e", "', '"]'), "1:5 S103"),
    "bidirectional override": (lambda: "owner: \u202eevil\u202c\n", "1:8 S103"),
    "byte order marks": (lambda: fill("", "\ufeff"), "1:1 S103"),
    "UTF-16": (lambda: fill("", "a: b\n")[:1_000_000].encode("utf-16"), "1:1 S102"),
    "UTF-32": (lambda: "a: b\n".encode("utf-32"), "1:1 S102"),
    "not UTF-8": (lambda: b"a: b\n" + b"\xff" * 1_000_000, "2:1 S102"),
    "every byte": (lambda: bytes(range(256)) * 100, "1:1 S10"),
    "directives": (lambda: "%TAG !a! x\n" * 10_000, "2:1 S101"),
    "documents": (lambda: fill("", "---\n"), "2:1 S108"),
}
HARMLESS: dict[str, Callable[[], str]] = {
    "keys that collide as numbers": lambda: "".join(f"'{n * (2**61 - 1)}': 1\n" for n in range(100_000)),
    "many keys": lambda: "{" + ", ".join(f"k{n}: 1" for n in range(100_000)) + "}",
    "many aliases": lambda: "a: &a x\nb: [" + "*a, " * 100_000 + "]",
    "blank lines": lambda: fill("", "\n"),
    "comments": lambda: fill("", "#\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_its_place(name):
    make, first = HOSTILE[name]
    found = codes(make())
    assert found[0].startswith(first)
    assert len(found) <= 202
    assert all(len(message) < 200 for message in faults(make()))


@pytest.mark.parametrize("name", HARMLESS)
def test_a_large_file_without_fault_is_read(name):
    assert load(HARMLESS[name]())[1] == []


def test_an_escape_is_refused_also_as_a_key_and_after_a_hundred_the_file_is_left():
    assert codes('"\\u202e": 1\n') == ["1:1 S103"]
    assert len(codes(HOSTILE["escaped escapes"][0]())) == 101


@pytest.mark.skipif(not PROCESS.exists(), reason="the peak of memory is read from /proc")
def test_hostile_files_need_little_stack_and_memory():
    code = "import sys; sys.path[:0] = sys.argv[1:]; import test_yaml_hostile; test_yaml_hostile.read_all()"
    command = [sys.executable, "-c", code, str(ROOT), str(ROOT / "tests")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    read, megabytes = map(int, done.stdout.split())
    assert read == len(HOSTILE)
    assert megabytes < 200


def read_all() -> None:
    """Read every hostile file in a thread with a small stack; print how many were refused, and the peak of memory."""
    read: list[str] = []
    threading.stack_size(256 * 1024)
    thread = threading.Thread(target=lambda: read.extend(name for name in HOSTILE if load(HOSTILE[name][0]())[1]))
    thread.start()
    thread.join()
    peak = next(line for line in PROCESS.read_text().splitlines() if line.startswith("VmHWM"))
    print(len(read), int(peak.split()[1]) // 1024)


SIGNS = [
    "- ",
    ": ",
    ":",
    " #",
    "#",
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "!",
    "|",
    ">",
    "? ",
    "%",
    "@",
    "`",
]
SIGNS += [
    "\t",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "---\n",
    "...\n",
    "<<: ",
    "~",
    "\\",
    "é",
    "\0",
    "\u2028",
    "\ufeff",
    "\xa0",
]


def sources() -> list[bytes]:
    """Our own strategies, in the order of their paths."""
    folders = (ROOT / "strategies", ROOT / "tests" / "conformance")
    files = [path for folder in folders for path in sorted(folder.rglob("*.yaml")) if path.is_file()]
    return [path.read_bytes() for path in files] + [STRATEGY.encode()]


def mutant(rng: random.Random, source: bytes) -> bytes:
    """Some lines of a source with a few faults: flipped bits, lost bytes, signs, lines twice or moved, a torn end."""
    lines = source.split(b"\n")
    start = rng.choice([0, rng.randrange(len(lines))])
    text = bytearray(b"\n".join(lines[start : start + rng.randint(1, 25)]))
    for _ in range(rng.randint(1, 3)):
        place, kind = rng.randrange(len(text) + 1), rng.randrange(7)
        lines = bytes(text).split(b"\n")
        line = rng.randrange(len(lines))
        if kind == 0 and text:
            text[place % len(text)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del text[place : place + rng.randint(1, 5)]
        elif kind in (2, 3):
            text[place:place] = rng.choice(SIGNS).encode()
        elif kind == 4:
            text = bytearray(b"\n".join([*lines[: line + 1], *lines[line:]]))
        elif kind == 5:
            lines[line] = b" " * rng.randrange(9) + lines[line].lstrip()
            text = bytearray(b"\n".join(lines))
        elif rng.random() < 0.3:
            del text[place:]
    return bytes(text)


@pytest.mark.parametrize("block", range(20))
def test_mutants_of_our_own_strategies(block):
    rng, texts, fast = random.Random(block), sources(), 0
    for _ in range(1000):
        data = mutant(rng, rng.choice(texts))
        _, findings = load(data)
        last = data.count(b"\n") + data.count(b"\r") + 2
        for finding in findings:
            assert 1 <= finding.place.line <= last
            assert 1 <= finding.place.column <= len(data) + 1
            assert finding.hint
            assert len(finding.message) < 200
        text = data.decode(errors="replace")
        tree = scanned(text)
        assert tree is None or (tree, []) == by_events(text)
        fast += tree is not None
    assert fast > 50, "the fast reader takes its part"
