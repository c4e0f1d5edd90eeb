"""Random definitions of every kind over one random mart, and random questions about them.

It draws; it computes nothing. A new kind needs one more entry in KINDS.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, permutations
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from data_contracts.yaml_file import YamlFile
from metrics.calendar import Rules
from metrics.question import Question
from metrics.semantic.model import GRAINS, Mart, Metric
from metrics.semantic.parse import parse

DAY = timedelta(days=1)
SCHEMA = pa.schema(
    [
        ("begun_at", pa.timestamp("us")), ("ended_at", pa.timestamp("us")), ("seen_at", pa.timestamp("us")),
        ("due_on", pa.date32()), ("done_on", pa.date32()), ("is_closed", pa.bool_()), ("is_public", pa.bool_()),
        ("waited_hours", pa.float64()), ("score", pa.float64()), ("amount", pa.int64()), ("word", pa.string()),
        ("wiki", pa.string()), ("topic", pa.string()), ("tool", pa.string()), ("stratum", pa.string()),
        ("people", pa.int64()),
    ]
)  # fmt: skip
TYPES = {"timestamp[us]": "TIMESTAMP", "date32[day]": "DATE", "bool": "BOOLEAN", "double": "DOUBLE", "int64": "BIGINT",
         "string": "VARCHAR"}  # fmt: skip
COLUMNS = {one.name: TYPES[str(one.type)] for one in SCHEMA}
MARTS = {
    name: Mart(
        name=name,
        columns=COLUMNS,
        dimensions={"wiki": "large", "topic": "small", "tool": "small"},
        about_persons=False,
        feeds=("chance",),
    )
    for name in ("mart_chance", "mart_below")
}
TRUTHS, NUMBERS, TEXTS, TIMES, DAYS = (
    tuple(name for name, kind in COLUMNS.items() if kind in wanted)
    for wanted in (("BOOLEAN",), ("BIGINT", "DOUBLE"), ("VARCHAR",), ("TIMESTAMP",), ("DATE",))
)

# Days around which periods, years and daylight saving change; nothing is known from then on.
AS_OF = [
    datetime(2024, 3, 1), datetime(2025, 3, 31), datetime(2026, 1, 1), datetime(2026, 4, 15), datetime(2026, 7, 1),
    datetime(2026, 7, 6), datetime(2026, 10, 26), datetime(2027, 1, 4),
]  # fmt: skip
BACK = (0, 1, 2, 3, 6, 7, 8, 29, 30, 31, 32, 61)
TICK = timedelta(microseconds=1)
EDGES = (timedelta(0), -TICK, TICK, timedelta(hours=-1), timedelta(hours=-12, minutes=-30), timedelta(seconds=-1))
OFFSETS = (*(edge - days * DAY for days in BACK for edge in EDGES), DAY, 9 * DAY)  # some lie in the future
SPANS = (None, "1 hour", "36 hours", "1 day", "7 days", "30 days")


@dataclass(frozen=True)
class Case:
    """A question about one metric, and all that is known: the rows of its marts, until when, from which day on.

    beside: other metrics of a build that share passes with it; one of them counts every row, so that a mart is known
    where it has any. None where the marts are asked at once, and nothing is stored.
    """

    question: Question
    rows: Mapping[str, list[dict[str, Any]]]
    as_of: datetime
    rules: Rules
    first: date
    beside: tuple[Metric, ...] | None


# Few distinct values, so that groups and ties happen; quarters and tenths; NULL wherever a contract may allow it.
CELLS: Mapping[str, Sequence[Any]] = {
    **dict.fromkeys(("begun_at", "ended_at", "seen_at"), (*OFFSETS, None, None, None)),
    **dict.fromkeys(("due_on", "done_on"), (-30 * DAY, -2 * DAY, -DAY, DAY, None)),
    **dict.fromkeys(("is_closed", "is_public"), (True, True, False, False, None)),
    "waited_hours": (0.0, 0.25, 1.0, 1.0, 2.0, 2.5, 24.0, 100.75, None),
    "score": (0.0, 0.1, 0.3, 0.5, 0.7, 1.0, None),
    "amount": (-3, -1, 0, 1, 1, 2, 3, 40, None),
    "word": ("", "Zoë", "zoe", "it's", None),
    "wiki": ("ana.demo", "ana.demo", "ünï.demo", "unknown", None),
    "topic": ("o'clock", "spam", "spam", "", None),
    "tool": ("a", "a", "b", None),
    "stratum": ("one", "one", "two", "three", "four"),
}
PEOPLE = {"one": 300, "two": 50, "three": 50, "four": 1}  # by stratum; one has fewer people than may answer
MEMBERS = {"wiki": ("ana.demo", "ünï.demo", "unknown", "never seen"), "topic": ("spam", "o'clock", "", "unknown"),
           "tool": ("a", "b", "unknown")}  # fmt: skip


def row(seed: int, as_of: datetime) -> dict[str, Any]:
    """The row of a seed: to draw every cell by itself would take Hypothesis longer than all the rest."""
    chance = random.Random(seed)
    cells = {name: chance.choice(values) for name, values in CELLS.items()}
    for name, value in cells.items():
        if isinstance(value, timedelta):
            cells[name] = as_of + value if name.endswith("_at") else (as_of + value).date()
    return {**cells, "people": PEOPLE[cells["stratum"]]}


_seeds = st.integers(0, 2**32)
ROWS = st.one_of(
    st.lists(_seeds, min_size=8, max_size=24), st.lists(_seeds, min_size=12, max_size=20), st.lists(_seeds)
)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in SCHEMA.names}, schema=SCHEMA)


# Conditions, as definitions may write them.

_truth, _number, _text = st.sampled_from(TRUTHS), st.sampled_from(NUMBERS), st.sampled_from(TEXTS)
_numeral = st.sampled_from(["0", "1", "2", "2.5", "40", "0.1", "0.3", "-1", "-3", "24.0"])
_quoted = st.sampled_from(["''", "'Zoë'", "'zoe'", "'it''s'", "'unknown'", "'spam'", "'ana.demo'", "'a'"])
_sides = st.one_of(
    st.tuples(_number, st.one_of(_numeral, _number)),
    st.tuples(_numeral, _number),
    st.tuples(_number.map(lambda name: f"-{name}"), _numeral),
    st.tuples(_text, st.one_of(_quoted, _text)),
    st.tuples(*[st.sampled_from(TIMES)] * 2),
    st.tuples(*[st.sampled_from(DAYS)] * 2),
    st.tuples(_truth, st.sampled_from(["TRUE", "FALSE", *TRUTHS])),
)
_several = st.one_of(
    *(
        st.tuples(name, st.lists(st.one_of(item, name), min_size=1, max_size=3))
        for name, item in ((_number, _numeral), (_text, _quoted), (_truth, st.sampled_from(["TRUE", "FALSE"])))
    ),
    st.tuples(st.sampled_from(TIMES), st.lists(st.sampled_from(TIMES), min_size=1, max_size=2)),
)
_ends = st.one_of(
    st.tuples(_number, _numeral, st.one_of(_numeral, _number)),
    st.tuples(_text, _quoted, _quoted),
    st.tuples(*[st.sampled_from(TIMES)] * 3),
    st.tuples(*[st.sampled_from(DAYS)] * 3),
)
_not = st.sampled_from(["", "", "NOT "])
_simple = st.one_of(
    st.sampled_from([*TRUTHS, "TRUE", "FALSE"]),
    st.tuples(_sides, st.sampled_from(["=", "<>", "<", "<=", ">", ">="])).map(lambda it: f"{it[1]}".join(it[0])),
    st.tuples(_several, _not).map(lambda it: f"{it[0][0]} {it[1]}IN ({', '.join(it[0][1])})"),
    st.tuples(_ends, _not).map(lambda it: f"{it[0][0]} {it[1]}BETWEEN {it[0][1]} AND {it[0][2]}"),
    st.tuples(st.sampled_from(list(COLUMNS)), _not).map(lambda it: f"{it[0]} IS {it[1]}NULL"),
)


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Steps inside one another; brackets are now and then left out, so that what binds closer has to be known."""
    return st.one_of(
        st.tuples(inner, st.sampled_from([" AND ", " OR "]), inner).map("".join),
        st.tuples(inner, st.sampled_from([") AND (", ") OR (", ") = (", ") <> ("]), inner).map(
            lambda it: f"({''.join(it)})"
        ),
        inner.map(lambda one: f"NOT {one}"),
        inner.map(lambda one: f"NOT ({one})"),
        st.tuples(inner, _not).map(lambda it: f"({it[0]}) IS {it[1]}NULL"),
    )


conditions = st.one_of(_simple, st.recursive(_simple, _nested, max_leaves=4)).filter(lambda text: len(text) <= 400)
_where = st.sampled_from([True, True, False]).flatmap(lambda is_none: st.none() if is_none else conditions)

# Measures, by kind.

Parts = st.SearchStrategy[dict[str, Any]]
_counted = st.fixed_dictionaries({"count": st.sampled_from(["*", *COLUMNS]), "where": _where})
_summed = st.fixed_dictionaries({"sum": _number, "where": _where})
_one_of_both = st.one_of(_counted, _summed)
_share_of_one = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 0.333])


def _measured(**keys: st.SearchStrategy[Any]) -> Parts:
    return st.fixed_dictionaries({"measure": st.fixed_dictionaries({**keys, "where": _where})})


def _with(parts: Parts, **keys: st.SearchStrategy[Any]) -> Parts:
    return st.tuples(parts, st.fixed_dictionaries(keys)).map(lambda both: {**both[0], **both[1]})


_maturing = {"mature_after": st.sampled_from(SPANS)}
_at = {"at": st.sampled_from(TIMES)}
_rows_or_not = {"without_rows": st.sampled_from(["zero", "unknown"])}
_quantile = st.fixed_dictionaries({"quantile": _share_of_one})
_within = st.fixed_dictionaries({"within": st.sampled_from([0.25, 1.0, 2.25, 24.0, 200.0])})
KINDS: Mapping[str, Parts] = {
    "count": _with(st.fixed_dictionaries({"measure": _counted}), **_at, **_maturing, **_rows_or_not),
    "sum": _with(st.fixed_dictionaries({"measure": _summed}), **_at, **_maturing, **_rows_or_not),
    "ratio": _with(st.fixed_dictionaries({"numerator": _one_of_both, "denominator": _one_of_both}), **_at, **_maturing),
    "mean": _with(_measured(mean=_number), **_at, **_maturing),
    "quantile": _with(_measured(value=_number), **_at, **_maturing, statistic=_quantile),
    "distinct": _with(
        _measured(distinct=st.sampled_from([name for name in COLUMNS if COLUMNS[name] in ("VARCHAR", "BIGINT")])),
        **_at,
        **_maturing,
    ),
    "duration": _with(
        _measured(duration=st.just("waited_hours"), observed=_truth),
        **_at,
        **_maturing,
        statistic=st.one_of(_quantile, _within),
    ),
    "stock": st.tuples(st.sampled_from(list(permutations(TIMES, 2))), _where)
    .map(lambda it: (*it[0], it[1]))
    .map(lambda it: {"at": it[0], "measure": {"stock": it[0], "until": it[1], "where": it[2]}}),
    "survey_share": _with(_measured(share=_truth, stratum=st.just("stratum"), population=st.just("people")), **_at),
    # A ratio whose sides are counted in two marts.
    "rate": _with(
        st.fixed_dictionaries(
            {
                "numerator": _counted,
                "denominator": _with(_one_of_both, **{"from": st.just("mart_below")}, **_at),
                "per": st.sampled_from([1, 1000]),
            }
        ),
        **_at,
        kind=st.just("ratio"),
        unit=st.just("rate"),
        grains=st.lists(st.sampled_from(GRAINS[:-1]), min_size=1, max_size=2, unique=True),
        dimensions=st.sampled_from([("tool", "wiki", "topic"), ("wiki",)]),  # both marts tell of wikis, so it has to
    ),
}
DIMENSIONS = [("tool", "wiki", "topic"), ("topic", "tool"), ("wiki",), ("topic",), ()]
_some_of = {names: st.sampled_from([(), (), *combinations(names, 1), *permutations(names, 2)]) for names in DIMENSIONS}
_grains = st.lists(st.sampled_from(GRAINS), min_size=1, max_size=2, unique=True)
WORDS = {
    "title": "", "question": "", "why": "", "not_this": "", "pillar": "tools", "status": "draft", "owner": "a",
    "written_by": "a", "checked_by": "b", "reviewed_on": date(2026, 1, 1), "review_again_by": date(2027, 1, 1),
    "version": 1, "changes": [{"version": 1, "on": date(2026, 1, 1), "why": "", "moves": ""}], "from": "mart_chance",
    "unit": "count", "better": "neither", "targets": [], "published": [], "caveats": [], "mature_after": None,
    "grains": ["total"], "dimensions": [], "release": dict.fromkeys(("program", "executive", "public"), 0),
}  # fmt: skip
EVERY_ROW = {"kind": "count", "measure": {"count": "*"}}
IS_STORED = st.sampled_from([*[False] * 7, True])  # to store takes five times as long as to ask at once
Draw = Callable[[st.SearchStrategy[Any]], Any]


def _metric(name: str, **says: Any) -> Metric:
    """The definition as the project reads one, so that nothing is drawn that it would refuse."""
    return parse(YamlFile("drawn.yml", {**WORDS, **says, "id": name}, {}), MARTS)


@st.composite
def cases(draw: Draw, kind: str) -> Case:
    """A case of this kind."""
    as_of, floor = draw(st.sampled_from(AS_OF)), draw(st.sampled_from([0, 5]))
    release = dict.fromkeys(("program", "executive", "public"), floor)
    general = {"kind": kind, "grains": draw(_grains), "dimensions": draw(st.sampled_from(DIMENSIONS))}
    metric = _metric("drawn", **{**general, **draw(KINDS[kind]), "release": release})
    beside = draw(_besides(metric)) if draw(IS_STORED) else None
    rows = {name: [row(seed, as_of) for seed in draw(ROWS)] for name in metric.sources}
    first = (as_of - draw(st.sampled_from([100, 100, 40, 20, 2])) * DAY).date()
    rules = Rules(draw(st.sampled_from([1, 2, 7, 10, 12])), draw(st.sampled_from(["monday", "sunday"])))
    return Case(draw(_questions(metric, as_of.date())), rows, as_of, rules, first, beside)


@st.composite
def _besides(draw: Draw, metric: Metric) -> tuple[Metric, ...]:
    """Another random metric by the same time, and one that counts every row."""
    kind = draw(st.sampled_from([name for name in KINDS if name not in ("stock", "rate")]))
    found = [
        _metric("beside", **{"kind": kind, **draw(KINDS[kind]), "dimensions": metric.dimensions, "at": metric.at}),
        _metric("every", **EVERY_ROW, at=metric.at),
    ]
    if metric.has_exposure:
        below = metric.denominator
        found.append(_metric("every_below", **EVERY_ROW, **{"from": below.source, "at": below.at}))
    return tuple(found)


@st.composite
def _questions(draw: Draw, metric: Metric, as_of: date) -> Question:
    by = draw(st.sampled_from(metric.grains))
    split, chosen = draw(_some_of[metric.dimensions]), draw(_some_of[metric.dimensions])
    where = tuple(sorted((name, draw(st.sampled_from(MEMBERS[name]))) for name in chosen))
    start, end = draw(st.sampled_from(_ends_of(as_of))) if by == "total" else (None, None)
    marts = {name: MARTS[name] for name in metric.sources}
    return Question(metric, marts, by, split, where, start, end, "program")


def _ends_of(as_of: date) -> list[tuple[date | None, date | None]]:
    return [(None, None), (as_of - 30 * DAY, None), (None, as_of - 8 * DAY), (as_of - 31 * DAY, as_of - 2 * DAY)]
