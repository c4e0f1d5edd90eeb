"""A funnel names whom it finds, ranks nobody, says the same in words, and draws what its description says."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from dashboard.charts.funnel import FunnelChart, funnel_chart, interactive, labels, spot
from dashboard.charts.label_places import WIDTH, box
from metrics import catalog
from metrics.comparison import Comparison, comparison
from tests import answers

SHARE = catalog.definitions()["block_recidivism_30d"]
JUDGING = ("better", "worse", "best", "worst", "rank", "top", "bottom")


def described(cells: dict[str, tuple[int, int] | str], **changed: Any) -> FunnelChart:
    figures = []
    for name, cell in cells.items():
        if isinstance(cell, str):
            figures.append(answers.figure(40, cell, group=(name,)))  # type: ignore[arg-type]
        else:
            x, n = cell
            one = answers.figure(40, x / n, group=(name,))
            figures.append(replace(one, numerator=float(x), denominator=float(n), n=n))
    shown = [cell for cell in cells.values() if not isinstance(cell, str)]
    x, n = (float(sum(cell[at] for cell in shown)) for at in (0, 1))  # nobody is in those withheld
    whole = answers.released(replace(answers.figure(40, x / n), numerator=x, denominator=n), of=SHARE)
    found = comparison(answers.released(*figures, split=("wiki",), of=SHARE), whole)
    assert isinstance(found, Comparison)
    return funnel_chart(replace(found, **changed), {name: f"Wiki {name}" for name in cells})


CELLS: dict[str, tuple[int, int] | str] = {
    "z": (20, 100), "low": (100, 1000), "b": (200, 1000), "high": (300, 1000), "gone": "withheld",
}  # fmt: skip


def test_the_words_name_who_is_unlike_the_others_and_how_many_are_withheld() -> None:
    told = described(CELLS).alt.replace("\u00a0", " ")
    assert "4 members, together 20.0 %." in told
    assert "Unlike the others: Wiki high above, with 30.0 %; Wiki low below, with 10.0 %." in told
    assert "1 member withheld." in told
    assert "None is unlike the others." in described({"a": (20, 100), "b": (20, 100), "c": (20, 100)}).alt


def test_nothing_in_it_judges_or_ranks() -> None:
    chart = described(CELLS)
    assert [dot.label for dot in chart.dots] == ["b", "high", "low", "z"]
    words = " ".join([chart.title, chart.alt, *chart.notes]).lower().replace(",", " ").split()
    assert not set(JUDGING) & set(words)


def test_a_shape_says_what_a_colour_says() -> None:
    looks = {dot.label: (dot.look.shape, dot.is_unlike) for dot in described(CELLS).dots}
    assert looks == {
        "b": ("circle", False), "high": ("triangle-up", True), "low": ("triangle-down", True), "z": ("circle", False),
    }  # fmt: skip


def test_of_many_only_the_unlike_have_their_names_beside_them() -> None:
    many: dict[str, Any] = {f"m{number:02}": (200, 1000) for number in range(12)}
    assert [dot.label for dot in described({**many, "x": (400, 1000)}).dots if dot.label] == ["x"]


def test_names_of_neighbours_stand_apart_and_inside_of_a_phone() -> None:
    """Five of nearly one size and share, where names all above or below their points would lie on each other."""
    crowd: dict[str, Any] = {f"{name}.demo": (200 + at, 1000 + 60 * at) for at, name in enumerate(("ar", "en", "hi"))}
    chart = described({**crowd, "sw.demo": (12, 60), "simple.demo": (2100, 10_000)})
    boxes = [box(spot(chart, dot.size, dot.share), dot.label, place) for dot, place in labels(chart)]
    drawn = {str(one.text): one for one in interactive(chart).layout.annotations if one.text}
    for (dot, _), here in zip(labels(chart), boxes, strict=True):
        across, upward = (getattr(drawn[dot.label], name) for name in ("xanchor", "yanchor"))
        x, y = spot(chart, dot.size, dot.share)
        x, y = x + (drawn[dot.label].xshift or 0), y - (drawn[dot.label].yshift or 0)
        anchored = {"left": here.left, "right": here.right, "center": (here.left + here.right) / 2}[across]
        assert anchored == pytest.approx(x)
        level = {"top": here.top, "bottom": here.bottom, "middle": (here.top + here.bottom) / 2}[upward]
        assert level == pytest.approx(y)
    assert [one for one, other in combinations(boxes, 2) if one.covers(other)] == []
    assert all(one.left >= 0 and one.right <= WIDTH for one in boxes)


def test_the_notes_say_how_far_the_limits_can_be_trusted() -> None:
    few = described(CELLS)
    assert any("fewer than 10" in note for note in few.notes)
    assert any("▲ ▼" in note for note in few.notes)
    spread = described(CELLS, overdispersion=0.01)
    assert any("more than chance makes" in note for note in spread.notes)
    twelve: dict[str, Any] = {f"m{number:02}": (200, 1000) for number in range(12)}
    assert len(described(twelve).notes) == 1


def test_the_figure_has_every_member_and_four_limits_on_a_scale_of_powers() -> None:
    chart = described({**CELLS, "<b>": (20, 100)})
    figure = interactive(chart)
    assert figure.layout.xaxis.type == "log"
    assert len([trace for trace in figure.data if trace.mode == "markers"]) == 5
    names = [str(one.text) for one in figure.layout.annotations]
    assert sorted(names) == ["&lt;b&gt;", "Together 20.0\u00a0%", "b", "high", "low", "z"]
    assert len([trace for trace in figure.data if trace.mode == "lines"]) == 5


@pytest.mark.parametrize(
    ("largest", "ticks"), [(1000, ["100", "200", "500", "1,000"]), (100_000, ["100", "1,000", "10,000", "100,000"])]
)
def test_sizes_have_round_ticks(largest: int, ticks: list[str]) -> None:
    chart = described({"a": (20, 100), "b": (20, 100), "c": (largest // 5, largest)})
    assert [text for _, text in chart.sizes.ticks] == ticks
