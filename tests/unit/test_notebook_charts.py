"""What a notebook shows of a chart: in words what it says, the picture, how to read it; or why there is none."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.charts import notebook
from metrics.calendar import Rules
from metrics.comparison import NoFunnel, comparison
from metrics.course import course
from metrics.finding import Finding
from metrics.outlook import NoOutlook, outlook
from metrics.target_path import Aim
from tests import answers, courses
from tests.rollouts import ask_of, finding, plan, week
from tests.rollouts import course as wiki

AIM = Aim(0.1, date(2026, 7, 1), date(2026, 12, 31))


def rising(better: str, count: int = 16) -> Any:
    return courses.weekly(*(0.1 + 0.02 * at for at in range(count)), of=answers.metric(better=better))


@pytest.mark.parametrize(("better", "says"), [("lower", "Worse"), ("higher", "Better"), ("neither", "Higher")])
def test_a_control_chart_says_in_words_what_it_finds_and_judges_only_where_a_way_is_better(better, says):
    shown = notebook.control_chart(course(rising(better)))
    assert says in shown.lead
    assert ("it cannot tell" in shown.lead) == (better == "neither")
    assert shown.lead.startswith("**↗ ")
    assert "Middle line: the mean" in shown.below
    assert shown.alt in shown.below.replace("&lt;", "<")


def test_a_target_is_told_of_only_where_a_way_is_better():
    for better, told in (("lower", True), ("neither", False)):
        found = course(rising(better), target=0.9)
        assert ("the target if nothing changes" in notebook.control_chart(found).lead) == told


def test_what_a_plan_says_is_text_and_no_html():
    odd = answers.released(answers.figure(40, 0.2), of=answers.metric(title="<b>Odd</b>"))
    shown = notebook.lines(odd)
    assert "<b>" not in shown.below
    assert "&lt;b&gt;Odd" in shown.below


def test_bars_and_lines_keep_a_place_for_what_is_withheld():
    groups = [answers.figure(40, 0.2, group=("en",)), answers.figure(40, "withheld", group=("sw",))]
    answer = answers.released(*groups, split=("wiki",))
    bars, lines = notebook.bars(answer), notebook.lines(answer)
    assert bars.says == lines.says == ()
    assert "sw: withheld" in bars.alt
    assert "1 withheld (fewer than 10, or beside such)" in lines.below
    assert isinstance(bars.figure, go.Figure)


def test_an_answer_that_was_narrowed_says_to_what():
    narrowed = replace(rising("lower"), where=(("target_kind", "ipv4"), ("wiki", "en")))
    for shown in (notebook.control_chart(course(narrowed)), notebook.lines(narrowed), notebook.bars(narrowed)):
        assert shown.notes[0] == "Only target kind ipv4 and wiki en."
    assert not any(note.startswith("Only") for note in notebook.lines(rising("lower")).notes)


def test_a_funnel_names_who_is_unlike_the_others_or_says_why_nobody_can():
    cells = {"a": (100, 1000), "b": (200, 1000), "c": (300, 1000)}
    figures = [
        replace(answers.figure(40, x / n, group=(name,)), numerator=float(x), denominator=float(n), n=n)
        for name, (x, n) in cells.items()
    ]
    of = answers.metric(numerator=answers.METRIC.numerator)
    found = comparison(answers.released(*figures, split=("wiki",), of=of))
    shown = notebook.funnel(found)
    assert shown.says == ("Unlike the others: a (below) and c (above).",)
    few = notebook.funnel(NoFunnel("too_few", 2))
    assert (few.says, few.figure) == (("No funnel: it takes three that may be shown.",), None)


def test_a_chance_is_said_and_never_surer_than_can_be_known():
    steady = courses.course(courses.weekly(*([0.2, 0.21] * 8)), (None, None, None))
    for value, likely in ((0.5, "more than 95 %"), (0.01, "less than 5 %"), (0.21, "about 46 %")):
        found = outlook(steady, replace(AIM, ends_on=date(2026, 11, 29), value=value), Rules())
        assert f"with a chance of {likely}: then it is " in notebook.outlook(found).lead.replace("\u00a0", " ")


def test_where_there_is_no_chance_it_is_said_why():
    steady = courses.course(courses.weekly(*([0.2, 0.21] * 6)), (None, None, None))
    told = notebook.outlook(outlook(steady, AIM, Rules())).lead
    assert "is not said: its end is further off than half of what is known." in told
    assert notebook.outlook(NoOutlook("neither")).figure is None


def test_an_effect_is_told_with_its_interval_and_what_it_means():
    quiet = {name: wiki(80, 0.3, wobble=at) for at, name in enumerate(("east", "west", "south"), start=2)}
    found = finding(plan({"home": week(40)}), ask_of({"home": wiki(80, 0.3, 40, -0.1), **quiet}))
    shown = notebook.effect(found, week(40))
    assert shown.says[0] == "● Improved."
    assert "points lower (" in shown.says[1]
    assert isinstance(shown.figure, go.Figure)


def test_no_effect_has_its_size_that_could_be_missed_and_no_verdict_its_reason():
    quiet = {name: wiki(80, 0.3, wobble=at) for at, name in enumerate(("home", "west", "south"), start=2)}
    found = finding(plan({"home": week(40)}), ask_of(quiet))
    assert "would probably have been seen; a smaller one may be there." in notebook.effect(found, week(40)).says[2]
    refused = notebook.effect(Finding(None, "no_such", "no verdict", "no_metric"), week(40))
    assert refused.says[1].startswith("Why there is no verdict: the catalogue has no such metric")
    assert refused.figure is None


def test_rollouts_are_those_of_one_wiki_or_of_all():
    rows = [{"title": "Tool", "wiki": name, "started_at": datetime(2026, 3, 2)} for name in ("en", "sw")]
    listing = answers.listing("rollouts", *rows)
    assert [one.text for one in notebook.rollouts(listing, "sw")] == ["Tool on sw"]
    assert [one.day for one in notebook.rollouts(listing)] == [date(2026, 3, 2)] * 2


def test_a_notebook_gets_words_chart_and_words_in_this_order(monkeypatch):
    display = pytest.importorskip("IPython.display")
    seen = list[str]()
    monkeypatch.setattr(display, "display", lambda one: seen.append(type(one).__name__))
    monkeypatch.setattr(go.Figure, "show", lambda one, config: seen.append("chart" if config else ""))
    notebook.control_chart(course(rising("lower")))._ipython_display_()
    notebook.funnel(NoFunnel("no_period"))._ipython_display_()
    assert seen == ["Text", "chart", "Text", "Text"]
