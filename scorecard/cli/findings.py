"""Findings in the formats people and machines read: text, JSON, GitHub annotations, SARIF, JUnit."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from scorecard.model.codes import CODES
from scorecard.model.finding import Finding, Severity

FORMATS = ("text", "json", "github", "sarif", "junit")


def print_findings(findings: Sequence[Finding], form: str) -> None:
    writers = {
        "text": write_text,
        "json": write_json,
        "github": write_github,
        "sarif": write_sarif,
        "junit": write_junit,
    }
    text = writers[form](findings)
    if text:
        print(text)


def write_text(findings: Sequence[Finding]) -> str:
    """One line a finding and one for its hint."""
    lines = []
    for finding in findings:
        lines.append(f"{_place(finding)}: {finding.severity} {finding.code} {finding.message}")
        if finding.hint:
            lines.append(f"    {finding.hint}")
    return "\n".join(lines)


def write_json(findings: Sequence[Finding]) -> str:
    return json.dumps(findings_object(findings), ensure_ascii=False, indent=1)


def findings_object(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as `scorecard check --format json` prints them."""
    return {
        "findings": [
            {
                "code": f.code,
                "severity": f.severity.value,
                "file": f.place.file,
                "line": f.place.line,
                "column": f.place.column,
                "message": f.message,
                "hint": f.hint,
            }
            for f in findings
        ],
        "errors": count(findings, Severity.ERROR),
        "warnings": count(findings, Severity.WARNING),
        "hints": count(findings, Severity.HINT),
        "version": 1,
    }


def count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity for finding in findings)


def write_github(findings: Sequence[Finding]) -> str:
    """Workflow commands that GitHub shows at the line."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def setting(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    return "\n".join(
        f"::{kinds[f.severity]} file={setting(_file(f))},line={f.place.line},col={f.place.column},title={f.code}"
        f"::{data(f.message + (f' ({f.hint})' if f.hint else ''))}"
        for f in findings
    )


def write_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
    codes = sorted({f.code for f in findings})
    results = [
        {
            "ruleId": f.code,
            "ruleIndex": codes.index(f.code),
            "level": levels[f.severity],
            "message": {"text": f"{f.message}. {f.hint}" if f.hint else f.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(os.fsencode(f.place.file.removeprefix("./")))},
                        "region": {"startLine": f.place.line, "startColumn": f.place.column},
                    }
                }
            ],
        }
        for f in findings
    ]
    rules = [{"id": code, "shortDescription": {"text": CODES[code].title}} for code in codes]
    run = {
        "tool": {"driver": {"name": "scorecard", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]},
        ensure_ascii=False,
        indent=1,
    )


def write_junit(findings: Sequence[Finding]) -> str:
    """A test case a finding, errors and warnings as failures."""
    from xml.sax.saxutils import escape, quoteattr  # loads an HTTP client along

    failures = sum(f.severity != Severity.HINT for f in findings)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="scorecard check" tests="{max(len(findings), 1)}" failures="{failures}">',
    ]
    if not findings:
        lines.append('  <testcase name="no findings" classname="scorecard"/>')
    for f in findings:
        lines.append(f"  <testcase name={quoteattr(f'{f.code} {_place(f)}')} classname={quoteattr(_file(f))}>")
        if f.severity == Severity.HINT:
            lines.append(f"    <system-out>{escape(f.message)}</system-out>")
        else:
            kind, message = quoteattr(f.severity.value), quoteattr(f.message)
            lines.append(f"    <failure type={kind} message={message}>{escape(f.hint)}</failure>")
        lines.append("  </testcase>")
    return "\n".join([*lines, "</testsuite>"])


def _place(finding: Finding) -> str:
    return f"{_file(finding)}:{finding.place.line}:{finding.place.column}"


def _file(finding: Finding) -> str:
    """The file's name without the signs that a terminal would obey: names of files are texts of strangers too."""
    name = finding.place.file.removeprefix("./")
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)
