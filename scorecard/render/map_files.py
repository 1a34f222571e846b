"""Files of the map that take more than one step: themes of the SVG, PNG and PDF of it, and what Graphviz draws."""

from __future__ import annotations

from scorecard.render.dot import write_dot
from scorecard.render.edition import Edition
from scorecard.render.graphviz import draw
from scorecard.render.palette import DARK, LIGHT
from scorecard.render.picture import Picture
from scorecard.render.svg import write_svg
from scorecard.render.typesetting import typeset


def write_light_svg(picture: Picture) -> str:
    return write_svg(picture, LIGHT)


def write_dark_svg(picture: Picture) -> str:
    return write_svg(picture, DARK)


def write_png(edition: Edition) -> bytes:
    return typeset(write_svg(edition.picture, LIGHT), "png")


def write_dot_svg(edition: Edition) -> bytes:
    return draw(write_dot(edition.picture), "svg")


def write_dot_png(edition: Edition) -> bytes:
    return draw(write_dot(edition.picture), "png")


def write_dot_pdf(edition: Edition) -> bytes:
    return draw(write_dot(edition.picture), "pdf")
