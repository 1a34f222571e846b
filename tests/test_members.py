"""Members that a row of data names: one of each dimension or none, and what follows from the tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_rows import Reading, read_source

TREE = """\
dimensions:
  store: {parent: region, members: {Munich: south, Kiel: NORTH, Paris 2: west}}
  product: [tea, coffee]
  region: {parent: land, members: {south: DE, north: DE, west: FR}}
  land: [DE, FR]
"""
FLAT = "dimensions: {store: {members: [Munich, Kiel], parent: region}, region: [north, south]}\n"


def read_row(folder: Path, header: str, cells: str, dimensions: str = TREE) -> Reading:
    (folder / "rows.csv").write_text(f"kpi,period,value,{header}\nsales,2026-01,5,{cells}\n", encoding="utf-8")
    return read_source(folder, "rows.csv", dimensions)


@pytest.mark.parametrize(
    ("header", "cells", "members"),
    [
        ("store,product", "Kiel,tea", ("Kiel", "tea", "north", "DE")),
        ("product,store,region", "TEA, paris2 ,", ("Paris 2", "tea", "west", "FR")),
        ("land,region,store,product", "FR,,Paris 2,coffee", ("Paris 2", "coffee", "west", "FR")),
        ("land,region,store,product", "de,South,munich,coffee", ("Munich", "coffee", "south", "DE")),
        ("land,region,store,product", ",,,", ()),
    ],
)
def test_what_follows_from_the_tree_may_be_left_out(
    header: str, cells: str, members: tuple[str, ...], tmp_path: Path
) -> None:
    reading = read_row(tmp_path, header, cells)
    assert (reading.findings, [row[2] for row in reading.rows]) == ([], [members])


@pytest.mark.parametrize(
    ("header", "cells", "finding"),
    [
        ("store,product,region", "Kiel,tea,south", "2:26 S306 'Kiel' belongs to 'north', not to 'south'"),
        ("store,product,land", "Kiel,tea,FR", "2:26 S306 'north' belongs to 'DE', not to 'FR'"),
        ("store,product,region", "Rome,tea,", "2:17 S306 'Rome' is no member of 'store'"),
        ("store,product", "Kiel,", "2:22 S306 the row names a member of some dimensions but none of 'product'"),
        ("region,product", "north,tea", "2:1 S306 the row names a member of some dimensions but none of 'store'"),
    ],
)
def test_members_that_do_not_fit_are_named(header: str, cells: str, finding: str, tmp_path: Path) -> None:
    reading = read_row(tmp_path, header, cells)
    assert (reading.findings, reading.rows) == ([f"rows.csv:{finding}"], [])


def test_a_contradiction_says_what_to_do(tmp_path: Path) -> None:
    hints = read_row(tmp_path, "store,product,region", "Kiel,tea,south").hints
    assert hints == "correct one of them, or leave 'region' empty"


def test_without_a_tree_every_dimension_is_named(tmp_path: Path) -> None:
    reading = read_row(tmp_path, "store", "Kiel", FLAT)
    assert reading.findings == [
        "rows.csv:2:1 S306 the row names a member of some dimensions but none of 'region'",
    ]
    assert read_row(tmp_path, "store,region", "Kiel,south", FLAT).rows[0][2] == ("Kiel", "south")
