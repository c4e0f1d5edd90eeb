"""Where the project stands, and what is in it, for the tests of its habits."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("data_contracts", "etl", "metrics", "dashboard")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def written() -> list[Path]:
    """Every file of the project that people wrote, as git knows it, or as it lies there where git does not."""
    told = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = told.stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file() and "/vectors/" not in name]
