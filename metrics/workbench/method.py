"""How a metric is computed, in words: what the manual says in place of SQL.

It touches nothing; a definition comes in, sentences go out.
"""

from collections.abc import Iterator

from metrics.semantic import places
from metrics.semantic.model import Measure, Metric


def sentences(metric: Metric) -> Iterator[str]:
    """What is counted, and when; a sentence each."""
    yield _what(metric)
    if metric.has_exposure:
        yield "Each side is added up by itself, to the same periods and groups, and only then divided."
    if metric.kind == "stock":
        yield f"Open at the end of the period is what came in (`{metric.at}`) and had not gone out yet."
    else:
        below = metric.denominator.at if metric.denominator else None
        yield f"A row falls into the period of its `{metric.at}`{f', or `{below}` below the line' if below else ''}."
    if metric.kind == "quantile":
        yield (
            f"Exact over days of at most {places.EXACT_ROWS:,} values; over busier ones within {places.NEAR:.0%}, "
            "and the figure says so."
        )
    if metric.kind == "distinct":
        yield (
            f"Exact over days of at most {places.EXACT_THINGS:,} different ones; over busier ones by a sketch, "
            "19 times of 20 within 2 %, and the figure says so. Groups and periods do not add up: what is in two of "
            "them is in the total once."
        )
    if metric.without_rows == "unknown":
        yield "A period without rows is unknown, not 0."
    if metric.can_exceed_1 or metric.has_exposure:
        yield "What stands above the line is not part of what stands below it, so it can exceed 1."


def settled(metric: Metric) -> str:
    """From when on a figure of a closed period stays as it is."""
    if metric.mature_after is None:
        return "when the period is over"
    hours = round(metric.mature_after.total_seconds() / 3600)
    span = f"{hours // 24} days" if hours % 24 == 0 else f"{hours} hours"
    return f"{span} after the period's end; until then only rows whose {span} are over count"


def _what(metric: Metric) -> str:
    if metric.numerator and metric.denominator:
        below = _amount(metric.denominator, lower=True)
        mart = f" of `{metric.denominator.source}`, of the same period" if metric.has_exposure else ""
        per = f", for each {metric.per:,} of them" if metric.per > 1 else ""
        return f"{_amount(metric.numerator)}, divided by {below}{mart}{per}."
    measure = metric.measure
    if measure is None:
        raise AssertionError(f"{metric.id} has neither measure nor numerator")  # the parser lets no such metric through
    match metric.kind:
        case "mean":
            return f"The mean of `{measure.column}`{_of_rows(measure)}."
        case "quantile":
            return f"{_read_off(metric)} of `{measure.column}`{_of_rows(measure)}."
        case "distinct":
            return f"How many different `{measure.column}` there are{_of_rows(measure)}."
        case "duration":
            return (
                f"{_read_off(metric)} of `{measure.column}`{_of_rows(measure)}, by Kaplan-Meier: "
                f"where `{measure.observed}` is not true it is still going on, and is not left out."
            )
        case "stock":
            return f"Rows{_where(measure)} that are in: from `{measure.column}` until `{measure.until}`."
        case "survey_share":
            return (
                f"The share of answers{_where(measure)} in which `{measure.column}` is true, each `{measure.stratum}` "
                f"weighing as many people as it has (`{measure.population}`), with an interval by the design."
            )
    return f"{_amount(measure)}."


def _amount(measure: Measure, *, lower: bool = False) -> str:
    if measure.function == "sum":
        said = f"The sum of `{measure.column}`{_of_rows(measure)}"
    elif measure.column == "*":
        said = f"{'Rows' if measure.where else 'All rows'}{_where(measure)}"
    else:
        said = f"Rows that have `{measure.column}`{' and' if measure.where else ''}{_where(measure)}"
    return said[0].lower() + said[1:] if lower else said


def _read_off(metric: Metric) -> str:
    statistic = metric.statistic
    if statistic is None:
        raise AssertionError(f"{metric.id} has no statistic")  # the parser lets no such metric through
    if statistic.within is not None:
        return f"The share within {statistic.within:g}"
    quantile = statistic.quantile or 0.0
    return "The median" if quantile == 0.5 else f"The {quantile * 100:g} % quantile"


def _of_rows(measure: Measure) -> str:
    return f" over rows{_where(measure)}" if measure.where else ""


def _where(measure: Measure) -> str:
    return f" where `{measure.where}`" if measure.where else ""
