"""This week: what a program manager sees first, and that the way to each explanation is one click."""

from tests.pages.conftest import Open, links, text


def test_every_goal_has_its_measures_with_target_period_course_and_status_in_words(open_page: Open):
    told = text(open_page("this_week"))
    assert "People whose block has ended do not need to be blocked again" in told
    assert "at most 25.0" in told
    assert "Sept 2026" in told
    assert "Off target" in told
    assert told.count('class="sparkline"') == 12


def test_the_headline_says_what_changed_beyond_chance_and_never_judges_where_neither_way_is_better(open_page: Open):
    told = text(open_page("this_week"))
    assert "Still better: Blocked again within 30 days (since Dec 2025)" in told.replace("\\", "")
    assert "Still unclear whether better: Blocks that are partial (higher since Dec 2025)." in told.replace("\\", "")


def test_every_measure_says_in_words_whether_it_changed_and_whether_it_will_meet_its_target(open_page: Open):
    told = text(open_page("this_week"))
    assert '<span class="up-good"><span aria-hidden="true">↘</span> Better since Dec 2025: 10 months below' in told
    assert "Higher since Dec 2025: 11 months above the mean; whether that is better it cannot tell." in told
    assert "Too few values to tell: 5 of 13." in told
    assert told.count("May or may not meet the target") > 3


def test_a_measure_leads_to_its_metric_narrowed_as_the_plan_says(open_page: Open):
    assert 'href="metric?metric=block_recidivism_30d&amp;by=month&amp;wiki=ru.demo"' in text(open_page("this_week"))


def test_what_needs_attention_is_one_click_from_its_explanation(open_page: Open):
    leads = links(open_page("this_week"))
    missed = next(address for label, address in leads.items() if label.startswith("▲ Milestones on time"))
    assert missed == "metric?metric=milestones_on_time_share&by=quarter"
    assert any("Critical: An emergency at night" in one and leads[one] == "program?part=risks" for one in leads)
    assert any("Late, 35 days" in one and leads[one] == "program?part=milestones" for one in leads)
    assert any("needed by 6" in one and leads[one] == "program?part=decisions" for one in leads)
    assert leads["○ 231 rows set aside"] == "data?part=quarantine"


def test_closed_risks_and_decisions_taken_need_no_attention(open_page: Open):
    told = " ".join(links(open_page("this_week")))
    assert "list of blocked accounts" not in told
    assert "once" not in told


def test_decisions_that_wait_stand_with_owner_and_day_and_those_overdue_say_so(open_page: Open):
    told = text(open_page("this_week"))
    assert "Who names the reviewers of appeals" in told
    assert "Overdue, 12" in told
    assert "Do we ask twice a year" not in told


def test_gaps_of_the_rota_need_attention_one_line_a_role(open_page: Open):
    leads = links(open_page("this_week"))
    (first,) = [one for one in leads if one.startswith("▲ First line: nobody for 40.0 h")]
    assert "Fri 20 Nov, 21:00 UTC" in first
    assert leads[first] == "program?part=rota"


def test_what_happened_is_told_to_the_program_and_not_what_is_for_executives_alone(open_page: Open):
    told = text(open_page("this_week"))
    assert "Results of the autumn survey are published" in told
    assert 'href="https://meta.example.org/wiki/Safer_Wikis/Survey_2026_autumn"' in told
    assert "Night duty cannot be paid from this year" not in told
    assert "evaluated" not in told  # longer ago than two weeks
