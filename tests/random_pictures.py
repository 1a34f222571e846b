"""Pictures for the tests of the map: the nine goals of the social-media scorecard, and random ones of any size."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from sample_map import make_box, make_picture

from scorecard.model.status import Signal, Status
from scorecard.render.picture import Arrow, Picture

LANES = ("Stakeholders' interests", "Customer", "Internal processes", "Learning and growth")

SOCIAL = make_picture(
    LANES,
    (
        make_box("business_results", "Achieve valuable business results", 0, 0.62, outlook=0.71),
        make_box("personal_interaction", "Personal brand interaction", 1, 0.4, signal=Signal.WARNING),
        make_box("engaging_content", "Engaging content", 1, 0.52, guardrails_breached=("Share of promotions",)),
        make_box("communicate", "Communicate with social media users", 2, 0.41),
        make_box("post_content", "Post engaging content", 2, 0.5),
        make_box("paid_ads", "Access wider auditory via paid ads", 2, 0.1, status=Status.RED),
        make_box("train_team", "Train team to interact on social media", 3, 0.6, lines=("Training done: 60%",)),
        make_box("learn_tactics", "Learn social media tactics that work for us", 3, 0.3),
        make_box("customer_profile", "Understand customer profile", 3, None),
    ),
    (
        Arrow("personal_interaction", "business_results"),
        Arrow("engaging_content", "business_results", evidence="observed"),
        Arrow("communicate", "personal_interaction", evidence="tested"),
        Arrow("post_content", "engaging_content"),
        Arrow("paid_ads", "engaging_content", opposes=True),
        Arrow("train_team", "communicate"),
        Arrow("learn_tactics", "post_content"),
        Arrow("customer_profile", "post_content"),
        Arrow("train_team", "business_results", definition=True),
    ),
)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Up to 24 goals in up to 5 lanes (some may be empty), with links up, down and along the lanes."""
    lanes = draw(st.integers(1, 5))
    places = draw(st.lists(st.integers(0, lanes - 1), min_size=1, max_size=24))
    names = st.text(st.sampled_from("ab キ顧客é 🚀\u0301"), max_size=40)
    boxes = tuple(make_box(f"g{number}", draw(names), lane) for number, lane in enumerate(places))
    ends = st.integers(0, len(places) - 1)
    pairs = draw(st.lists(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]), max_size=40))
    arrows = tuple(
        Arrow(
            f"g{source}",
            f"g{target}",
            opposes=draw(st.booleans()),
            evidence=draw(st.sampled_from(("assumed", "observed", "tested"))),
            definition=draw(st.booleans()),
        )
        for source, target in pairs
    )
    return make_picture(tuple(f"Lane {number}" for number in range(lanes)), boxes, arrows)


def make_map(goals: int, seed: int) -> Picture:
    """A map as people draw them: four lanes, each goal with a link or two to one or two lanes above it."""
    random = Random(seed)
    counts = [max(1, round(goals * share)) for share in (0.15, 0.25, 0.3)]
    counts.append(goals - sum(counts))
    ids = [[f"g{lane}_{number}" for number in range(count)] for lane, count in enumerate(counts)]
    boxes = tuple(make_box(id, f"Goal {id}", lane, random.random()) for lane, row in enumerate(ids) for id in row)
    links = set()
    for lane in (1, 2, 3):
        for number, id in enumerate(ids[lane]):
            for _ in range(random.choice((1, 1, 2))):
                above = ids[max(0, lane - random.choice((1, 1, 1, 1, 2)))]
                near = round(number * len(above) / len(ids[lane]) + random.uniform(-1.2, 1.2))
                links.add((id, above[min(max(near, 0), len(above) - 1)]))
    return make_picture(LANES, boxes, tuple(Arrow(source, target) for source, target in sorted(links)))
