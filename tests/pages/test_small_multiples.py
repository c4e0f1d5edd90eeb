"""Groups as control charts of their own: the largest first, each with its words and its link, the rest in the table."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import signals
from dashboard.widgets import cards, signal
from metrics import query
from tests import answers, courses
from tests.pages.conftest import Open, text

TWO = answers.released(
    answers.figure(40, 0.2, group=("ar",)), answers.figure(40, 0.1, group=("en",)), answers.figure(41, "withheld", group=("en",)),
    split=("wiki",),
)  # fmt: skip


def over_time(open_page: Open, **address: str) -> AppTest:
    app = open_page("metric", view="course", **address)
    assert not app.exception
    return app


def test_every_group_is_a_card_with_its_chart_its_words_and_its_link(open_page: Open):
    told = text(over_time(open_page, metric="cases_opened", split="queue"))
    assert told.count('<article class="up-card">') == 5
    assert 'href="metric?metric=cases_opened&amp;by=month&amp;queue=conduct"' in told
    assert 'aria-label="Queue: conduct: Cases opened, by month' in told
    assert told.index("queue=conduct") < told.index("queue=emergency")
    assert "Middle line: the mean. Shaded: what is usual" in told


def test_what_the_course_says_stands_above_the_chart(open_page: Open):
    app = open_page("metric", metric="first_response_median_hours", by="week")
    found = query.course(query.ask("first_response_median_hours", by="week", audience="program"), 18.0)
    assert signals.sentence(found).replace("\u00a0", " ") in text(app)
    assert signals.outlook(found).replace("\u00a0", " ") in text(app)


def test_a_symbol_is_hidden_from_those_who_have_the_words_read_out():
    answer = courses.weekly(*[0.2] * 8)
    told = signal.brief(courses.course(answer, (0.2, 0.1, 0.3), assurance="pass", target=0.4))
    assert told == (
        '<p class="up-sign"><span class="up-plain" aria-hidden="true">≈</span> As usual</p>'
        '<p class="up-sign"><span class="up-good" aria-hidden="true">◎</span> Will meet the target</p>'
    )


def test_a_group_is_an_answer_of_its_own_that_is_narrowed_to_it():
    parts = cards.parts_of(TWO)
    assert [(part.where, part.split, [one.value for one in part.figures]) for part, _new in parts] == [
        ((("wiki", "ar"),), (), [0.2]),
        ((("wiki", "en"),), (), [0.1, None]),
    ]


def test_the_largest_group_is_the_one_of_most_cases_not_of_the_highest_share():
    few, many = (answers.figure(40, value, group=(name,)) for value, name in ((0.9, "few"), (0.1, "many")))
    answer = answers.released(replace(few, n=20), replace(many, n=900), split=("wiki",))
    assert [part.where for part, _new in cards.parts_of(answer)] == [(("wiki", "many"),), (("wiki", "few"),)]


def test_a_group_without_a_name_has_a_card_but_no_link(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    open_page("this_week")
    nameless = answers.released(answers.figure(40, 0.2, group=("",)), split=("wiki",))
    ((part, _new),) = cards.parts_of(nameless)
    monkeypatch.setattr(cards.door, "course", lambda answer, target: courses.course(answer, (0.2, 0.1, 0.3)))
    drawn = cards.card(part, None, (), "Wiki: not known").drawn
    assert '<p class="up-title">Wiki: not known</p>' in drawn


def test_of_many_groups_the_others_are_counted(monkeypatch: pytest.MonkeyPatch):
    drawn: list[str] = []
    many = [answers.figure(40, number / 100, group=(f"wiki{number:02}",)) for number in range(1, 16)]
    monkeypatch.setattr(cards, "draw", drawn.append)
    monkeypatch.setattr(cards.plan, "target_of", lambda answer: None)
    monkeypatch.setattr(cards.names, "chosen", lambda where: f"wiki {where['wiki']}")
    monkeypatch.setattr(cards.door, "course", lambda answer, target: courses.course(answer, (0.2, 0.1, 0.3)))
    cards.groups(answers.released(*many, split=("wiki",)))
    told = "".join(drawn)
    assert told.count("<article") == 12
    assert "3 more stand in the table." in told
    assert "wiki15" in told
    assert "wiki03" not in told
