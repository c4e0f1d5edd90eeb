"""What a rollout changed: the names under which the ways to ask are found.

It touches nothing. Staggered starts: `staggered_did`. One series without others to compare it with:
`interrupted_series`. A few units that start together: `synthetic_did`; one unit among others: `single_unit_effect`.
"""

from metrics.stats.series import InterruptedSeries, interrupted_series
from metrics.stats.single_unit import Block, SingleUnitEffect, effect_by_block, single_unit_effect, time_permutation_p
from metrics.stats.staggered import StaggeredEffect, staggered_did, sun_abraham
from metrics.stats.synthetic import synthetic_did
from metrics.stats.verdict import Better, Effect, Verdict

__all__ = [
    "Better",
    "Block",
    "Effect",
    "InterruptedSeries",
    "SingleUnitEffect",
    "StaggeredEffect",
    "Verdict",
    "effect_by_block",
    "interrupted_series",
    "single_unit_effect",
    "staggered_did",
    "sun_abraham",
    "synthetic_did",
    "time_permutation_p",
]
