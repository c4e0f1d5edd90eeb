"""Starts Streamlit so that `pages/` belongs to `st.navigation` from the first request on.

Left alone, Streamlit takes a folder of that name for its older kind of pages until the app has run once: whoever opened a
link to a page first would get that page without its frame.
"""

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli


def main() -> None:
    """Streamlit's own command line, told that there is no folder of pages."""
    PagesManager.uses_pages_directory = False
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
