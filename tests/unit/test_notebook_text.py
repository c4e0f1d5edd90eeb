"""What a notebook shows in words and tables: every figure has a cell, and what is withheld says so in it."""

from datetime import datetime

import pandas as pd

from dashboard.charts import notebook_text
from metrics.movement import movement
from metrics.reason import Reason, Unexplained
from tests import answers


def reason(whole, parts):
    found = movement(whole, parts)
    return Reason(
        whole.metric, whole.by, parts.split, (), whole.audience, whole.minimum, whole.build, whole.as_of, found
    )


def lines(text: notebook_text.Text) -> list[str]:
    return text.markdown.replace("\u00a0", " ").splitlines()


def test_every_figure_has_a_cell_and_a_withheld_one_says_so():
    figures = [answers.figure(week, 0.2, group=(name,)) for name in ("en", "") for week in (41, 40)]
    hidden = answers.figure(40, "withheld", group=("sw",)), answers.figure(41, 0.3, "maturing", group=("sw",))
    told = notebook_text.figures(answers.released(*figures, *hidden, split=("wiki",)))
    assert list(told.columns) == ["en", "not known", "sw"]
    assert [one.split(",")[0] for one in told.index] == ["week 40", "week 41"]
    assert [one.replace("\u00a0", " ") for one in told["sw"]] == ["withheld", "30.0 % (still maturing)"]


def test_an_answer_without_groups_has_the_metric_s_name_above_it_and_an_empty_one_no_rows():
    assert list(notebook_text.figures(answers.released(answers.figure(40, 0.2))).columns) == [answers.METRIC.title]
    assert notebook_text.figures(answers.released()).empty


def test_a_build_of_an_invented_program_says_so():
    assert "all invented" in notebook_text.build(answers.BUILD).markdown
    assert "came until 18 Nov 2026" in notebook_text.build(answers.BUILD).markdown


def test_a_table_writes_days_in_words_and_a_dash_for_what_is_missing():
    frame = pd.DataFrame({"day": [datetime(2026, 3, 2), None], "wait": [4.0, None], "what": ["a|b", "<i>"]})
    told = lines(notebook_text.table(frame))
    assert told == [
        "| day | wait | what |",
        "| --- | --- | --- |",
        "| 2 Mar 2026 | 4 | a&#124;b |",
        "| – | – | &lt;i&gt; |",
    ]


def test_a_definition_says_what_it_does_not_say_and_which_way_is_better():
    told = "\n".join(lines(notebook_text.definition(answers.metric(better="neither"))))
    assert "| It does not say | It says nothing of indefinite blocks. |" in told
    assert "neither way is better" in told
    assert "program 5, executive 10, public 10" in told


def test_goals_say_nothing_of_standing_where_neither_way_is_better():
    answer = answers.released(
        *[answers.figure(week, 0.2) for week in range(40, 46)], of=answers.metric(better="neither")
    )
    (told,) = lines(notebook_text.goals([answers.progress(answer, "missed", target=0.1)]))[2:]
    assert "No target" in told
    assert "Off target" not in told


def test_a_reason_has_its_groups_in_words():
    whole = answers.released(answers.figure(40, 0.2), answers.figure(41, 0.3))
    parts = answers.released(
        answers.figure(40, 0.2, group=("en",)), answers.figure(41, 0.3, group=("en",)), split=("wiki",)
    )
    medians = [
        one.__class__(**{**one.__dict__, "metric": answers.metric(kind="duration", unit="hours")})
        for one in (whole, parts)
    ]
    told = lines(notebook_text.reason(reason(*medians)))
    assert told[0].startswith("**Higher in 2026-W41 than in 2026-W40")
    assert told[-1].startswith("| en | 0.2 h | 0.3 h | ")
    refused = Reason(whole.metric, "week", ("wiki",), (), "program", 5, "b1", whole.as_of, Unexplained("no_group"))
    assert notebook_text.reason(refused).markdown == "**Not taken apart: no group may be shown in both periods.**"


def test_code_is_set_as_code():
    assert notebook_text.code("SELECT 1").markdown == "```sql\nSELECT 1\n```"
