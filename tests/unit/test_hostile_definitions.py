"""Definitions written to reach what they must not, to mislead who reads them, or to fill time and memory.

Each is refused with where it stands and what to do, in a moment: nothing of it is run, and nothing of it hangs.
"""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults, UserFault
from metrics import catalog
from metrics.semantic.parse import parse

GOOD = (catalog.HERE / "blocks_set.yml").read_text(encoding="utf-8")
MEASURE = 'measure: {count: "*"}'
SECONDS = 10  # each takes a few milliseconds, the longest one a second
Told = list[UserFault]


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str | bytes], Told]:
    """`refused(text)`: the faults with which the definition is refused."""

    def faults(content: str | bytes) -> Told:
        path = tmp_path / "blocks_set.yml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        start = perf_counter()
        with pytest.raises((DefinitionFault, Faults)) as caught:
            parse(yaml_file.load(path, DefinitionFault, "blocks_set.yml"), catalog.marts())
        assert perf_counter() - start < SECONDS
        told: Told = list(caught.value.faults) if isinstance(caught.value, Faults) else [caught.value]
        assert all(isinstance(one, DefinitionFault) and one.wanted and one.remedy for one in told)
        assert len(str(caught.value)) < 100_000
        return told

    return faults


def test_the_definition_that_is_made_hostile_is_a_good_one(tmp_path: Path) -> None:
    assert MEASURE in GOOD
    path = tmp_path / "blocks_set.yml"
    path.write_text(GOOD.replace(MEASURE, measured("scope = 'sitewide'")), encoding="utf-8")
    metric = parse(yaml_file.load(path, DefinitionFault), catalog.marts())
    assert [one.where for one in metric.measures] == ["scope = 'sitewide'"]


def measured(where: str) -> str:
    return f'measure: {{count: "*", where: {json.dumps(where)}}}'


# Other tables and rows
REACHING = [
    "scope IN (SELECT queue FROM mart_case)",
    "(SELECT COUNT(*) FROM raw_tickets) > 0",
    "EXISTS (FROM mart_case)",
    "scope = (FROM mart_case SELECT queue LIMIT 1)",
    "scope = ANY (SELECT queue FROM mart_case)",
    "is_partial UNION SELECT TRUE",
    "is_partial) OR (SELECT TRUE",
    "WITH x AS (SELECT 1) SELECT TRUE FROM x",
    "FROM mart_case",
    "TABLE mart_case",
    "VALUES (TRUE)",
    "mart_case.queue = 'x'",
    "main.mart_block.scope = 'x'",
    "information_schema.tables IS NULL",
    "COLUMNS('.*') IS NULL",
    "* LIKE 'x'",
    "rowid = 1",
    "PIVOT mart_block ON scope",
    "block_hours > AVG(block_hours) OVER ()",
    "ROW_NUMBER() OVER () = 1",
    "SUM(block_hours) > 1",
]
# Files, the network, settings, secrets, chance, the clock
LEAVING = [
    "read_csv('/etc/passwd') IS NULL",
    "read_text('secret.key') = ''",
    "read_blob('*') IS NULL",
    "read_parquet('s3://bucket/x') IS NULL",
    "glob('*') IS NULL",
    "getenv('UPSTANDER_KEY') = scope",
    "current_setting('home_directory') = ''",
    "current_user = 'x'",
    "version() = '1'",
    "now() > set_at",
    "set_at < CURRENT_TIMESTAMP",
    "random() < 0.5",
    "INSTALL httpfs",
    "LOAD httpfs",
    "ATTACH '/tmp/other.duckdb' AS other",
    "DETACH other",
    "PRAGMA database_list",
    "COPY mart_block TO '/tmp/out.csv'",
    "EXPORT DATABASE '/tmp/out'",
    "SET enable_external_access = TRUE",
    "CALL duckdb_settings()",
    "DESCRIBE mart_block",
    "DROP TABLE mart_block",
    "CREATE MACRO f(x) AS x",
    "is_partial; ATTACH '/tmp/x'",
    "{fn now()} > set_at",
]
# More than comparing: functions, types, patterns, parameters
DOING = [
    "list_filter([1], x -> x > 0) IS NULL",
    "list_filter([1], lambda x: x > 0) IS NULL",
    "regexp_matches(scope, '(a+)+$')",
    "scope SIMILAR TO '(a+)+$'",
    "scope GLOB '*'",
    "scope LIKE 'a%' ESCAPE '!'",
    "scope COLLATE nocase = 'x'",
    "scope::BLOB = 'x'",
    "CAST(scope AS STRUCT(a INTEGER)) IS NULL",
    "TRY_CAST(scope AS HUGEINT) = 1",
    "scope::JSON IS NULL",
    "set_at > TIMESTAMP '2026-01-01'",
    "set_at > INTERVAL 1 DAY",
    "CASE WHEN is_partial THEN TRUE END",
    "IF(is_partial, TRUE, FALSE)",
    "{'a': 1}.a = 1",
    "MAP {'a': 1} IS NULL",
    "[1][1] = 1",
    "scope[1:2] = 'x'",
    "(is_partial, TRUE) = (TRUE, TRUE)",
    "block_hours = 1 / 0",
    "scope = 'a' 'b'",
    "scope = E'\\\\x41'",
    "scope = $$x$$",
    "scope = $1",
    "scope = ?",
    "scope = :as_of",
    "is_partial FILTER (WHERE TRUE)",
    "is_partial AS other",
    "is_partial ORDER BY 1",
    "scope IN ('a', NULL)",
    "NOT NULL",
    "{% if x %} = 1",
    "{{ x }}",
]
# Reads otherwise than it is written
MISLEADING = [
    "is_partial -- AND FALSE",
    "is_partial /* AND FALSE */",
    "is_partial;",
    "ѕcope = 'x'",  # a Cyrillic s
    "is_partiаl",  # a Cyrillic a
    "ｓｃｏｐｅ = 'x'",
    "is_partial\u200b",
    "scope\u00a0= 'x'",
    "scope = '\u202e'",
    "scope = '\ufeffx'",
    "is_partial\x1b[2K",
    "\x00",
    "scope = ‘x’",
    '"scope"" OR TRUE" = \'x\'',
    "\"Scope\" = 'x'",
    "block_hours = 1e999",
    "block_hours = 1e-400",
    "block_hours = 0x10",
    "block_hours = NaN",
    "block_hours = 'inf'",
    "block_hours = 99999999999999999999999999999999999999",
    "block_hours = 0.1234567890123456789",
]
# Too much of it
ENDLESS = [
    "(" * 150 + "is_partial" + ")" * 150,
    "(" * 1_000_000,
    "NOT " * 95 + "is_partial",
    "NOT " * 250_000 + "is_partial",
    "is_partial" + " OR is_partial" * 70_000,
    "- " * 500_000 + "1 = block_hours",
    "scope = '" + "x" * 1_000_000 + "'",
    "a" * 1_000_000,
    "'" * 999_999,
    "[" * 390,
    "CASE " * 75,
]


@pytest.mark.parametrize("where", [*REACHING, *LEAVING, *DOING, *MISLEADING])
def test_a_condition_that_does_more_than_compare_is_refused_on_its_line(
    refused: Callable[[str | bytes], Told], where: str
) -> None:
    line = GOOD[: GOOD.index(MEASURE)].count("\n") + 1
    told = refused(GOOD.replace(MEASURE, measured(where)))
    assert {one.where for one in told} == {f"blocks_set.yml:{line}"}


@pytest.mark.parametrize("where", ENDLESS, ids=lambda where: f"{where[:12]} of {len(where)}")
def test_a_condition_without_end_is_refused_in_a_moment(refused: Callable[[str | bytes], Told], where: str) -> None:
    told = refused(GOOD.replace(MEASURE, measured(where)))
    words = ("condition of", "cannot be read", "without end")
    assert any(word in one.found for one in told for word in words)


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("from", "/etc/passwd", "there is no mart"),
        ("from", "\"read_csv('/etc/passwd')\"", "there is no mart"),
        ("from", "raw_tickets", "there is no mart"),
        ("from", "core_block", "there is no mart"),
        ("from", "meta_build", "there is no mart"),
        ("from", "information_schema.tables", "there is no mart"),
        ("from", '"mart_block; DROP TABLE mart_block"', "there is no mart"),
        ("from", "'mart_block\" AS x, \"mart_case'", "there is no mart"),
        ("from", "mart_blосk", "there is no mart"),
        ("from", "${UPSTANDER_KEY}", "there is no mart"),
        ("from", "'{{ mart }}'", "there is no mart"),
        ("from", "[mart_block, mart_case]", "from"),
        ("at", "now()", "does not have"),
        ("at", "'set_at\"; DROP TABLE mart_block'", "does not have"),
        ("measure", '{count: "scope\\") FROM mart_case --"}', "does not have"),
        ("measure", '{count: "(SELECT 1)"}', "does not have"),
        ("measure", '{count: "COUNT(*)"}', "does not have"),
        ("measure", '{count: "*", having: "1 = 1"}', "is not known"),
        ("measure", '{count: "*", where: [is_partial]}', "measure.where"),
        ("dimensions", "['wiki\"', scope]", "is no dimension"),
        ("dimensions", "[\"read_text('secret.key')\"]", "is no dimension"),
        ("dimensions", "[" + ", ".join(f"d{n}" for n in range(20_000)) + "]", "parts"),
        ("id", "../../outside", "id is"),
        ("id", "\"x'; DROP TABLE mart_block\"", "id is"),
        ("id", '"blocks_set\\n"', "id is"),
        ("id", "blосks", "id is"),
        ("id", "a" * 100_000, "id is"),
        ("title", "!!python/object/apply:os.system ['echo harm']", "constructor"),
        ("title", "!!python/name:os.system", "constructor"),
        ("title", "!!python/tuple [1]", "constructor"),
        ("title", "!unknown x", "constructor"),
        ("title", "!!set {a, b}", "title is"),
        ("title", '"\\e[31mred"', "a sign that nobody sees (U+001B)"),
        ("title", '"Blocks \\u202e tes"', "a sign that nobody sees (U+202E)"),
        ("why", "x" * 1_000_000, "a text of 1,000,000 letters"),
        ("version", "9" * 5_000, "a number of 5000 signs"),
        ("version", ".inf", "version is inf"),
        ("reviewed_on", "99999-01-01", "reviewed_on is"),
        ("release", "{program: -5, executive: 10, public: 10}", "release.program is"),
        ("release", f"{{program: {'9' * 50}, executive: 10, public: 10}}", "release.program is"),
        ("release", "{program: 4.9, executive: 10, public: 10}", "release.program is"),
        ("release", "{program: 0, executive: 0, public: 0}", "too small"),
        ("mature_after", "\"1 day' OR TRUE\"", "mature_after is"),
        ("mature_after", "-1 days", "mature_after is"),
        ("mature_after", "٣٠ days", "mature_after is"),
        ("targets", "[{fiscal_year: 2027, value: .nan}]", "targets.0.value is nan"),
        ("targets", "[{fiscal_year: 2027, value: .inf}]", "targets.0.value is inf"),
        ("published", "[{value: .nan, period: x, source: x}]", "published.0.value is nan"),
        ("kind", "eval", "kind is"),
    ],
)  # fmt: skip
def test_a_key_that_says_what_it_must_not_is_refused_on_its_line(
    refused: Callable[[str | bytes], Told], key: str, value: str, found: str
) -> None:
    lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in GOOD.splitlines()]
    told = refused("\n".join(lines) + "\n")
    mine = [one for one in told if found in one.found]
    assert mine, told
    line = 1 if found == "parts" else next(n for n, one in enumerate(lines, 1) if one.startswith(f"{key}:"))
    assert mine[0].where == f"blocks_set.yml:{line}"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (BOMB + GOOD, "parts, aliases written out"),
        (GOOD.replace("caveats:", "caveats: &x [*x]\nmore:"), "without end"),
        ("&x {id: *x}\n", "without end"),
        ("base: &b {id: other}\n<<: *b\n" + GOOD, "is not known"),
        (GOOD + "deep: " + "[" * 1_000 + "]" * 1_000 + "\n", "without end"),
        ("[" * 1_000_000, "without end"),
        ("".join(" " * n + "a:\n" for n in range(3_000)), "without end"),
        ("".join(f"k{n}: 1\n" for n in range(10_000)) + GOOD, "a definition of 10,0"),
        (GOOD + "".join(f"  - caveat {n}\n" for n in range(10_000)), "a definition of 10,0"),
        (GOOD + "id: another\n", "stands twice"),
        (GOOD + "? [a, b]\n: c\n", "unhashable"),
        (GOOD + "~: c\n", "None"),
        (GOOD + "---\n" + GOOD, "another document"),
        ("%YAML 9.9\n---\n" + GOOD, "incompatible"),
        ("unknown: " + "a" * 1_000_000 + "\n" + GOOD, "is not known"),
        (b"id: " + b"a" * 9_000_000, "9,000,004 bytes"),
        (GOOD.encode() + b"\x00", "control characters"),
        (GOOD.encode() + b"\xff", "not UTF-8"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (GOOD.replace("title:", "\ttitle:"), "tab"),
        ("", "is missing"),
        ("~", "is missing"),
        ("only words", "the file is"),
        ("[1, 2]", "the file"),
    ],
    ids=lambda value: None if isinstance(value, str) and len(value) < 40 else "file",
)
def test_a_file_made_to_harm_is_refused(
    refused: Callable[[str | bytes], Told], content: str | bytes, found: str
) -> None:
    told = refused(content)
    assert any(found in one.found for one in told), [one.found for one in told][:5]
    assert all(one.where.startswith("blocks_set.yml") for one in told)
