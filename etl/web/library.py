"""How the HTTP library is set up, and what its exceptions become: words without a header or an address in them.

It decides nothing about whom to ask, or when.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.cookies import CookieError, SimpleCookie
from importlib.metadata import version

import httpx

from data_contracts.faults import FeedFault
from etl.web import address

_CONNECTIONS = 3  # as the movement's rate limits want it, for all hosts together
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


@dataclass(frozen=True)
class Limits:
    """What a server is granted. `_s`: seconds; whole: from the first to the last byte of an answer."""

    connect_s: float = 10
    read_s: float = 60
    whole_s: float = 600
    answer_bytes: int = 64 << 20
    line_bytes: int = 8 << 20
    attempts: int = 6
    redirects: int = 5
    longest_wait_s: float = 900


@dataclass(frozen=True)
class Failure:
    """What went wrong and may pass. wait: seconds, as the server asks."""

    found: str
    wait: float | None = None


def client(contact: str, limits: Limits) -> httpx.Client:
    """The library's client: it follows nothing, keeps no cookie, packs only with gzip and logs nothing."""
    _hush()
    nothing = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(
        headers={"User-Agent": _name(contact), "Accept-Encoding": "gzip"},
        cookies=nothing,
        follow_redirects=False,
        timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
        limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        mounts={"http://": None},  # loopback never goes through a proxy, which would read what is not encrypted
    )


def _name(contact: str) -> str:
    if not (contact.strip() and contact.isascii() and contact.isprintable()):
        raise FeedFault("network.contact", "it cannot stand in a header", "an address or page in plain letters")
    return f"upstander/{version('upstander')} ({contact}) httpx/{httpx.__version__}"


def plain(headers: Mapping[str, str], url: httpx.URL) -> Mapping[str, str]:
    """The headers, if they can be sent: a token with a line's end in it would be quoted by the library's error."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            found = f"the value of the header {name} has signs that no header may have"
            raise FeedFault(
                address.shown(url), found, "letters, digits and signs of ASCII", "Look for blanks or line ends."
            )
    return headers


def said(error: httpx.TransportError) -> Failure | FeedFault:
    """What went wrong, in words of our own: the library's may quote a header or an address."""
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Failure("no connection in time")
    if isinstance(error, httpx.TimeoutException):
        return Failure("it did not answer in time")
    if isinstance(error, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return FeedFault(address.shown(error.request.url), "its certificate is not trusted", "a valid certificate")
    if isinstance(error, httpx.RemoteProtocolError) and "location header" in str(error):
        return FeedFault(address.shown(error.request.url), "it leads on to an address that cannot be read")
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return Failure("it cannot be reached")
    return Failure("its answer broke off")


def cookies(response: httpx.Response) -> Mapping[str, str]:
    """Name -> value of what the answer wants to be kept."""
    found: dict[str, str] = {}
    for value in response.headers.get_list("set-cookie"):
        try:
            found |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        except CookieError:
            continue  # a cookie that nobody can read is none
    return found


def _hush() -> None:
    """Keeps whole addresses and headers out of the log, whatever its level. The same filter is added only once."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_unheard)


def _unheard(_: logging.LogRecord) -> bool:
    return False
