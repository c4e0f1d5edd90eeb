"""Asks servers over HTTP: allowed hosts only, politely, and again where a failure may pass.

It knows no feed. Credentials travel in headers and stand in no error, log or address that it hands out.
"""

from etl.web.answer import Answer, Refused
from etl.web.client import Web
from etl.web.library import Limits

__all__ = ["Answer", "Limits", "Refused", "Web"]
