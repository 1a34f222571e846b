"""A KPI in a web page: its figures, its history as a chart, and why it has its colour."""

from __future__ import annotations

from scorecard.render.chart_data import ChartData
from scorecard.render.goal_sheet import KpiSheet
from scorecard.render.html_text import Html, escape, list_items, say, say_status, tag
from scorecard.render.kpi_chart_svg import describe_chart, draw_chart
from scorecard.render.svg_pen import Pen
from scorecard.render.svg_text import FONT

_WIDTH, _HEIGHT = 380, 200
_PEN = Pen(both=True)


def draw_kpi(kpi: KpiSheet, heading: str) -> Html:
    """The KPI under its name at a level of headings."""
    head = [say(heading, kpi.name), say_status(kpi.status, kpi.words, "p")]
    figures = {"Actual": kpi.value, "Target": kpi.target, "Weight": kpi.weight, "Data": kpi.data, "Owner": kpi.owner}
    said = [tag("div", say("dt", name), say("dd", text)) for name, text in figures.items() if text]
    chart = [_draw_history(kpi.chart)] if kpi.chart else []
    reasons = list_items((escape(one) for one in kpi.reasons), class_="quiet")
    caution = [say("p", kpi.caution, class_="caution")] if kpi.caution else []
    return tag("div", *head, tag("dl", *said, class_="figures"), *chart, reasons, *caution, class_="measure")


def _draw_history(data: ChartData) -> Html:
    inside = Html(draw_chart(data, data.unit, _PEN, _WIDTH, _HEIGHT))
    look = {"class_": "chart", "viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "font_family": FONT}
    return tag("svg", inside, role="img", aria_label=describe_chart(data, data.unit), **look)
