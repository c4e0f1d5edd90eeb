"""What a finding of impact rests on and takes for granted, sentence by sentence. It computes nothing."""

from collections.abc import Iterator

from dashboard.charts import effect_words, words
from dashboard.widgets import names
from dashboard.widgets.language import _
from metrics.finding import Basis, Finding, SetAside, Size
from metrics.semantic.model import Metric


def told(one: Finding, metric: Metric) -> Iterator[str]:
    """How it was computed, what it takes for granted, and what was left out, in that order."""
    if one.method is not None:
        yield _method(one)
        yield from _size(one)
    if one.method == "interrupted":
        yield _("impact-assumes-alone")
        yield _("impact-assumes-line")
        if one.basis.season is not None:
            yield _(f"impact-season-{one.basis.season}")
    elif one.method is not None:
        yield _("impact-assumes-parallel")
        yield _("impact-assumes-ahead")
        yield _("impact-assumes-spill")
        if len(one.basis.others) == 1:
            yield _("impact-one-other", wiki=names.member("wiki", one.basis.others[0]))
        if one.is_relative:
            yield _("impact-relative")
    yield from _checks(one, metric)
    yield from _left_out(one.basis)


def _method(one: Finding) -> str:
    by = words.GRAIN_WORDS[one.released.by] if one.released is not None else ""
    return _(
        f"impact-method-{one.method}", reached=_wikis(one.basis.reached), others=_wikis(one.basis.others), period=by
    )


def _size(one: Finding) -> Iterator[str]:
    if one.released is not None and one.basis.after:
        period = words.GRAIN_WORDS[one.released.by]
        before, after = (words.count(size, period) for size in (one.basis.before, one.basis.after))
        yield _("impact-periods", before=before, after=after)


def _checks(one: Finding, metric: Metric) -> Iterator[str]:
    """What was tried where nothing began, the test of the time before, and another method: none of them proves it."""
    is_alone = one.method == "interrupted"
    if one.basis.tried is not None:
        size = _told(one.basis.tried, one, metric)
        yield _("impact-tried-year" if is_alone else "impact-tried-half", size=size)
    elif one.size is not None and one.method != "staggered":
        yield _("impact-not-tried")
    if one.basis.pre_test_p is not None:
        yield _("impact-pre-test", p=words.decimal(one.basis.pre_test_p, 2))
    elif one.method == "staggered":
        yield _("impact-no-pre-test")
    if one.basis.second is not None:
        found = _told(Size(one.basis.second.value, None, None), one, metric)
        yield _(f"impact-second-{one.basis.second.method}", size=found)


def _told(size: Size, one: Finding, metric: Metric) -> str:
    value, interval = effect_words.signed(size, one, metric)
    return value if size.low is None else f"{value} ({interval})"


def _left_out(basis: Basis) -> Iterator[str]:
    if basis.left_out:
        yield _("impact-left-out")
    for cut in basis.cut:
        yield _("impact-cut", title=cut.title, day=words.day(cut.day))
    for one in basis.set_aside:
        yield _set_aside(one)


def _set_aside(one: SetAside) -> str:
    return _(f"impact-aside-{one.why}", wiki=names.member("wiki", one.wiki), other=one.other)


def _wikis(wikis: tuple[str, ...]) -> str:
    return words.listed([names.member("wiki", wiki) for wiki in wikis]) if wikis else "–"
