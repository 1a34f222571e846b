"""Every case of the public yaml-test-suite goes through the loader: refused with a finding, or read as it is meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from yaml_trees import by_events, load, scanned

CASES = Path(__file__).parents[2] / "shared" / "yaml-test-suite" / "cases.json"
if not CASES.is_file():
    pytest.skip("the yaml-test-suite is not beside the project", allow_module_level=True)

# Where the C parser and the suite are known to differ, and why.
TAKEN_THOUGH_INVALID = {
    "a comment without a space before it": "9JBA CVW2 SU5Z X4QW",
    "indentation inside brackets and quotes": "9C9N QB6E",
    "dashes as texts in brackets": "G5U8 YJV2",
    "tabs before a text that goes on": "DK95/01 Y79Y/03",
    "a directive without its space": "MUS6/00",
    "more indented blank lines before a block text": "S98Z",
}
REFUSED_THOUGH_VALID = {
    "tabs as white space": "6BCT 6CA3 96NN/00 96NN/01 A2M4 DK95/00 DK95/03 DK95/04 Q5MG R4YG Y79Y/01 Y79Y/10",
    "empty keys": "2JQS CFD4 FRK4 M2N8/00 NHX8 NKF9 S3PD SM9W/01 UKK6/00",
    "directives that it does not know": "2LFX 6LVF BEC7 MUS6/05 MUS6/06 W4TN ZYU8/00 ZYU8/01 ZYU8/02 ZYU8/03",
    "a key in braces apart from its colon": "4MUZ/00 4MUZ/01 4MUZ/02 5MUD 9SA2 K3WX NJ66 UT92 VJP3/01",
    "a colon beside a text in brackets": "4ABK 58MP 5T43 DBG4 HM87/00",
    "unusual anchors, aliases as keys": "2SXE 6M2F 8XYN W5VH",
    "documents and texts without indentation": "7Z25 DK3J FP8R HWV9 M7A3 QT73",
}
READ_OTHERWISE = {
    "a '?' before a text in brackets": "652Z HM87/01",
    "a colon in an anchor": "Y2GN",
    "spaces at the end of a block text": "L24T/01",
}


def ids(listed: dict[str, str]) -> set[str]:
    return {case for line in listed.values() for case in line.split()}


def meanings(text: str) -> list[Any]:
    """The documents of a case, numbers as they are written."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    found, rest = [], text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found


def means(node: Any, meaning: Any) -> bool:
    """The same structure, and texts from which a schema could make the same scalars."""
    if isinstance(meaning, dict):
        return (
            isinstance(node, dict) and node.keys() == meaning.keys() and all(means(node[k], meaning[k]) for k in node)
        )
    if isinstance(meaning, list):
        return isinstance(node, list) and len(node) == len(meaning) and all(map(means, node, meaning))
    if meaning is None:
        return node in (None, "null", "~")
    return node == (str(meaning).lower() if isinstance(meaning, bool) else meaning)


LISTED = json.loads(CASES.read_text("utf-8"))


@pytest.mark.parametrize("case", LISTED, ids=[case["id"] for case in LISTED])
def test_case(case):
    data = case["yaml"].encode("utf-8", "surrogatepass")
    node, findings = load(data)
    codes = {finding.code for finding in findings}
    if case["invalid"]:
        assert (not findings) is (case["id"] in ids(TAKEN_THOUGH_INVALID))
    else:
        assert ("S101" in codes) is (case["id"] in ids(REFUSED_THOUGH_VALID))
    if not case["invalid"] and not findings and case["json"] is not None:
        [meaning] = meanings(case["json"]) or [None]
        assert means(node, meaning) is (case["id"] not in ids(READ_OTHERWISE))


@pytest.mark.parametrize("case", LISTED, ids=[case["id"] for case in LISTED])
def test_the_fast_reader_agrees_or_leaves_the_case_to_the_events(case):
    fast = scanned(case["yaml"])
    assert fast is None or (fast, []) == by_events(case["yaml"])


def test_the_lists_name_cases_that_exist():
    known = {case["id"] for case in LISTED}
    assert ids(TAKEN_THOUGH_INVALID) | ids(REFUSED_THOUGH_VALID) | ids(READ_OTHERWISE) <= known
