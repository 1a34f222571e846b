"""The formulas of the workbook as texts: what `model/scoring.py` and `compute/propagation.py` say, for spreadsheets.

Every function takes the names of cells and gives a formula without its `=`. Only functions that Excel, LibreOffice and
Google Sheets all know are used. A formula gives an empty text where the number is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

_NEAR = "1E-9"


def score_linear(value: str, target: str, baseline: str, direction: str) -> str:
    """From 0 at the baseline to 1 at the target."""
    right = _right_side(target, [baseline], direction)
    line = f"MAX(0,MIN(1,({value}-{baseline})/({target}-{baseline})))"
    return f'IF(COUNT({value},{target},{baseline})<3,"",IF({right},{line},""))'


def score_red(value: str, target: str, red: str, baseline: str, direction: str, bands: tuple[str, str]) -> str:
    """From the amber line at the red flag to the green one at the target; `baseline` is empty where there is none."""
    amber, green = bands
    starts = [red, *([baseline] if baseline else [])]
    line = f"MAX(0,MIN(1,{amber}+({green}-{amber})*({value}-{red})/({target}-{red})))"
    known = ",".join([value, target, *starts])
    return f'IF(COUNT({known})<{len(starts) + 2},"",IF({_right_side(target, starts, direction)},{line},""))'


def score_reach(value: str, target: str, starts: Sequence[str], direction: str) -> str:
    """1 at the target or better, else 0."""
    slack = f"{_NEAR}*MAX(1,ABS({target}))"
    reached = f'IF(IF({direction}="down",{value}<={target}+{slack},{value}>={target}-{slack}),1,0)'
    if starts:
        reached = f'IF({_right_side(target, starts, direction)},{reached},"")'
    return f'IF(COUNT({value},{target})<2,"",{reached})'


def score_band(value: str, low: str, high: str, tolerance: str) -> str:
    """1 inside the band, falling to 0 over the tolerance outside."""
    outside = f"IF(N({tolerance})=0,0,MAX(0,1-MAX({low}-{value},{value}-{high})/{tolerance}))"
    return f'IF(COUNT({value},{low},{high})<3,"",IF(AND({value}>={low},{value}<={high}),1,{outside}))'


def score_scale(value: str, points: str, scores: str) -> str:
    """Straight lines between points that ascend, flat beyond the ends."""
    at = f"MATCH({value},{points},1)"

    def nth(cells: str, step: str = "") -> str:
        return f"INDEX({cells},{at}{step})"

    rise = f"({nth(scores, '+1')}-{nth(scores)})*({value}-{nth(points)})/({nth(points, '+1')}-{nth(points)})"
    last = f"INDEX({scores},ROWS({scores}))"
    beyond = f"IF({value}>=MAX({points}),{last},{nth(scores)}+{rise})"
    return f'IF(NOT(ISNUMBER({value})),"",IF({value}<=MIN({points}),INDEX({scores},1),{beyond}))'


def score_levels(value: str, words: str, scores: str) -> str:
    """The score of a word, case and outer spaces ignored."""
    same = f"--(LOWER(TRIM({words}))=LOWER(TRIM({value})))"
    return f'IF(TRIM({value})="","",IF(SUMPRODUCT({same})=0,"",SUMPRODUCT({same},{scores})))'


def status(score: str, amber: str, green: str) -> str:
    """The word for a score."""
    return f'IF({score}="","unknown",IF({score}>={green}-{_NEAR},"green",IF({score}>={amber}-{_NEAR},"amber","red")))'


def signal(result: str, drivers: str) -> str:
    """What the statuses of result and drivers say together."""
    green = f'IF({drivers}="green","steady","warning")'
    other = f'IF({drivers}="green","recovering","act")'
    return f'IF(OR({result}="unknown",{drivers}="unknown"),"unknown",IF({result}="green",{green},{other}))'


def total(spans: Sequence[str]) -> str:
    """The sum of columns' parts; 0 where there are none."""
    return f"SUM({','.join(spans)})" if spans else "0"


def ratio(above: str, below: str, unknown: str = '""') -> str:
    """A mean from its sums."""
    return f"IF({below}>0,{above}/{below},{unknown})"


def blend(share: str, result: str, drivers: str) -> str:
    """The outlook; where only one of the two is known, that one."""
    return f'IF({result}="",{drivers},IF({drivers}="",{result},(1-{share})*{result}+{share}*{drivers}))'


def opposed(kind: str, number: str) -> str:
    """What a link passes on of its cause's number."""
    return f'IF({kind}="opposes",1-{number},{number})'


def breach(value: str, low: str, high: str, word: str) -> str:
    """The word where a value lies outside its limits."""
    below, above = f"AND(ISNUMBER({low}),{value}<{low})", f"AND(ISNUMBER({high}),{value}>{high})"
    return f'IF(ISNUMBER({value}),IF(OR({below},{above}),"{word}",""),"")'


def signed(state: str) -> str:
    """A status with its sign before it."""
    return f'IF({state}="green","● ",IF({state}="amber","◆ ",IF({state}="red","▲ ","○ ")))&{state}'


def heading(outlook: str, result: str) -> str:
    """Where the outlook points, seen from the result; level within one point of a hundred."""
    points = f'IF(ABS({outlook}-{result})<0.01,"→",IF({outlook}>{result},"↗","↘"))'
    return f'IF({outlook}="","",IF({result}="","·",{points}))'


def _right_side(target: str, starts: Sequence[str], direction: str) -> str:
    below, above = (",".join(f"{target}{sign}{start}" for start in starts) for sign in "<>")
    return f'IF({direction}="down",AND({below}),AND({above}))'
