"""Tables and small drawings, by hand: text from outside is text, and what is absent has a word."""

from markupsafe import Markup

from dashboard.charts.compose import series
from dashboard.widgets import names
from dashboard.widgets.language import _
from dashboard.widgets.small_chart import small_chart
from dashboard.widgets.table import Group, link, markup
from tests import answers


def test_text_from_a_plan_or_a_wiki_is_never_markup():
    told = markup("<b>", ["<i>"], [["<script>alert(1)</script>"], Group("<u>")], empty="")
    assert all(one not in told for one in ("<b>", "<i>", "<u>", "<script>"))
    assert "&lt;script&gt;" in told


def test_a_first_cell_names_its_row_and_a_number_stands_to_the_right():
    told = markup("People", ["Role", "Planned"], [["Engineer", "4"]], empty="", numbers=(1,))
    assert '<th scope="row" role="rowheader">Engineer</th>' in told
    assert 'data-name="Planned" class="up-number">4</td>' in told


def test_a_table_without_rows_says_what_is_missing():
    assert markup("Risks", ["Risk"], [], empty="The plan has no risk.").endswith("The plan has no risk.</p>")


def test_an_address_in_a_link_is_quoted():
    assert 'href="metric?metric=a%26b&amp;queue=%22x%22"' in link("m", "metric", metric="a&b", queue='"x"')


def test_markdown_marks_of_a_plan_are_shown_as_they_are():
    assert names.plain("*50 %* of [x](http://y) costs $5 :red[now]") == (
        "\\*50 %\\* of \\[x\\]\\(http\\://y\\) costs \\$5 \\:red\\[now\\]"
    )


def test_a_small_chart_leaves_a_gap_where_nothing_is_known_and_draws_no_point_at_zero():
    told = answers.released(answers.figure(40, 0.4), answers.figure(41, "withheld"), answers.figure(42, 0.4))
    drawn = small_chart(series(told))
    assert drawn.count("<circle") == 2
    assert "<polyline" not in drawn  # two points alone are not joined over the gap


def test_a_small_chart_of_what_is_not_settled_is_dashed_and_hollow():
    told = answers.released(answers.figure(40, 0.4), answers.figure(41, 0.5), answers.figure(42, 0.2, "partial"))
    drawn = small_chart(series(told))
    assert drawn.count('stroke-dasharray="3 2.5"') == 1
    assert drawn.count('fill="#ffffff"') == 1


def test_a_small_chart_without_any_value_is_still_told_in_words():
    drawn = small_chart(series(answers.released(answers.figure(40, "no_data"))))
    assert isinstance(drawn, Markup)
    assert "No settled value yet" in drawn


def test_a_text_with_a_number_has_one_form_per_plural():
    assert _("fresh-aside", count=1) == "1 row was set aside."
    assert _("fresh-aside", count=1204) == "1,204 rows were set aside."
