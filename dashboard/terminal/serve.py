"""How the app is started: Streamlit with settings that ask nothing outside and show no fault's inside.

It starts nothing itself.
"""

import sys
from pathlib import Path

from data_contracts.faults import NoBuild
from etl.warehouse import connect

APP = Path(__file__).parents[1] / "app.py"


def command(address: str, port: int) -> list[str]:
    """The server's command line; NoBuild where there is nothing to show yet."""
    home = connect.home()
    if connect.current(home) is None:
        raise NoBuild(str(home), "no build was published here yet", "a build", "Run `upstander build` first.")
    settings = {
        "server.address": address,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    given = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "streamlit", "run", str(APP), *given]
