"""The Catalogue: every metric with its question, owner, direction, newest value, review day, and the way to its page."""

from markupsafe import escape

from metrics import query
from tests.pages.conftest import Open, text


def test_every_metric_stands_with_its_question_and_a_link_to_its_page(open_page: Open):
    told = text(open_page("catalogue"))
    for one in query.definitions().values():
        assert f'href="metric?metric={one.id}"' in told
        assert escape(one.question) in told


def test_a_pillar_narrows_the_list(open_page: Open):
    told = text(open_page("catalogue", pillar="policy"))
    assert "Indefinite share of blocks" in told
    assert "Thanks given" not in told
