"""A demo program: two years of an anti-harassment program that does not exist, on six wikis, drawn from a seed.

`write` makes its instance folder; `PLANTED` says what can be found in it because we put it there.
"""

from etl.demo.folder import write
from etl.demo.planted import PLANTED, Planted

__all__ = ["PLANTED", "Planted", "write"]
