"""Where rows stand on a scale, in SQL: at their values, or on a day of many rows in bins of a logarithmic scale.

It runs nothing. What a day makes of a value depends on that day's rows alone, so that days to come, and days whose rows
were deleted, change nothing of it.
"""

from collections.abc import Iterable

from sqlglot import exp

from metrics.semantic.plan import Pass

EXACT_ROWS = 1_000  # rows of a day with a value: up to so many, each stands at its value
BINS_FOR_E = 50.5  # bins from 1 to e, each with its middle within 1 % of its ends
BIN_OF_1 = 40_000  # more than there are from the least number to 1, so that bins of negative values are negative
NEAR = 0.01  # of a value, how far it is at most from the middle of its bin: exp(0.5 / 50.5) - 1 is 0.00995
WHOLE = 50  # whole numbers up to it lie in different bins, and stay as they are


def place(one: Pass) -> exp.Expr:
    """Where a row stands: its value, or the number of its bin."""
    value = exp.column(str(one.at))
    if one.scale != "bins":
        return exp.cast(value, "DOUBLE")
    size = exp.func("NULLIF", exp.Abs(this=value), _number(0))
    steps = exp.Add(this=exp.Mul(this=exp.Ln(this=size), expression=_number(BINS_FOR_E)), expression=_number(0.5))
    number = exp.paren(exp.Add(this=exp.Floor(this=steps), expression=_number(BIN_OF_1)))
    of_bin = exp.Mul(this=exp.Sign(this=value.copy()), expression=number)
    return exp.cast(exp.Case().when(exp.column("is_near"), of_bin).else_(value.copy()), "DOUBLE")


def rows(one: Pass, known: Iterable[exp.Expr]) -> exp.Table | exp.Subquery:
    """The rows of the mart of a pass; where the scale has bins, those with a value, and whether they stand in one.

    On a day of more rows with a value than `EXACT_ROWS` all do but small whole numbers. known: what holds of all rows
    that are looked at; it tells days from one another, never rows of one day.
    """
    mart = exp.table_(one.mart.name)
    if one.scale != "bins":
        return mart
    value, day = exp.column(str(one.at)), exp.cast(exp.column(one.day), "DATE")
    is_broken = exp.or_(
        exp.GT(this=exp.Abs(this=value), expression=_number(WHOLE)),
        exp.NEQ(this=value.copy(), expression=exp.Floor(this=value.copy())),
    )
    is_near = exp.and_(_is_there("busy_day"), exp.paren(is_broken))
    select = exp.select("*", exp.alias_(is_near, "is_near")).from_(mart)
    same = exp.column("busy_day", "busy").eq(day)
    select = select.join(_busy_days(one, known).subquery("busy"), on=same, join_type="LEFT")
    return select.where(_is_there(value.name)).subquery("told")


def _busy_days(one: Pass, known: Iterable[exp.Expr]) -> exp.Select:
    day = exp.cast(exp.column(one.day), "DATE")
    is_many = exp.GT(this=exp.Count(this=exp.Star()), expression=_number(EXACT_ROWS))
    days = exp.select(exp.alias_(day, "busy_day")).from_(one.mart.name)
    days = days.where(*(each.copy() for each in known), _is_there(str(one.at)))
    return days.group_by(day.copy()).having(is_many)


def _is_there(column: str) -> exp.Expr:
    return exp.Not(this=exp.column(column).is_(exp.null()))


def _number(value: float) -> exp.Expr:
    return exp.Literal.number(repr(value))
