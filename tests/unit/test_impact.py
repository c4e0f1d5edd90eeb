"""What rollouts changed: the method follows from the facts, what is left out is named, and no verdict has its reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from metrics import impact
from metrics.finding import Finding, Size, judge
from metrics.stats.verdict import Verdict
from tests import answers
from tests.rollouts import LONG_AFTER, SHARE, ask_of, cards, course, finding, plan, week

WEEKS = 80
QUIET = {name: course(WEEKS, 0.3, wobble=at) for at, name in enumerate(("east", "west", "south"), start=2)}
DAY = timedelta(days=1)


def reached(since: int = 40, change: float = -0.1, wobble: int = 1) -> list[float | str]:
    return course(WEEKS, 0.3, since, change, wobble)


def test_one_wiki_that_was_reached_is_compared_with_those_that_were_not():
    found = finding(plan({"home": week(40)}), ask_of({"home": reached(), **QUIET}))
    assert (found.method, found.word, found.direction) == ("alone", "improved", "down")
    assert found.size.value == pytest.approx(-0.1, abs=1e-3)
    assert found.size.low < -0.1 < found.size.high
    assert found.basis.others == ("east", "south", "west")
    assert (found.basis.before, found.basis.after, found.basis.left_out) == (40, 40, 0)


def test_a_few_wikis_are_set_on_their_own_starts_and_judged_like_one():
    starts = {"home": week(30), "away": week(50)}
    found = finding(plan(starts), ask_of({"home": reached(30), "away": reached(50, wobble=4), **QUIET}))
    assert (found.method, found.word) == ("together", "improved")
    assert (found.basis.before, found.basis.after) == (30, 30)  # as many as both have
    assert found.size.value == pytest.approx(-0.1, abs=2e-3)
    assert found.basis.second.method == "staggered"
    assert found.basis.second.value == pytest.approx(-0.1, abs=0.01)


def test_ten_wikis_are_judged_by_their_own_scatter():
    wikis = {f"w{at}": reached(30 + at % 3, wobble=at) for at in range(12)}
    starts = {name: week(30 + at % 3) for at, name in enumerate(wikis)}
    found = finding(plan(starts), ask_of({**wikis, **QUIET}))
    assert found.method == "staggered"
    assert found.size.value == pytest.approx(-0.1, abs=0.01)
    assert [point.first for point in found.points[:1]] == [-31]


def test_where_all_are_reached_sooner_or_later_those_not_reached_yet_are_the_others():
    starts = {"home": week(30), "away": week(50)}
    found = finding(plan(starts), ask_of({"home": reached(30), "away": reached(50)}))
    assert found.method == "staggered"
    assert found.size.value == pytest.approx(-0.1, abs=0.02)


def test_where_all_are_reached_on_one_day_the_time_before_is_all_there_is_to_compare_with():
    found = finding(plan({"home": week(60), "away": week(60)}), ask_of({"home": reached(60), "away": reached(60)}))
    assert (found.method, found.word) == ("interrupted", "improved")
    assert found.size.value == pytest.approx(-0.1, abs=5e-3)
    assert (found.basis.before, found.basis.after) == (60, 20)
    assert found.moments[-1].otherwise - found.moments[-1].fitted == pytest.approx(-found.size.value)


def test_a_metric_that_knows_no_wikis_is_read_as_one_series():
    blind = answers.metric(id="share", better="lower", dimensions=())
    found = finding(plan({"home": week(60)}), ask_of({"all": reached(60)}, blind), blind)
    assert (found.method, found.basis.reached) == ("interrupted", ())


def test_the_only_wiki_of_a_metric_is_compared_with_its_own_time_before():
    found = finding(plan({"home": week(60)}), ask_of({"home": reached(60)}))
    assert (found.method, found.word) == ("interrupted", "improved")


def test_the_period_in_which_it_began_is_neither_before_nor_after():
    alone = finding(plan({"home": week(40) + 2 * DAY}), ask_of({"home": reached(41), **QUIET}))
    assert (alone.basis.before, alone.basis.after, alone.basis.left_out) == (40, 39, 1)
    both = plan({"home": week(60) + 2 * DAY, "away": week(60) + 2 * DAY})
    series = finding(both, ask_of({"home": reached(61), "away": reached(61)}))
    assert (series.basis.before, series.basis.after, series.basis.left_out) == (60, 19, 1)


def test_a_wiki_with_a_withheld_period_is_left_out_and_named():
    gap = [*QUIET["east"][:20], "withheld", *QUIET["east"][21:]]
    found = finding(plan({"home": week(40)}), ask_of({"home": reached(), **QUIET, "east": gap}))
    assert found.basis.others == ("south", "west")
    assert [(one.wiki, one.why) for one in found.basis.set_aside] == [("east", "gaps")]


def test_where_too_much_is_withheld_there_is_no_verdict_and_that_is_the_reason():
    found = finding(plan({"home": week(40)}), ask_of({"home": ["withheld"] * WEEKS, **QUIET}))
    assert (found.word, found.reason, found.size) == ("no verdict", "withheld", None)


@pytest.mark.parametrize(("hidden", "reason"), [(8, None), (9, "withheld")])
def test_a_series_of_which_more_than_a_tenth_is_withheld_has_no_verdict(hidden, reason):
    """80 weeks; small numbers are withheld and zeros are not, so what is left lies beside the whole."""
    shown = ["withheld" if 0 < at <= hidden else value for at, value in enumerate(reached(60))]
    blind = answers.metric(id="share", better="lower", dimensions=())
    found = finding(plan({"home": week(60)}), ask_of({"all": shown}, blind), blind)
    assert (found.reason, found.size is None) == (reason, reason is not None)


def test_figures_withheld_at_the_ends_count_among_those_looked_at():
    blind = answers.metric(id="share", better="lower", dimensions=())
    shown = [*["withheld"] * 9, *reached(60)[9:]]
    assert finding(plan({"home": week(60)}), ask_of({"all": shown}, blind), blind).reason == "withheld"


def test_what_is_withheld_and_not_yet_settled_is_not_missed():
    """98 weeks end with the build; a figure is settled 70 days after its week, so the last ten are not yet."""
    slow = answers.metric(id="share", better="lower", dimensions=(), mature_after=70 * DAY)
    shown = [*reached(60), *reached(60)[:18]]
    shown[-10:] = ["withheld"] * 10
    found = finding(plan({"home": week(60)}), ask_of({"all": shown}, slow), slow)
    assert (found.reason, found.size is None) == (None, False)


def test_a_reached_wiki_of_which_too_much_is_withheld_is_left_out_and_named():
    """Its first nine weeks of eighty are withheld; the rest has no gap."""
    some = {"home": reached(), "away": [*["withheld"] * 9, *reached(wobble=4)[9:]]}
    found = finding(plan({"home": week(40), "away": week(40)}), ask_of({**some, **QUIET}))
    assert (found.method, found.basis.reached) == ("alone", ("home",))
    assert [(one.wiki, one.why) for one in found.basis.set_aside] == [("away", "withheld")]


def test_another_wiki_of_which_too_much_is_withheld_is_left_out_and_named():
    gaps = ["withheld" if at % 8 == 1 else value for at, value in enumerate(QUIET["east"])]
    found = finding(plan({"home": week(40)}), ask_of({"home": reached(), **QUIET, "east": gaps}))
    assert [(one.wiki, one.why) for one in found.basis.set_aside] == [("east", "withheld")]


def test_a_week_that_is_withheld_of_all_wikis_does_not_make_its_neighbours_neighbours():
    gap = {name: [*values[:20], "withheld", *values[21:]] for name, values in {"home": reached(), **QUIET}.items()}
    assert finding(plan({"home": week(40)}), ask_of(gap)).released.by == "month"


def test_months_are_read_where_weeks_are_withheld():
    home = ["withheld" if at == 10 else value for at, value in enumerate(reached())]
    found = finding(plan({"home": week(40)}), ask_of({"home": home, **QUIET}))
    assert found.released.by == "month"
    assert found.size.value == pytest.approx(-0.1, abs=5e-3)


def test_a_wiki_where_another_rollout_of_the_same_measure_began_is_nothing_to_compare_with():
    moved = plan({"home": week(40)}, others={"east": week(50)})
    found = finding(moved, ask_of({"home": reached(), **QUIET, "east": reached(50, 0.2)}))
    assert [(one.wiki, one.why, one.other) for one in found.basis.set_aside] == [
        ("east", "other_rollout", "The policy")
    ]
    assert found.size.value == pytest.approx(-0.1, abs=1e-3)


def test_the_time_looked_at_ends_where_another_rollout_reaches_the_same_wiki():
    found = finding(plan({"home": week(40)}, others={"home": week(60)}), ask_of({"home": reached(), **QUIET}))
    assert found.basis.after == 20
    assert [one.title for one in found.basis.cut] == ["The policy"]


def test_the_time_before_begins_with_the_last_phase_of_the_plan():
    both = {"home": week(60), "away": week(60)}
    found = finding(plan(both, phases=[(week(30), "New desk")]), ask_of({"home": reached(60), "away": reached(60)}))
    assert (found.basis.before, [one.title for one in found.basis.cut]) == (30, ["New desk"])


def test_a_phase_on_a_day_of_the_rollout_itself_is_what_is_looked_at():
    starts = {"home": week(30), "away": week(50)}
    of = plan(starts, phases=[(week(50), "The tool is everywhere")])
    found = finding(of, ask_of({"home": reached(30), "away": reached(50, wobble=4), **QUIET}))
    assert (found.basis.before, found.basis.after, found.basis.cut) == (30, 30, ())


def test_a_wiki_with_another_usual_of_its_own_is_nothing_to_compare_with():
    phase = {"metric": "share", "filters": '{"wiki": "east"}', "starts_on": week(50), "why": "A new queue"}
    of = replace(plan({"home": week(40)}), phases=[phase])
    found = finding(of, ask_of({"home": reached(), **QUIET}))
    assert [(one.wiki, one.why, one.other) for one in found.basis.set_aside] == [
        ("east", "other_rollout", "A new queue")
    ]
    assert (found.basis.before, found.basis.after) == (40, 40)


def test_two_that_begin_at_once_cannot_be_told_apart():
    at_once = plan({"home": week(40)}, others={"home": week(40)})
    found = finding(at_once, ask_of({"home": reached(), **QUIET}))
    assert (found.word, found.reason) == ("no verdict", "at_once")


@pytest.mark.parametrize(
    ("of", "until", "reason"),
    [
        (plan({"home": week(40)}), week(39), "not_begun"),
        (plan({"home": week(40)}, metric="gone"), week(80), "no_metric"),
        (plan({"home": week(40)}, grain="quarter"), week(80), "no_metric"),
        (plan({"home": week(40)}, where='{"wiki": "east"}'), week(80), "elsewhere"),
        (plan({"home": week(73)}), week(80), "too_little_after"),
        (plan({"home": week(7)}), week(80), "too_little_before"),
    ],
    ids=["not begun", "no such metric", "no such grain", "elsewhere", "too little after", "too little before"],
)
def test_no_verdict_has_its_reason(of, until, reason):
    found = finding(of, ask_of({"home": reached(), **QUIET}), until=until)
    assert (found.word, found.reason, found.size) == ("no verdict", reason, None)


def test_a_wiki_that_was_reached_too_recently_does_not_take_the_verdict_from_the_others():
    starts = {"home": week(40), "away": week(75)}
    found = finding(plan(starts), ask_of({"home": reached(), "away": reached(75), **QUIET}))
    assert (found.method, found.word) == ("alone", "improved")
    assert [(one.wiki, one.why) for one in found.basis.set_aside] == [("away", "too_little_after")]


def test_what_neither_way_is_better_is_told_and_not_judged():
    neither = answers.metric(id="share", better="neither", dimensions=("wiki",))
    found = finding(plan({"home": week(40)}), ask_of({"home": reached(), **QUIET}, neither), neither)
    assert (found.word, found.reason, found.direction) == ("no verdict", "neither", "down")


def test_nothing_is_found_where_nothing_changed():
    found = finding(plan({"home": week(40)}), ask_of({"home": reached(change=0.0), **QUIET}))
    assert (found.word, found.direction) == ("no detectable effect", None)
    assert found.smallest > 0


def test_an_effect_counts_only_where_it_is_more_than_the_time_before_shows():
    clear = Verdict("improved", "it fell", None)
    size = Size(-0.10, -0.14, -0.06)
    assert judge(clear, size, True, Size(-0.05, None, None)).word == "improved"
    assert judge(clear, size, True, Size(0.07, None, None)).reason == "as_before"
    assert judge(clear, size, True, None).word == "improved"


def test_counts_are_shares_of_what_was_usual_as_wikis_differ_in_size():
    count = answers.metric(id="share", unit="count", kind="count", better="higher", dimensions=("wiki",))
    large = {name: [1000 * value for value in values] for name, values in QUIET.items()}
    found = finding(plan({"home": week(40)}), ask_of({"home": course(WEEKS, 10, 40, 5), **large}, count), count)
    assert found.is_relative
    assert found.size.value == pytest.approx(0.5, abs=0.01)


def test_a_count_with_little_before_it_is_read_against_the_year_before():
    count = answers.metric(id="share", unit="count", kind="count", better="higher", dimensions=())
    season = [100 + 40 * (at % 52 < 26) + value for at, value in enumerate(course(100, 1, 78, 30))]
    found = finding(plan({"home": week(78)}), ask_of({"all": season}, count), count)
    assert found.basis.season == "year_ago"
    assert found.size.value == pytest.approx(30, abs=0.5)


def test_with_three_years_before_the_season_is_fitted():
    count = answers.metric(id="share", unit="count", kind="count", better="higher", dimensions=())
    season = [100 + 40 * (at % 52 < 26) + value for at, value in enumerate(course(180, 1, 160, 30))]
    found = finding(plan({"home": week(160)}), ask_of({"all": season}, count), count)
    assert found.basis.season == "fitted"
    assert found.size.value == pytest.approx(30, abs=0.5)


def test_what_was_written_afterwards_is_exploration():
    before, after = (plan({"home": week(40)}, written=week(40) + shift * DAY) for shift in (-1, 0))
    wikis = ask_of({"home": reached(), **QUIET})
    assert [cards(one, wikis)[0].said_before for one in (before, after)] == [True, False]


def test_the_newest_rollout_stands_first_and_one_without_evaluation_has_a_card_of_its_own():
    judged = plan({"home": week(40)})
    extra = {"rollout": "x", "title": "A guide", "wiki": "east", "started_at": date(2026, 3, 2)}
    found = cards(impact.Plan(judged.evaluations, judged.evaluated, [*judged.rollouts, extra], (), ()),
                  ask_of({"home": reached(), **QUIET}))  # fmt: skip
    assert [(one.evaluation, one.title, len(one.findings)) for one in found] == [
        (None, "A guide", 0),
        ("tool", "The tool", 1),
    ]


def test_only_what_rests_on_a_computation_can_be_a_false_alarm():
    wikis = ask_of({"home": reached(), **QUIET})
    assert impact.verdicts(cards(plan({"home": week(40)}), wikis)) == 1
    assert impact.verdicts(cards(plan({"home": week(75)}), wikis)) == 0


def test_the_effect_is_told_in_blocks_of_four_weeks_around_the_start():
    found = finding(plan({"home": week(40)}), ask_of({"home": reached(), **QUIET}))
    assert [(one.first, one.last) for one in found.points] == [(at, at + 3) for at in range(-40, 40, 4)]
    assert found.points[0].size.low < 0 < found.points[0].size.high
    assert found.points[-1].size.high < 0


def of_an_idea(planned: impact.Plan) -> Finding:
    asked = ask_of({"home": reached(), **QUIET})
    return impact.idea(planned, SHARE, "week", {}, {"home": week(40)}, LONG_AFTER, asked)


def test_an_idea_that_the_plan_does_not_name_is_judged_like_its_rollouts():
    found = of_an_idea(plan({}, others={"west": week(60)}))
    assert (found.method, found.word, found.basis.reached) == ("alone", "improved", ("home",))
    assert found.basis.others == ("east", "south")
    assert [one.wiki for one in found.basis.set_aside] == ["west"]  # a rollout of the plan began there


def test_an_idea_of_the_same_place_and_day_as_a_rollout_of_the_plan_cannot_be_told_from_it():
    assert of_an_idea(plan({"home": week(40)})).reason == "at_once"
