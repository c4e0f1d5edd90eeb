"""What many names in a log stand for, at once: the same kinds as `accounts.kind_of`, which looks at one.

It asks `kind_of` itself about each name that is not plainly an account or an address.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.accounts import kind_of
from etl.formats.log_words import cut, spans

_IPV4 = r"\A[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.(?:xxx|[0-9]{1,3})\z"
_DOUBTFUL = r"\A[#~]|[:/]"


def kinds(names: pa.Array) -> pa.Array:
    """The kind of each name; none is missing."""
    is_ipv4 = pc.match_substring_regex(names, _IPV4)
    found = pc.if_else(is_ipv4, "ipv4", "account")
    doubtful = pc.and_not(pc.match_substring_regex(names, _DOUBTFUL), is_ipv4)
    asked = names.filter(doubtful)
    if len(asked):
        found = pc.replace_with_mask(found, doubtful, pa.array([kind_of(name) for name in asked.to_pylist()]))
    return found


def behind_namespace(titles: pa.Array) -> pa.Array:
    """What stands behind the first colon of each title; the whole title where nothing does."""
    buffer, start, end = spans(titles)
    behind = start + pc.fill_null(pc.find_substring(titles, ":"), -1).to_numpy() + 1
    return cut(buffer, np.where(behind < end, behind, start), end)
