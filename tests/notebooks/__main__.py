"""`python -m tests.notebooks`: takes outputs, counts and traits of a machine out of every notebook."""

from tests.notebooks.written import PATHS, canonical

for path in PATHS:
    path.write_text(canonical(path.read_text(encoding="utf-8")), encoding="utf-8")
