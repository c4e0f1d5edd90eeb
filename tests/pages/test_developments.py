"""Key developments on a page: texts of people stay texts."""

from dashboard.widgets import developments

ROW = {"title": "<script>alert(1)</script>", "text": "a <b>b</b> & [c](javascript:d)"}


def test_nothing_in_a_title_or_text_is_markup():
    told = str(developments.what(ROW))
    assert told == (
        "<strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong><br>a &lt;b&gt;b&lt;/b&gt; &amp; [c](javascript:d)"
    )
    assert "<br>" not in developments.what({**ROW, "text": None})


def test_only_web_addresses_lead_anywhere():
    assert developments.source("javascript:alert(1)") == "javascript:alert(1)"
    assert developments.source("Signpost") == "Signpost"
    told = str(developments.source('https://example.org/"><script>'))
    assert told.startswith('<a href="https://example.org/&#34;&gt;&lt;script&gt;" rel="noopener noreferrer"')
