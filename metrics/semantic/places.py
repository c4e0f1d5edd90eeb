"""Where rows stand on a scale, in SQL: at values, at hashes of them, and on busy days in bins or for bits of a sketch.

It runs nothing. What a day makes of a value depends on that day's rows alone, so that days to come, and days whose rows
were deleted, change nothing of it.

Bins: on a day of more than `EXACT_ROWS` values, all but small whole numbers stand in bins of a logarithmic scale.
Hashes: of what is told apart, 52 bits of an MD5. They hide nothing, and need not: marts have no keys of persons.
On a day of more than `EXACT_THINGS` different ones they stand for bits of a sketch, written as numbers below 0.
"""

from collections.abc import Collection, Iterable
from datetime import date

from sqlglot import exp

from metrics.semantic.plan import Pass

EXACT_ROWS = 1_000  # rows of a day with a value: up to so many, each stands at its value
BINS_FOR_E = 50.5  # bins from 1 to e, each with its middle within 1 % of its ends
BIN_OF_1 = 40_000  # more than there are from the least number to 1, so that bins of negative values are negative
NEAR = 0.01  # of a value, how far it is at most from the middle of its bin: exp(0.5 / 50.5) - 1 is 0.00995
WHOLE = 50  # whole numbers up to it lie in different bins, and stay as they are

EXACT_THINGS = 1_000  # different things of a day: up to so many, each stands at its hash
DIGITS = 13  # of a hash, hexadecimal: 52 bits, as many as a DOUBLE holds, and more than any two of a million share
BUCKETS = 4_096  # of the sketch, for a standard error of 1 %
RANKS = 41  # of the bits of a bucket: 40 bits of the hash are left for them
BITS = 64  # numbers kept free for the bits of a bucket


def place(one: Pass) -> exp.Expr:
    """Where a row stands, as a number."""
    value = exp.column(str(one.at))
    if one.scale == "values":
        return exp.cast(value, "DOUBLE")
    near, far = (_bin(value), value.copy()) if one.scale == "bins" else (_bit(), exp.column("hash_of"))
    return exp.cast(exp.Case().when(exp.column("is_near"), near).else_(far), "DOUBLE")


def rows(one: Pass, known: Iterable[exp.Expr], quiet: Collection[date] | None = None) -> exp.Table | exp.Subquery:
    """The rows of the mart of a pass; of bins and hashes those with a value, and which are in a bin or a bit.

    known: what holds of all rows that are looked at; it tells days from one another, never rows of one day.
    quiet: which of their days are not busy, where that was found out before; None: it is found out here.
    """
    mart = exp.table_(one.mart.name)
    if one.scale == "values":
        return mart
    day = exp.cast(exp.column(one.day), "DATE")
    is_near = _is_there("busy_day") if quiet is None else _is_none_of(day, quiet)
    columns = [exp.alias_(_hash(one), "hash_of")] if one.scale == "hashes" else []
    if one.scale == "bins":
        is_near = exp.and_(is_near, exp.paren(_is_broken(exp.column(str(one.at)))))
    select = exp.select("*", exp.alias_(is_near, "is_near"), *columns).from_(mart)
    if quiet is None:
        busy = _days(one, exp.GT, "busy_day").where(*(each.copy() for each in known))
        select = select.join(busy.subquery("busy"), on=exp.column("busy_day", "busy").eq(day), join_type="LEFT")
    return select.where(_is_there(str(one.at))).subquery("told")


def quiet_days(one: Pass) -> exp.Select:
    """SELECT the days of the mart of a pass that are not busy, in order."""
    return _days(one, exp.LTE, "quiet_day").order_by("quiet_day")


def _days(one: Pass, compared: type[exp.Binary], name: str) -> exp.Select:
    """SELECT the days on which there are more values than stand exactly, or not more."""
    day, value = exp.cast(exp.column(one.day), "DATE"), exp.column(str(one.at))
    counted, most = (value, EXACT_ROWS) if one.scale == "bins" else (exp.Distinct(expressions=[value]), EXACT_THINGS)
    is_so = compared(this=exp.Count(this=counted), expression=_number(most))
    return exp.select(exp.alias_(day, name)).from_(one.mart.name).group_by(day.copy()).having(is_so)


def _is_none_of(day: exp.Expr, days: Collection[date]) -> exp.Expr:
    if not days:
        return exp.true()
    texts = [exp.cast(exp.Literal.string(each.isoformat()), "DATE") for each in days]
    return exp.Not(this=exp.In(this=day.copy(), expressions=texts))


def _is_broken(value: exp.Expr) -> exp.Expr:
    """Whether a value is no small whole number."""
    is_large = exp.GT(this=exp.Abs(this=value), expression=_number(WHOLE))
    return exp.or_(is_large, exp.NEQ(this=value.copy(), expression=exp.Floor(this=value.copy())))


def _bin(value: exp.Expr) -> exp.Expr:
    """The number of the bin in which a value lies, below 0 for one below 0; bins have the order of values."""
    size = exp.func("NULLIF", exp.Abs(this=value.copy()), _number(0))
    steps = exp.Add(this=exp.Mul(this=exp.Ln(this=size), expression=_number(BINS_FOR_E)), expression=_number(0.5))
    number = exp.paren(exp.Add(this=exp.Floor(this=steps), expression=_number(BIN_OF_1)))
    return exp.Mul(this=exp.Sign(this=value.copy()), expression=number)


def _hash(one: Pass) -> exp.Expr:
    """The hash of a row's value as a whole number; see `spelled` for how an engine reads its digits."""
    of = exp.Literal.string(f"{one.mart.name}.{one.at}:")
    whole = exp.MD5(this=exp.func("CONCAT", of, exp.cast(exp.column(str(one.at)), "VARCHAR")))
    digits = exp.func("SUBSTRING", whole, _number(1), _number(DIGITS))
    return exp.cast(exp.func("CONCAT", exp.Literal.string("0x"), digits), "BIGINT")


def spelled(node: exp.Expr) -> exp.Expr:
    """For Spark: a number of hexadecimal digits, which DuckDB reads where 0x stands before them."""
    digits = node.this.expressions if isinstance(node, exp.Cast) and isinstance(node.this, exp.Concat) else []
    if len(digits) != 2 or digits[0].name != "0x":
        return node
    return exp.cast(exp.Anonymous(this="CONV", expressions=[digits[1].copy(), _number(16), _number(10)]), "BIGINT")


def _bit() -> exp.Expr:
    """The bit that a hash sets: its last 12 bits are the bucket, the rank the zeros with which the others begin.

    0.75 lies between any whole number and the next, far enough from both that the logarithm cannot err.
    """
    bucket = exp.Mod(this=exp.column("hash_of"), expression=_number(BUCKETS))
    rest = exp.Floor(this=exp.Div(this=exp.column("hash_of"), expression=_number(BUCKETS)))
    log = exp.Div(this=exp.Ln(this=exp.Add(this=rest, expression=_number(0.75))), expression=exp.Ln(this=_number(2)))
    rank = exp.Floor(this=exp.Sub(this=_number(RANKS - 1), expression=log))
    place_of = exp.Add(this=exp.Mul(this=exp.paren(bucket), expression=_number(BITS)), expression=rank)
    return exp.Neg(this=exp.paren(exp.Add(this=place_of, expression=_number(1))))


def _is_there(column: str) -> exp.Expr:
    return exp.Not(this=exp.column(column).is_(exp.null()))


def _number(value: float) -> exp.Expr:
    return exp.Literal.number(repr(value))
