"""Files nobody writes by accident: each builder puts one into a folder and returns the path to check.

`CASES` gives each the code that must be among its findings.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

HEAD = "strategy: bakery\n"
MARK = "ŵ"  # what refused texts are made of, so that the pieces shown of them can be counted
MANY = MARK * 300
Builder = Callable[[Path], Path]
CASES: dict[str, tuple[Builder, str]] = {}


def case(code: str) -> Callable[[Builder], Builder]:
    def register(build: Builder) -> Builder:
        CASES[build.__name__] = (build, code)
        return build

    return register


def yaml(code: str, name: str, make: Callable[[], str | bytes]) -> None:
    """A case that is one YAML file."""

    def build(folder: Path) -> Path:
        text = make()
        path = folder / "strategy.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    CASES[name] = (build, code)


def csv(code: str, name: str, make: Callable[[], str | bytes], strategy: str = "") -> None:
    """A case that is a data file."""

    def build(folder: Path) -> Path:
        text = make()
        (folder / "measurements.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        body = strategy or "kpis:\n  guests: {unit: guests}\n"
        (folder / "strategy.yaml").write_text(HEAD + body + "data: [measurements.csv]\n")
        return folder

    CASES[name] = (build, code)


# Things that are no files


@case("S114")
def a_folder_named_like_a_file(folder: Path) -> Path:
    (folder / "x.yaml").mkdir()
    return folder / "x.yaml"


@case("S112")
def a_folder_among_the_files(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD)
    (folder / "x.yaml").mkdir()
    return folder


@case("S112")
def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "x.yaml")
    return folder / "x.yaml"


@case("S112")
def a_pipe_among_the_files(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD)
    os.mkfifo(folder / "x.yaml")
    return folder


@case("S112")
def a_device(folder: Path) -> Path:
    (folder / "x.yaml").symlink_to("/dev/zero")
    return folder / "x.yaml"


@case("S113")
def a_device_among_the_files(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD)
    (folder / "x.yaml").symlink_to("/dev/zero")
    return folder


@case("S112")
def a_socket_among_the_files(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD)
    here = os.open(folder, os.O_RDONLY)  # the path of a socket may have 108 bytes: it is named through this handle
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(f"/proc/self/fd/{here}/x.yaml")
    os.close(here)
    return folder


# Links


@case("S113")
def a_link_out_of_the_folder(folder: Path) -> Path:
    inside = folder / "inside"
    inside.mkdir()
    (folder / "outside.yaml").write_text(f"secret: {MANY}\n")
    (inside / "strategy.yaml").write_text(HEAD)
    (inside / "x.yaml").symlink_to("../outside.yaml")
    return inside


@case("S111")
def a_link_to_itself(folder: Path) -> Path:
    (folder / "x.yaml").symlink_to("x.yaml")
    return folder / "x.yaml"


@case("S111")
def links_in_a_loop(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD)
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    return folder


@case("S112")
def a_link_to_its_folder(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD)
    (folder / "x.yaml").symlink_to(".")
    return folder


@case("S243")
def data_behind_a_link(folder: Path) -> Path:
    inside = folder / "inside"
    (inside / "figures").mkdir(parents=True)
    (folder / "outside.csv").write_text("kpi,period,value\n")
    (inside / "figures" / "x.csv").symlink_to("../../outside.csv")
    (inside / "strategy.yaml").write_text(HEAD + "data: [figures]\n")
    return inside


@case("S301")
def data_folders_in_a_loop(folder: Path) -> Path:
    (folder / "a.csv").symlink_to(".")
    (folder / "b.csv").symlink_to(".")
    (folder / "strategy.yaml").write_text(HEAD + "data: [a.csv]\n")
    return folder


@case("S301")
def a_pipe_as_data(folder: Path) -> Path:
    os.mkfifo(folder / "x.csv")
    (folder / "strategy.yaml").write_text(HEAD + "data: [x.csv]\n")
    return folder


@case("S301")
def a_path_that_is_too_long(folder: Path) -> Path:
    (folder / "strategy.yaml").write_text(HEAD + f"data: [{MANY}.csv]\n")
    return folder


# Names of files


@case("S202")
def a_file_name_with_escapes(folder: Path) -> Path:
    (folder / "a\x1b[31m\n\u202eb.yaml").write_text(HEAD + "x: 1\n")
    return folder


@case("S202")
def a_file_name_that_is_no_text(folder: Path) -> Path:
    with open(os.fsencode(folder) + b"/a\xff.yaml", "w") as file:
        file.write(HEAD + "x: 1\n")
    return folder


# Too much


yaml("S107", "a_file_of_six_megabytes", lambda: HEAD + "# much\n" * 900_000)
yaml("S107", "a_scalar_of_a_hundred_megabytes", lambda: HEAD + "name: " + "x" * 100_000_000)
yaml("S107", "a_scalar_of_four_megabytes", lambda: HEAD + "name: " + MARK * 2_000_000)
yaml("S107", "a_key_of_four_megabytes", lambda: HEAD + '? "' + MARK * 2_000_000 + '"\n: 1\n')
yaml("S202", "a_hundred_thousand_unknown_keys", lambda: HEAD + "".join(f"k{n}: 1\n" for n in range(100_000)))
yaml("S107", "a_hundred_thousand_entries", lambda: goal("lagging:\n" + "      - a\n" * 100_000))
yaml("S107", "a_flow_list_of_a_million", lambda: HEAD + "data: [" + "a," * 1_000_000 + "]\n")
yaml("S201", "an_empty_file", lambda: "")
yaml("S201", "only_comments", lambda: "# nothing\n" * 1000)
yaml("S209", "an_endless_line_of_spaces", lambda: HEAD + " " * 4_000_000 + "x")


@case("S107")
def five_hundred_and_one_files(folder: Path) -> Path:
    for number in range(501):
        (folder / f"{number:03}.yaml").write_text("" if number else HEAD)
    return folder


# Nesting and repetition


def goal(rest: str) -> str:
    return HEAD + "goals:\n  regulars:\n    perspective: customer\n    " + rest


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


yaml("S107", "a_hundred_thousand_opening_brackets", lambda: HEAD + "goals: " + "[" * 100_000)
yaml("S107", "a_hundred_thousand_opening_braces", lambda: HEAD + "goals: " + "{a: " * 100_000)
yaml("S107", "a_hundred_thousand_dashes", lambda: HEAD + "goals:\n" + "- " * 100_000)
yaml("S107", "a_hundred_thousand_question_marks", lambda: HEAD + "? " * 100_000)
yaml("S107", "brackets_that_close", lambda: HEAD + "goals: " + "[" * 50_000 + "]" * 50_000)
yaml("S107", "an_alias_bomb", lambda: HEAD + laughs(12))
yaml("S107", "an_alias_bomb_in_a_field", lambda: laughs(9) + HEAD + "name: *a8\n")
yaml("S105", "a_merge_bomb", lambda: HEAD + "a: &a {x: 1}\n" + "".join(f"b{n}:\n  <<: *a\n" for n in range(5000)))
yaml("S106", "an_anchor_in_itself", lambda: HEAD + "goals: &a {b: [*a, *a, {c: *a}]}\n")
yaml("S101", "ten_thousand_anchors_and_no_alias", lambda: HEAD + "".join(f"k{n}: &{MANY}{n}\n" for n in range(5_000)))
yaml(
    "S205",
    "faults_repeated_by_aliases",
    lambda: (
        HEAD + "kpis:\n  a: {scale: &s {" + ", ".join(f"x{n}: {MANY}" for n in range(500)) + "}}\n"
        "" + "".join(f"  k{n}: {{scale: *s}}\n" for n in range(1500))
    ),
)
yaml("S108", "ten_thousand_documents", lambda: HEAD + "---\n" * 10_000)
yaml("S101", "ten_thousand_directives", lambda: "%FOO bar\n" * 10_000 + "---\n" + HEAD)


# Signs and encodings


yaml("S104", "a_tag_that_calls", lambda: HEAD + 'name: !!python/object/apply:os.system ["touch pwned"]\n')
yaml("S103", "a_zero_byte", lambda: HEAD + "name: a\0b\n")
yaml("S103", "escape_sequences", lambda: HEAD + 'name: "\\e]0;pwned\\a\\x9b31m"\nowner: \x1b[2Jx\n')
yaml("S103", "a_bidirectional_name", lambda: HEAD + "name: a\u202eb\u2066c\n")
yaml("S103", "a_bidirectional_id", lambda: HEAD + "goals:\n  a\u202eb: {perspective: customer}\n")
yaml("S103", "a_bidirectional_key", lambda: HEAD + "na\u2067me: x\n")
yaml("S103", "half_a_character_pair", lambda: HEAD + 'name: "\\ud800"\n')
yaml("S102", "utf_16", lambda: (HEAD + f"name: {MANY}\n").encode("utf-16"))
yaml("S102", "utf_32", lambda: (HEAD + f"name: {MANY}\n").encode("utf-32"))
yaml("S102", "utf_16_without_mark", lambda: (HEAD + "name: x\n").encode("utf-16-le"))
yaml("S102", "bytes_that_are_no_text", lambda: HEAD.encode() + b"name: \xff\xfe\xc0\x80\n")
yaml("S102", "random_bytes", lambda: bytes(n * 89 % 251 + 4 for n in range(100_000)))
yaml("S209", "ids_that_look_like_markup", lambda: HEAD + 'goals:\n  "[@click=app.bell]x[/]": {perspective: "<b>"}\n')
yaml("S209", "an_id_without_end", lambda: HEAD + f"goals:\n  {MARK * 900}: {{perspective: {MARK * 900}}}\n")


# Hashes: numbers of one hash value, and texts whose hashes end in the same bits


def colliding_words(count: int, bits: int = 10) -> list[str]:
    found: list[str] = []
    number = 0
    while len(found) < count:
        word = f"k{number:x}"
        if hash(word) & ((1 << bits) - 1) == 0:
            found.append(word)
        number += 1
    return found


yaml("S202", "keys_with_colliding_hashes", lambda: HEAD + "".join(f"{word}: 1\n" for word in colliding_words(1000)))
yaml(
    "S236",
    "numbers_with_colliding_hashes",
    lambda: (
        HEAD
        + "kpis:\n  a: {scale: {"
        + ", ".join(f"{m * 2.0**e!r}: 0" for e in (1, 62, 123) for m in range(1, 3000))
        + ", 2: 0}}\n"
    ),
)


# Numbers, periods, formulas


yaml("S205", "a_number_of_nine_thousand_digits", lambda: HEAD + f"kpis:\n  a: {{target: {'9' * 9000}}}\n")
yaml("S205", "an_exponent_without_end", lambda: HEAD + "kpis:\n  a: {target: 1e999999999}\n")
yaml("S211", "a_count_without_end", lambda: HEAD + "kpis:\n  a: {keep: 1e300, values: {2026-01: 1}}\n")
yaml("S207", "the_year_9999", lambda: HEAD + "kpis:\n  a: {values: {9999-12: 1}}\n")
yaml("S210", "a_formula_of_nine_thousand_signs", lambda: HEAD + "metrics:\n  a: {formula: " + "1+" * 4500 + "1}\n")
yaml(
    "S225", "a_formula_of_parentheses", lambda: HEAD + "metrics:\n  a: {formula: " + "(" * 500 + "1" + ")" * 490 + "}\n"
)
yaml("S225", "a_formula_of_minuses", lambda: HEAD + 'metrics:\n  a: {formula: "' + "-" * 999 + '1"}\n')
yaml("S225", "a_formula_that_calls", lambda: HEAD + "metrics:\n  a: {formula: \"__import__('os').system('ls')\"}\n")
yaml("S409", "a_formula_of_powers", lambda: HEAD + "metrics:\n  a: {formula: 9**9**9**9**9}\n")
yaml(
    "S226",
    "formulas_in_a_ring",
    lambda: HEAD + "metrics:\n" + "".join(f"  a{n}: {{formula: a{(n + 1) % 300}}}\n" for n in range(300)),
)
yaml("S224", "goals_in_a_ring", lambda: HEAD + "goals:\n" + "".join(ring(n, 300) for n in range(300)))


def ring(number: int, count: int) -> str:
    return f"  g{number}: {{perspective: customer, leading: [{{goal: g{(number + 1) % count}}}]}}\n"


yaml(
    "S409",
    "a_look_back_over_eight_thousand_years",
    lambda: (
        HEAD + "period: day\nkpis:\n  a: {values: {1000-01-01: 1, 9000-12-31: 2}}\n"
        "  b: {formula: 'rolling_sum(prev(a, 9999), 9999)'}\n  c: {formula: 'rolling_sum(prev(b, 9999), 9999)'}\n"
    ),
)
yaml(
    "S220",
    "two_thousand_misspelt_ids",
    lambda: (
        HEAD
        + "goals:\n"
        + "".join(f"  goal_{n:05}: {{perspective: customer, leading: [{{goal: goal_{n:04}x}}]}}\n" for n in range(2000))
    ),
)


# Data


csv("S314", "a_row_of_a_hundred_megabytes", lambda: "kpi,period,value\n" + "x" * 100_000_000)
csv("S314", "a_header_of_a_hundred_megabytes", lambda: "x" * 100_000_000 + "\n")
csv("S314", "a_million_columns", lambda: "kpi" + ",x" * 1_000_000 + "\n")
csv("S302", "four_hundred_thousand_columns", lambda: "kpi" + "," * 400_000 + "\n")
csv("S302", "a_header_of_faults", lambda: "kpi," + ",".join(f"{MANY}{n}" for n in range(3000)) + "\n")
csv(
    "S314",
    "a_quote_that_is_never_closed",
    lambda: 'kpi,period,value\nguests,2026-01,"1\n' + "guests,2026-02,2\n" * 500_000,
)
csv("S314", "a_row_of_a_million_lines", lambda: "kpi,period,value\n" + '"a\n",' * 300_000)
csv("S303", "a_zero_byte_in_a_row", lambda: "kpi,period,value\ngue\0sts,2026-01,1\n")
csv("S317", "a_hundred_thousand_faulty_rows", lambda: "kpi,period,value\n" + f"guests,2026-01,{MANY[:60]}\n" * 100_000)
csv(
    "S317",
    "a_hundred_thousand_unknown_names",
    lambda: "kpi,period,value\n" + "".join(f"{MARK}{n},2026-01,1\n" for n in range(100_000)),
)
csv("S317", "a_hundred_thousand_short_rows", lambda: "kpi,period,value\n" + "guests\n" * 100_000)
csv("S304", "cells_that_are_commands", lambda: "kpi,period,value\nguests,2026-01,\x1b[31m=cmd|' /C calc'!A0\u202e\n")
csv("S301", "data_that_are_no_text", lambda: b"kpi,period,value\n\xff\xfe\0\0,2026-01,1\n")
csv("S301", "data_in_utf_16", lambda: "kpi,period,value\nguests,2026-01,1\n".encode("utf-16"))
csv("S302", "an_empty_data_file", lambda: "")
csv("S304", "a_cell_of_digits", lambda: "kpi,period,value\nguests,2026-01," + "9" * 100_000 + "\n")
csv(
    "S313",
    "a_word_among_five_thousand",
    lambda: f"kpi,period,value\nmood,2026-01,{MANY}\n",
    "kpis:\n  mood: {levels: {" + ", ".join(f"{MARK * 40}{n}: 0" for n in range(5000)) + "}}\n",
)


# A strategy of several files


@case("S107")
def values_repeated_by_aliases(folder: Path) -> Path:
    points = ", ".join(f"{number}: 0" for number in range(9000))
    (folder / "strategy.yaml").write_text(HEAD)
    for file in range(3):
        rest = "".join(f"  k{file}_{number}: {{scale: *s}}\n" for number in range(90))
        (folder / f"{file}.yaml").write_text(f"kpis:\n  k{file}: {{scale: &s {{{points}}}}}\n{rest}")
    return folder
