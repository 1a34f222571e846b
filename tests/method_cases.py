"""For each code of the method check a strategy in which it is found, and some in which it nearly is.

Every case is the good strategy with some of its parts changed; a line that has a finding ends in `# S4xx`.
"""

from __future__ import annotations

LAYOUT = """\
strategy: shop
{accept}
perspectives:
  money: Money
  guests: Guests{guests}
  work: Work
{perspectives}
{top}
goals:{goals}
  profit:
    perspective: money
    {ada}
    lagging:
      - {margin}
    leading:
      - {to_loyalty}
  loyalty:{loyalty}
    perspective: guests
    {grace}
    lagging:
      - {regulars}
    leading: {loyalty_drivers}
      - {to_speed}
      - {to_taste}
  speed:
    perspective: work
    owner: Edsger
    lagging:
      - {waiting}
    leading: {speed_drivers}
      - {staff}
  taste:{taste}
    perspective: work
    owner: Edsger
    lagging: {results}
      - {returned}
      - {also}
    leading:
      - {fresh}
      - {to_taste_from}
    {garden}
    {guardrails}
{team}
"""
TEAM = """\
  team:{mark}
    perspective: work
    owner: Edsger
    lagging:
      - {{kpi: mood, levels: {{low: 0, high: 1}}, values: {{2026-01: high}}}}
    leading:
      - {driver}
    {accept}
"""
TO_TEAM = "{goal: taste, why: Cooks like praise, evidence: tested}"
ACCEPT = "accept: {S405: Cooks and guests meet at the counter}"


def team(mark: str = "", driver: str = TO_TEAM, accept: str = ACCEPT) -> str:
    return TEAM.format(mark=mark, driver=driver, accept=accept)


def teams(count: int) -> str:
    """So many more goals, linked as the first one is."""
    goal = f"    {{perspective: work, owner: Edsger, lagging: [mood], leading: [{TO_TEAM}], {ACCEPT}}}\n"
    return team() + "".join(f"  t{number}:\n{goal}" for number in range(count))


PARTS = {
    "accept": "",
    "guests": "",
    "perspectives": "",
    "top": "",
    "goals": "",
    "ada": "owner: Ada",
    "margin": '{kpi: margin, unit: "%", baseline: 2%, target: 5%, values: {2026-01: 3%}}',
    "to_loyalty": "{goal: loyalty, why: Regulars buy more, evidence: tested}",
    "loyalty": "",
    "grace": "owner: Grace",
    "regulars": "{kpi: regulars, unit: guests, baseline: 10, target: 50, values: {2026-01: 20}}",
    "loyalty_drivers": "",
    "to_speed": "{goal: speed, why: Nobody likes to wait, evidence: observed}",
    "to_taste": "{goal: taste, why: People return for good food, evidence: observed}",
    "waiting": "{kpi: waiting, unit: minutes, baseline: 9, target: 4, values: {2026-01: 7}}",
    "speed_drivers": "",
    "staff": "{kpi: staff, unit: persons, baseline: 2, target: 4, values: {2026-01: 3}}",
    "taste": "",
    "results": "",
    "returned": "{kpi: returned, unit: plates, baseline: 9, target: 1, values: {2026-01: 7}}",
    "also": "",
    "fresh": '{kpi: fresh, unit: "%", baseline: 50%, target: 90%, values: {2026-01: 60%}}',
    "to_taste_from": "",
    "garden": "initiatives: [{initiative: garden, progress: 20%}]",
    "guardrails": "",
    "team": team(),
}


def strategy(**changes: str) -> str:
    """The good strategy with some parts changed; an empty part leaves its line out."""
    text = LAYOUT.format(**(PARTS | changes))
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip() not in ("", "-"))


def edit(part: str, old: str, new: str) -> dict[str, str]:
    """A change that replaces something in a part."""
    assert PARTS[part].count(old) == 1
    return {part: PARTS[part].replace(old, new)}


def margin(fields: str) -> dict[str, str]:
    return {"margin": f"{{kpi: margin, unit: x, {fields}}}"}


def margin_found(fields: str, code: str) -> dict[str, str]:
    return {"margin": f"{{kpi: margin, unit: x, {fields}}} # {code}"}


def with_kpi(definition: str) -> dict[str, str]:
    return {"top": f"kpis:\n  other: {definition}"}


def with_metric(name: str, mark: str = "") -> dict[str, str]:
    return {"top": f"metrics:\n  {name}: {{unit: kg}}{mark}"}


MARGIN, RETURNED, REGULARS = PARTS["margin"], PARTS["returned"], PARTS["regulars"]
NO_DRIVERS = {"loyalty_drivers": "[]", "to_speed": "", "to_taste": ""}
VALUE = "values: {2026-01: 3}"
RATIO = "baseline: 0, target: 1, formula:"
CASES: list[tuple[str, dict[str, str]]] = [
    ("S401", {"taste": " # S401", "results": "[]", "returned": "", "garden": ""}),
    ("S401", {"taste": " # S401", "garden": "initiatives: [{initiative: garden, status: stopped}]"}
     | edit("returned", "returned,", "returned, role: diagnostic,")),
    ("S401", {"results": "[]", "returned": ""}),
    ("S402", {"taste": " # S402"} | edit("returned", "returned,", "returned, weight: 0,")),
    ("S402", edit("garden", "progress: 20%", "status: done")),
    ("S403", {"loyalty": " # S403"} | NO_DRIVERS),
    ("S403", {"loyalty": " # S403", "to_speed": "{kpi: staff, role: diagnostic}", "to_taste": ""}),
    ("S403", {"to_speed": "staff", "to_taste": ""}),
    ("S403", {"speed_drivers": "[]", "staff": ""}),
    ("S404", {"to_taste": "", "to_taste_from": "{goal: profit, why: Money buys, evidence: tested} # S404"}),
    ("S404", {"to_loyalty": "{goal: taste, why: It may skip a perspective, evidence: tested}"}),
    ("S405", {"to_taste_from": "{goal: speed, why: Hot food, evidence: tested} # S405"}),
    ("S405", {"to_taste_from": "{goal: speed, effect: opposes, why: Haste burns, evidence: tested}"}),
    ("S406", {"team": team(" # S406", "{kpi: pay, unit: EUR, baseline: 1, target: 2, values: {2026-01: 1}}", "")}),
    ("S407", {"perspectives": "  ground: Ground # S407"}),
    ("S408", {"goals": " # S408", "team": teams(21)}),
    ("S408", {"team": teams(20)}),
    ("S409", {"goals": " # S409", "team": ""}),
    ("S410", edit("returned", "returned,", "returned, role: primary,")
     | {"fresh": PARTS["fresh"].replace("fresh,", "fresh, role: primary,") + " # S410"}),
    ("S410", edit("returned", "returned,", "returned, role: primary,") | edit("margin", "n,", "n, role: primary,")),
    ("S411", {"results": "# S411", "also": "waiting"}),
    ("S411", {"also": "waiting"} | edit("returned", "returned,", "returned, role: primary,")),
    ("S411", {"also": "{kpi: waiting, role: diagnostic}"}),
    ("S412", {"ada": "", "margin": f"{MARGIN} # S412"}),
    ("S412", {"ada": ""} | edit("margin", "n,", "n, owner: Ada,")),
    ("S412", {"ada": "", "to_taste": "margin"}),
    ("S413", margin_found(f"baseline: 2, {VALUE}", "S413")),
    ("S413", margin_found(VALUE, "S413")),
    ("S413", margin(f"role: diagnostic, {VALUE}")),
    ("S413", margin(f"scoring: none, {VALUE}")),
    ("S413", margin(f"band: [1, 4], {VALUE}")),
    ("S414", margin_found(f"target: 5, direction: up, {VALUE}", "S414")),
    ("S414", margin(f"target: 5, direction: up, scoring: goal, {VALUE}")),
    ("S414", margin(f"target: 5, direction: up, red: 2, {VALUE}")),
    ("S415", {"margin": MARGIN.replace('unit: "%", ', "") + " # S415"}),
    ("S415", {"margin": "{kpi: margin, levels: {low: 0, high: 1}, values: {2026-01: low}}"}),
    ("S416", {"regulars": f"{REGULARS} # S416"} | with_kpi("{unit: x, formula: 100 * (regulars + 1) / staff}")),
    ("S416", {"regulars": f"{REGULARS} # S416"} | with_kpi("{unit: x, formula: growth(regulars)}")),
    ("S416", with_kpi("{unit: x, formula: waiting / regulars}")),
    ("S416", with_kpi("{unit: x, formula: regulars / 1000}")),
    ("S416", edit("regulars", "guests", "EUR") | with_kpi("{unit: x, formula: regulars / staff}")),
    ("S416", edit("regulars", "rs,", "rs, role: diagnostic,") | with_kpi("{unit: x, formula: regulars / staff}")),
    ("S417", {"to_loyalty": "{goal: loyalty, evidence: tested} # S417"}),
    ("S417", {"to_loyalty": "{goal: loyalty, why: ' ', evidence: tested} # S417"}),
    ("S418", {"to_loyalty": "{goal: loyalty, why: Regulars buy more, evidence: assumed} # S418"}),
    ("S418", {"to_loyalty": "{goal: loyalty, why: Regulars buy more} # S418"}),
    ("S418", {"to_loyalty": "{goal: loyalty, why: Regulars buy more, evidence: {kind: observed, n: 20}}"}),
    ("S419", {"guests": " # S419"} | NO_DRIVERS),
    ("S419", {"guests": " # S419", "to_speed": ""} | edit("returned", "returned,", "returned, weight: 0,")),
    ("S419", {"to_speed": ""}),
    ("S420", {"margin": MARGIN.replace("2026-01", "2025-12") + " # S420"}),
    ("S420", edit("margin", "2026-01: 3%}", "2025-Q4: 3%}, interval: quarter")),
    ("S421", {"margin": MARGIN.replace("2026-01", "2025-10") + " # S421"}),
    ("S421", margin_found(f"{RATIO} waiting / (staff - 3)", "S421")),
    ("S421", edit("margin", "2026-01: 3%}", "2025-10: 3%}, keep: 3")),
    ("S422", margin_found("baseline: 2, target: 5", "S422")),
    ("S422", margin(f"{RATIO} gain / staff") | with_metric("gain", " # S422")),
    ("S422", margin(f"{RATIO} gain if staff > 5 else 0") | with_metric("gain")),
    ("S422", with_metric("gain")),
    ("S423", margin_found(f"target: 5, {VALUE}", "S423")),
    ("S423", margin_found(f"red: 5, {VALUE}", "S423")),
    ("S423", margin(f"target: 5, direction: up, {VALUE}")),
    ("S424", {"waiting": PARTS["waiting"] + " # S424", "also": "{kpi: waiting, role: diagnostic}"}),
    ("S424", {"also": "{kpi: other, role: diagnostic}", "to_taste_from": "{kpi: other, role: diagnostic}"}
     | with_kpi(f"{{unit: x, {VALUE}}}")),
    ("S425", {"margin": MARGIN.replace('"%"', '"%", interval: week') + " # S425"}),
    ("S425", edit("margin", '"%"', '"%", interval: week, aggregate: last')),
    ("S425", edit("margin", '"%"', '"%", interval: quarter')),
    ("S426", {"guardrails": "guardrails:\n      - {kpi: waste, max: 10} # S426"} | with_metric("waste")),
    ("S426", {"guardrails": "guardrails:\n      - {kpi: staff, max: 10}"} | with_metric("waste")),
    ("S427", {"margin": f"{MARGIN} # S427".replace("baseline: 2%", "baseline: 2")}),
    ("S427", {"margin": f"{MARGIN} # S427".replace("target: 5%", "target: {2026-01: 5%, 2026-12: 8}")}),
    ("S427", {"margin": f"{MARGIN} # S427".replace("baseline: 2%, target: 5%", "band: [2%, 5]")}),
    ("S427", edit("margin", "2%, target: 5%", "0, target: 45")),
    ("S427", edit("margin", "2%, target: 5%", "95%, target: 110%")),
    ("S427", edit("regulars", "10,", "0.5,")),
    ("S430", {"team": team(accept="accept:\n      S405: Known\n      S417: They all have one # S430")}),
    ("S430", {"team": team(accept="accept: {S405: Known, S420: It comes and goes}")}),
    ("S431", {"team": team(accept="accept:\n      S405: Known\n      S450: No such code # S431")}),
]  # fmt: skip
