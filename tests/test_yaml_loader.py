"""What a YAML file becomes: texts with their places, and a finding for everything that is not allowed."""

from __future__ import annotations

import pytest
from yaml_trees import STRATEGY, at, codes, faults, load, placed, plain

from scorecard.model.limits import Limits

OTHERS = (0x61C, 0x200E, 0x200F, 0xFEFF, 0xFFFE)


def test_scalars_are_texts_and_nothing_is_guessed():
    node, findings = load(STRATEGY)
    assert findings == []
    assert plain(node) == {
        "strategy": "bakery",
        "name": "Bäckerei: am Eck",
        "bands": {"amber": "1/3", "green": "2/3"},
        "data": ["visits.csv"],
        "goals": {
            "regulars": {
                "owner": "no",
                "lagging": [
                    {"kpi": "visits", "target": {"2026-06": "250", "2026-12": "4'00"}, "band": ["-5", "10"]},
                    "sales",
                    None,
                ],
                "leading": [],
                "theme": None,
                "comments": {"2026-05": {"by": "Ann", "seen": ["a", {"b": "c"}]}},
            }
        },
    }


@pytest.mark.parametrize("text", ["~", "null", "yes", "12:30", "010", "1e3", "1_000", ".inf", "2026-01-01", "0x1f"])
def test_what_yaml_would_guess_stays_text(text):
    assert plain(load(f"a: {text}")[0]) == {"a": text}
    assert plain(load(f"&x a: {text}")[0]) == {"a": text}, "by the events"


def test_an_empty_plain_scalar_is_none_and_an_empty_quoted_one_is_text():
    assert plain(load("a:\nb: ''\nc: \"\"\nd: !!str\n")[0]) == {"a": None, "b": "", "c": "", "d": None}


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_none_without_findings(text):
    assert load(text) == (None, [])


def test_texts_over_several_lines():
    node, findings = load('a: |\n  one\n  two\nb: >-\n  three\n  four\nc: five\n  six\nd: "se\\tven\\u00e4"\n')
    assert findings == []
    assert node == {"a": "one\ntwo\n", "b": "three four", "c": "five six", "d": "se\tvenä"}


def test_places_of_keys_values_and_items():
    node, _ = load(STRATEGY)
    assert at(node.at) == "1:1"
    assert at(node.key_at["name"]) == "2:1"
    assert at(node.value_at["name"]) == "2:7"
    assert at(node["bands"].value_at["green"]) == "3:28"
    assert at(node.value_at["data"]) == at(node["data"].at) == at(node["data"].item_at[0])[:-1] + "1" == "5:1"
    goal = node["goals"]["regulars"]
    assert at(goal["lagging"].item_at[0]) == at(goal["lagging"][0].at) == "11:9"
    assert at(goal["lagging"].item_at[2]) == "15:8", "an item without a value stands after its dash"
    assert at(goal.value_at["theme"]) == "17:11", "a missing value stands after the colon"
    assert at(goal["comments"]["2026-05"]["seen"][1].key_at["b"]) == "19:46"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_move_no_place(end, mark):
    node, findings = load((mark + STRATEGY).replace("\n", end))
    assert findings == []
    assert placed(node) == placed(load(STRATEGY)[0])


def test_columns_count_characters():
    node, _ = load("ä😀: {ß: x}\n&q 'ä😀ß': y\n")
    assert at(node.value_at["ä😀"]) == "1:5"
    assert at(node["ä😀"].value_at["ß"]) == "1:9"
    assert at(node.value_at["ä😀ß"]) == "2:11"


def test_an_alias_is_the_same_object():
    node, findings = load("a: &x {b: [1, 2]}\nc: *x\nd: &t text\ne: [*t, *x]\n*t : f\n")
    assert findings == []
    assert node["c"] is node["a"] is node["e"][1]
    assert (node["e"][0], node["text"]) == ("text", "f")


def test_a_duplicate_key_is_found_at_every_place_and_the_first_value_stays():
    assert faults("a: 1\nb:\n  c: 1\n  'c': 2\na: {x: 1, x: 2}\n\"a\": 3\n") == [
        "1:1 S110 the key 'a' stands here and again at 5:1",
        "3:3 S110 the key 'c' stands here and again at 4:3",
        "4:3 S110 the key 'c' is already at 3:3",
        "5:1 S110 the key 'a' is already at 1:1",
        "5:5 S110 the key 'x' stands here and again at 5:11",
        "5:11 S110 the key 'x' is already at 5:5",
        "6:1 S110 the key 'a' is already at 1:1",
    ]
    assert load("a: 1\nb: 2\na: 3\n")[0] == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c\n", "1:5 S101 a ':' stands where no key can be"),
        ("a:\n\t- b\n", "2:1 S101 a text cannot begin with a tab"),
        ("a: @b\n", "1:4 S101 a text cannot begin with '@'"),
        ("a: 1\nb\n", "2:1 S101 there is no ':' after a key"),
        ("a: [1, 2\n", "1:4 S101 a list in brackets lacks a ',' or its ']'"),
        ("a: {b: 1\n", "1:4 S101 a mapping in braces lacks a ',' or its '}'"),
        ("a: 'b\n", "1:4 S101 the file ends inside a quoted text"),
        ("a: 1\n- b\n", "2:1 S101 the line does not fit the mapping around it; what it belongs to begins at 1:1"),
        ("- a\nb: 1\n", "2:1 S101 the line does not fit the list around it; what it belongs to begins at 1:1"),
        ('a: "C:\\data"\n', "1:7 S101 a backslash stands before a sign that cannot be escaped"),
        ('a: "\\x4"\n', "1:7 S101 an escape lacks its hexadecimal digits"),
        ('a: "\\U00110000"\n', "1:7 S101 an escape names no character"),
        ("%YAML 1.3\n---\na: 1\n", "1:1 S101 the file asks for another version of YAML"),
        ("a: *b\n", "1:4 S101 no anchor is named 'b'"),
    ],
)
def test_what_is_not_yaml_is_said_in_plain_words(text, message):
    [found] = faults(text)
    assert found.startswith(message)


def test_a_file_that_cannot_be_read_to_its_end_has_no_root_but_keeps_its_findings():
    node, findings = load("a: 1\na: !x 2\nb: [\n")
    assert node is None
    assert [f.code for f in findings] == ["S110", "S110", "S104", "S101"]


def test_an_undefined_alias_does_not_end_the_reading():
    node, findings = load("a: *b\nc: !x 1\n")
    assert node == {"a": None, "c": "1"}
    assert [f.code for f in findings] == ["S101", "S104"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("a: b\nname: Bäcker".encode("latin-1"), "2:8 S102"),
        (b"\xef\xbb\xbfa\xff: b", "1:2 S102"),
        (b"a: \xed\xa0\x80", "1:4 S102"),
        (b"a: \xc0\xaf", "1:4 S102"),
        ("a: ä\r\nb: ß\r".encode() + b"\xe4", "3:1 S102"),
        ("a: b\n".encode("utf-16"), "1:1 S102"),
        ("a: b\n".encode("utf-16-le"), "1:1 S102"),
        ("a: b\n".encode("utf-16-be"), "1:1 S102"),
        ("a: b\n".encode("utf-32"), "1:1 S102"),
        ("a: b\n".encode("utf-32-be"), "1:1 S102"),
    ],
)
def test_other_encodings_than_utf_8(data, place):
    assert place in codes(data)


def test_reading_goes_on_after_a_byte_that_is_not_utf_8():
    node, findings = load("name: Bäcker\nowner: !x Ann\n".encode("latin-1"))
    assert node == {"name": "B\ufffdcker", "owner": "Ann"}
    assert [f.code for f in findings] == ["S102", "S104"]
    assert "0xE4" in findings[0].message


@pytest.mark.parametrize(
    "sign",
    sorted({*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A), *OTHERS} - {9, 10, 13}),
)
def test_control_characters_and_bidirectional_signs_are_named_at_their_place(sign):
    raw = f"a: 1\nb: 'x{chr(sign)}y'\nc: 2\n"
    [message] = faults(raw)
    assert message.startswith("2:6 S103 ")
    assert message.endswith(f"U+{sign:04X}")
    assert load(raw)[0] == {"a": "1", "b": "x\ufffdy", "c": "2"}
    assert codes(f"a: 1\nb: 2 # {chr(sign)}\n") == ["2:8 S103"], "in a comment too"
    [message] = faults(f'a: 1\nb: "x\\u{sign:04x}y"\n')
    assert message.startswith("2:4 S103 ")
    assert message.endswith(f"U+{sign:04X} by an escape")


@pytest.mark.parametrize(
    "escape", ["\\0", "\\a", "\\e", "\\N", "\\L", "\\P", "\\x1b", "\\U0000202e", "\\ud800", "\\udfff"]
)
def test_no_escape_brings_a_forbidden_sign_in(escape):
    assert codes(f'key: ["{escape}"]\n') == ["1:7 S103"]


def test_one_finding_for_each_place_of_forbidden_signs():
    assert codes("a\x1b[31m: \u202e\u202ex\u202c\r\nb: \x07\n") == ["1:2 S103", "1:9 S103", "1:12 S103", "2:4 S103"]


def test_new_lines_tabs_and_other_scripts_are_text():
    assert load('a: "x\\n\\ty"\nb: "\\u00a0\\u3000é"\nc: أهلا שלום 你好 👩‍💻\n')[1] == []


def test_tags_are_not_allowed():
    assert codes("!a b: !!int 3\nc: ! d\ne: !<x> [!y {}]\nf: !u!v w\n") == [
        "1:1 S104",
        "1:7 S104",
        "2:4 S104",
        "3:4 S104",
        "3:10 S104",
        "4:4 S104",
    ]
    assert codes("%TAG ! tag:x,2000:\n---\na: 1\n") == ["1:1 S104"]


def test_merge_keys_are_not_allowed_unless_quoted():
    node, findings = load("base: &b {x: 1}\ngoal:\n  <<: *b\n  y: 2\n")
    assert [(f.code, f.place.line, f.place.column) for f in findings] == [("S105", 3, 3)]
    assert node["goal"] == {"y": "2"}
    assert load("'<<': 1\n") == ({"<<": "1"}, [])


def test_an_anchor_may_not_hold_itself():
    assert codes("a: &x\n  b: [1, *x]\n") == ["2:10 S106"]
    assert codes("&x [*x]\n") == ["1:5 S106"]
    assert codes("a: &x [&x 1, *x]\n") == [], "the inner anchor has taken the name"


@pytest.mark.parametrize(
    ("text", "limits", "finding"),
    [
        ("a: bcd\n", Limits(file_bytes=6), "1:1 S107 the file is larger than the 6 bytes allowed"),
        ("a: [[b]]\n", Limits(depth=2), "1:5 S107 the text is nested deeper than the 2 levels allowed"),
        ("a:\n  b:\n    - c\n", Limits(depth=2), "3:5 S107 the text is nested deeper than the 2 levels allowed"),
        ("a: &x [b]\nc: [*x]\n", Limits(depth=2), "2:5 S107 the text is nested deeper than the 2 levels allowed"),
        ("- 1\n- 2\n- 3\n", Limits(values=3), "3:3 S107 the file holds more than the 3 values allowed"),
        ("- &x [1, 2]\n- *x\n", Limits(values=6), "2:3 S107 the file holds more than the 6 values allowed"),
        ("a: b\nc: abcd\n", Limits(text=3), "2:4 S107 a text of 4 characters is longer than the 3 allowed"),
        ("abcd: b\n", Limits(text=3), "1:1 S107 a text of 4 characters is longer than the 3 allowed"),
    ],
)
def test_each_limit_is_a_setting_and_a_finding(text, limits, finding):
    [message] = faults(text, limits)
    assert message.startswith(finding)


def test_a_limit_that_is_just_met_is_no_finding():
    assert load("- &x [1, 2]\n- *x\n", Limits(file_bytes=17, values=7, depth=2, text=1))[1] == []
    deep = "".join("  " * level + "a:\n" for level in range(64))
    assert load(deep)[1] == []
    assert codes(deep + "  " * 64 + "a:\n") == ["65:129 S107"]
    assert load(f"a: {'x' * 10_000}")[1] == []
    assert codes(f"a: {'x' * 10_001}") == ["1:4 S107"]


def test_a_text_too_long_is_cut_and_reading_goes_on():
    node, findings = load("a: abcdef\nb: !x 1\n", Limits(text=3))
    assert node == {"a": "abc", "b": "1"}
    assert [f.code for f in findings] == ["S107", "S104"]


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", "a: 1\n...\n---\n", "---\na: 1\n--- x\n"])
def test_one_file_holds_one_document(text):
    node, findings = load(text)
    assert node == {"a": "1"}
    assert [f.code for f in findings] == ["S108"]


@pytest.mark.parametrize("key", ["? [a]\n", "? {a: b}\n", "?\n", "{a: 1}", "[]", "&x", "*s "])
def test_a_key_is_a_text(key):
    node, findings = load(f"s: &s [1]\n{key}: 2\nb: 3\n")
    assert [(f.code, f.place.line) for f in findings] == [("S109", 2)]
    assert plain(node) == {"s": ["1"], "b": "3"}


def test_after_a_hundred_findings_of_one_kind_the_file_is_not_read_further():
    node, findings = load("".join(f"a{n}: !x 1\n" for n in range(150)))
    assert node is None
    assert len(findings) == 101
    assert findings[-1].message == "after 100 findings S104 the rest of the file is not read"
    assert findings[-1].place.line == 101
    assert len(load("a: \x07b\n" * 150)[1]) == 101


def test_no_message_shows_more_than_a_little_of_what_was_refused():
    secret = "secret " * 100
    texts = [f"{secret}: 1\n{secret}: 2\n", f"a: *{'s' * 500}\n", f"&{'s' * 500} a: [*{'s' * 500}]\n", f"a: '{secret}"]
    for finding in [finding for text in texts for finding in load(text)[1]]:
        assert len(finding.message) < 160
