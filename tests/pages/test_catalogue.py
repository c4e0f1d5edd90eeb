"""The Catalogue: every metric with its question, owner, direction, newest value, review day, and the way to its page."""

from markupsafe import escape

from metrics import query
from tests.pages.conftest import Open, text


def test_every_metric_stands_with_its_question_and_a_link_to_its_page(open_page: Open):
    told = text(open_page("catalogue"))
    for one in query.definitions().values():
        assert f'href="metric?metric={one.id}"' in told
        assert escape(one.question) in told


def test_metrics_stand_in_groups_in_the_order_in_which_a_reader_asks(open_page: Open):
    app = open_page("catalogue")
    assert [one.value for one in app.header] == [
        "Prevalence and perception", "Moderation", "Reports, cases and who answers them", "Administrators",
        "Community health", "Program delivery", "Outreach, contacts and training",
    ]  # fmt: skip


def test_a_pillar_narrows_the_list(open_page: Open):
    told = text(open_page("catalogue", pillar="policy"))
    assert "Indefinite share of blocks" in told
    assert "Thanks given" not in told


def test_where_a_number_comes_from_is_drawn_and_told_as_a_table(open_page: Open):
    told = text(open_page("catalogue", lineage="open_risks"))
    assert "<svg" in told
    assert "rests on 2 tables and on 1 feed: plan" in told
    table = told[told.index("Tables, columns and feeds that it rests on") :]
    assert "closed_at, opened_at" in table
    assert "closed_on, opened_on" in table
    assert "severity" not in table.split("</table>")[0]
