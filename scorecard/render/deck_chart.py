"""The history of a KPI as a native line chart under its name and figures: values against targets, gaps where unknown,
old values hollow; and the line that says how to read the charts of a slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecard.model.status import Status
from scorecard.render.chart_data import ChartData, Mark
from scorecard.render.deck_file import POINT, load, seek, undate_book
from scorecard.render.deck_page import QUIET, Look, Page, Place, Run
from scorecard.render.goal_sheet import KpiSheet
from scorecard.render.svg_text import cut
from scorecard.render.words import span

ACTUAL, TARGET = "Actual", "Target"
_LINE_MARKERS = 65  # the kind of chart
_CIRCLE, _NONE = 8, -4142  # marks of points
_DASH = 4
_SIZE = 8.0
_HEAD = 30 * POINT  # of a chart: its name, and its figures


def draw_chart(page: Page, kpi: KpiSheet, place: Place) -> None:
    """The chart of a KPI whose history is known, below its name and figures."""
    assert kpi.chart is not None
    data = _read_data(kpi.chart)
    left, top, width, height = place
    _write_heading(page, kpi, (left, top, width, _HEAD))
    below = (left, top + _HEAD, width, height - _HEAD)
    shape, is_new = page.frame(f"chart:{kpi.id}", lambda: _add(page, data, below))
    if not shape.has_chart:
        return
    chart = shape.chart
    if is_new:
        _dress(chart, kpi.chart)
    elif not _is_same(chart, data):
        chart.replace_data(data)
        if len(data) > len(chart.plots[0].series) - 1:
            _dress_series(chart)
    book = chart.part.chart_workbook
    book.update_from_xlsx_blob(undate_book(book.xlsx_part.blob))
    _mark_points(chart, kpi.chart, page)
    chart.has_title = False  # its heading stands above it
    said = [f"{one.label}: {one.value}" for one in kpi.chart.points if one.value is not None]
    page.describe(shape, f"{kpi.name}: {kpi.words}, {kpi.value}\n{', '.join(said)}")


def find_chart(page: Page, kpi: KpiSheet) -> Place | None:
    """Where the chart of a KPI stands with its heading; None where there is none."""
    if f"chart:{kpi.id}" not in page.standing:
        return None
    chart = page.named[f"chart:{kpi.id}"]
    return chart.left, chart.top - _HEAD, chart.width, chart.height + _HEAD


def draw_key(page: Page, place: Place, charts: Sequence[ChartData], others: int) -> None:
    """How the charts of a slide are to be read, in a line below them, and how many KPIs have none there."""
    points = [point for chart in charts for point in chart.points]
    said = ["● actual, in the colour of its status"]
    said += ["┅ target"] * any(point.target is not None for point in points)
    said += ["○ no new value: the last one, carried on"] * any(point.mark is Mark.STALE for point in points)
    said += ["pp: percentage points"]
    said += [f"{span(others, 'more KPI')} in the notes"] * bool(others)
    page.text("scorecard:key", place, [[Run("     ".join(said), _SIZE, color=QUIET)]], Look(anchor="b"))


def _read_data(chart: ChartData) -> Any:
    data = load("chart.data").CategoryChartData(number_format=_number_format(chart))
    data.categories = [point.label for point in chart.points]
    data.add_series(ACTUAL, [point.value for point in chart.points])
    if any(point.target is not None for point in chart.points):
        data.add_series(TARGET, [point.target for point in chart.points])
    return data


def _number_format(chart: ChartData) -> str:
    room = chart.high - chart.low
    if chart.unit == "%":
        return "0%" if room > 0.05 else "0.0%" if room > 0.005 else "0.00%"
    return "#,##0" if room >= 5 else "0.0" if room >= 0.5 else "0.00" if room >= 0.05 else "General"


def _add(page: Page, data: Any, place: Place) -> Any:
    kind = load("enum.chart").XL_CHART_TYPE(_LINE_MARKERS)
    return page.slide.shapes.add_chart(kind, *place, data)


def _is_same(chart: Any, data: Any) -> bool:
    plot = chart.plots[0]
    stands = [(one.name, tuple(one.values)) for one in plot.series]
    return list(plot.categories) == [one.label for one in data.categories] and stands == [
        (one.name, tuple(one.values)) for one in data
    ]


def _dress(chart: Any, known: ChartData) -> None:
    """The look of a new chart: quiet axes, few labels that stand upright."""
    chart.font.size = round(_SIZE * POINT)
    chart.has_legend = False
    for axis in (chart.value_axis, chart.category_axis):
        axis.format.line.color.theme_color = 13  # the text's
        axis.format.line.color.brightness = 0.7
        axis.tick_labels.font.size = round(_SIZE * POINT)
    chart.value_axis.tick_labels.number_format = _number_format(known)
    chart.value_axis.tick_labels.number_format_is_linked = False
    lines = chart.value_axis.major_gridlines.format.line
    lines.width, lines.color.theme_color, lines.color.brightness = POINT // 2, 13, 0.85
    _thin_labels(chart.category_axis, len(known.points))
    _dress_series(chart)


def _thin_labels(axis: Any, points: int) -> None:
    """A label for every period, or every third one and so on, so that none stands aslant."""
    body = seek(axis._element, "./c:txPr/a:bodyPr")[0]
    body.set("rot", "1000")
    body.set("vert", "horz")
    step = max(1, -(-points // 5))
    for tag in ("tickLblSkip", "tickMarkSkip"):
        element = load("oxml").parse_xml(
            f'<c:{tag} xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" val="{step}"/>'
        )
        after = seek(axis._element, "./c:noMultiLvlLbl")
        after[0].addprevious(element) if after else axis._element.append(element)


def _dress_series(chart: Any) -> None:
    for series in chart.plots[0].series:
        series.smooth = False
        line = series.format.line
        if series.name == TARGET:
            line.width, line.dash_style = round(1.25 * POINT), load("enum.dml").MSO_LINE(_DASH)
            line.color.theme_color, line.color.brightness = 13, 0.5
            series.marker.style = load("enum.chart").XL_MARKER_STYLE(_NONE)
        else:
            line.width, line.color.theme_color, line.color.brightness = 2 * POINT, 13, 0.25
            series.marker.style = load("enum.chart").XL_MARKER_STYLE(_CIRCLE)
            series.marker.size = 6


def _mark_points(chart: Any, known: ChartData, page: Page) -> None:
    """Each value in the colour of its status; one that is carried on or old is hollow."""
    rgb = load("dml.color").RGBColor
    series = next(one for one in chart.plots[0].series if one.name == ACTUAL)
    for point in seek(series._element, "./c:dPt"):
        series._element.remove(point)
    for number, point in enumerate(known.points):
        if point.mark is Mark.MISSING:
            continue
        color = rgb.from_string(page.theme.tone(point.status).line[1:])
        marker = series.points[number].marker
        marker.style, marker.size = load("enum.chart").XL_MARKER_STYLE(_CIRCLE), 6
        marker.format.line.color.rgb = color
        marker.format.fill.solid()
        if point.mark is Mark.OWN:
            marker.format.fill.fore_color.rgb = color
        else:
            marker.format.fill.fore_color.theme_color = 14  # the ground's


def _write_heading(page: Page, kpi: KpiSheet, place: Place) -> None:
    room = place[2] / POINT
    tone = page.theme.tone(kpi.status)
    target = f", target {kpi.target}" if kpi.target else ""
    known = "" if kpi.status == Status.UNKNOWN else f" · {kpi.words.removeprefix(f'{kpi.status.sign} ')}"
    lines: Sequence[Sequence[Run]] = [
        [Run(f"{kpi.status.sign} ", 11, color=tone.line), Run(cut(kpi.name, room - 22, 11, bold=True), 11, bold=True)],
        [Run(cut(f"{kpi.value}{target}{known}", room, 9.5), 9.5, color=QUIET)],
    ]
    page.text(f"scorecard:about {kpi.id}", place, lines)
