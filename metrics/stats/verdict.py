"""What an effect lets us say: improved, worsened, nothing that could have been seen, or nothing at all, and why.

It touches nothing: an effect with its interval in, one word and one sentence out.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Better = Literal["higher", "lower", "neither"]
Word = Literal["improved", "worsened", "no detectable effect", "no verdict"]

NOT_BY_CHANCE = 0.05


@dataclass(frozen=True)
class Effect:
    """A change in the unit of the outcome, with its standard error and the bounds of its 95 % interval.

    None where the data do not give it. The bounds need not be value +- 1.96 se: each function says what it takes.
    """

    value: float
    se: float | None
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """The interval leaves 0 out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Verdict:
    """One word, and a sentence that says why. smallest_detectable: an effect found four times of five, or None."""

    word: Word
    why: str
    smallest_detectable: float | None = None


def checked_better(better: str) -> None:
    if better not in get_args(Better):
        raise ValueError(f"better is one of {', '.join(get_args(Better))}, not {better!r}")


def judge(effect: Effect, better: Better, smallest: float | None) -> Verdict:
    """The verdict that the interval alone gives. smallest: the smallest effect that would have been seen, or None."""
    if effect.low is None or effect.high is None:
        return Verdict("no verdict", "there is no interval, so chance cannot be ruled out", smallest)
    bounds = f"95 % interval {effect.low:.3g} to {effect.high:.3g}"
    if not effect.is_clear:
        seen = "" if smallest is None else f"; only an effect of {smallest:.3g} or more would probably have been seen"
        return Verdict("no detectable effect", f"the interval holds 0 ({bounds}){seen}", smallest)
    moved = f"it {'rose' if effect.value > 0 else 'fell'} by {abs(effect.value):.3g} ({bounds})"
    if better == "neither":
        return Verdict("no verdict", f"{moved}; whether that is good this measure cannot tell", smallest)
    word: Word = "improved" if (effect.value > 0) == (better == "higher") else "worsened"
    return Verdict(word, f"{moved}, and {better} is better", smallest)


def confirmed(verdict: Verdict, effect: Effect, p: float, smallest_p: float, allowed: str) -> Verdict:
    """The verdict of an interval for which few units speak: a permutation has to agree.

    p, smallest_p: of the permutation, and the smallest that it could have given; allowed: what limits it, in words.
    """
    if smallest_p > NOT_BY_CHANCE:
        why = f"{allowed}: the smallest possible p is {smallest_p:.2g}, so chance cannot be ruled out"
        return Verdict("no verdict", why, verdict.smallest_detectable)
    said = f"permutation p = {p:.2g}; {allowed}"
    if effect.is_clear == (p <= NOT_BY_CHANCE):
        return Verdict(verdict.word, f"{verdict.why}; {said}", verdict.smallest_detectable)
    seen = "leaves 0 out" if effect.is_clear else "holds 0"
    return Verdict(
        "no verdict", f"the interval {seen}, and the permutation disagrees ({said})", verdict.smallest_detectable
    )
