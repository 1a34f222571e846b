"""Files of the scorecard's rows: CSV tables and the result as JSON."""

from __future__ import annotations

import json

from scorecard.render.csv_table import write_links, write_table
from scorecard.render.edition import Edition
from scorecard.render.json_result import result


def write_csv(edition: Edition) -> bytes:
    return write_table(edition.evaluation, edition.before).encode()


def write_links_csv(edition: Edition) -> bytes:
    return write_links(edition.evaluation, edition.picture).encode()


def write_json(edition: Edition) -> bytes:
    found = result(edition.evaluation, edition.before)
    return (json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
