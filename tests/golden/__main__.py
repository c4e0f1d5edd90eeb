"""`python -m tests.golden`: writes every golden file anew, and the manual; removes golden files without a metric."""

from metrics import catalog
from metrics.workbench import manual
from tests.golden.test_golden import HERE, written

for path in HERE.glob("*.sql"):
    path.unlink()
for name, metric in catalog.definitions().items():
    (HERE / f"{name}.sql").write_text(written(metric), encoding="utf-8")
manual.write()
