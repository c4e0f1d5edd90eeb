"""Which addresses an instance may ask, and how an address is shown: without query, user and password.

It opens no connection.
"""

import re
from collections.abc import Collection

import httpx

from data_contracts.faults import FeedFault

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_USUAL_PORTS = {"https": 443, "http": 80}
_SETTING = "network.hosts"
_HOST = re.compile(r"(?:\[[0-9a-f:.]{2,45}\]|::1|[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*)(?::[0-9]{1,5})?")
_SHOWN_SIGNS = 200  # of a path: it comes from a server when it redirects


def listed(hosts: Collection[str]) -> frozenset[str]:
    """The names as the settings write them, in one spelling. A port stands behind a name where it is not the usual."""
    names = frozenset(host.strip().lower() for host in hosts)
    bad = sorted(name for name in names if not _HOST.fullmatch(name))
    if bad:
        raise FeedFault(
            _SETTING, f'"{bad[0][:_SHOWN_SIGNS]}" is no name of a host', "api.example.org or 127.0.0.1:8080"
        )
    return names


def readable(address: str) -> httpx.URL:
    """The address in parts. What cannot be read is not shown: it may hold a secret."""
    try:
        return httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError):
        pass  # the fault is raised outside, so that it does not carry the address with it
    raise FeedFault("network", "an address cannot be read", "https://host/path")


def permitted(url: httpx.URL, hosts: frozenset[str]) -> str | None:
    """Why the instance may not ask this address; None where it may."""
    name = url.host.lower()
    if url.userinfo:
        return "it has a name or password in it"
    if url.scheme != "https" and not (url.scheme == "http" and name in _LOOPBACK):
        return f"it is not https ({url.scheme or 'no scheme'})"
    port = url.port or _USUAL_PORTS[url.scheme]
    names = {f"{spelled}:{port}" for spelled in (name, f"[{name}]")}
    if port == _USUAL_PORTS[url.scheme]:
        names |= {name, f"[{name}]"}
    if names.isdisjoint(hosts):
        return f'the instance may not ask "{_with_port(url)}"'
    return None


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Whom a credential belongs to: scheme, host and port."""
    return url.scheme, url.host.lower(), url.port or _USUAL_PORTS.get(url.scheme, 0)


def shown(url: httpx.URL) -> str:
    """The address for people: where it is, and nothing of what is asked."""
    path = "".join(sign if sign.isprintable() else "?" for sign in url.path)
    return f"{url.scheme}://{_with_port(url)}{path[:_SHOWN_SIGNS]}"


def refusal(asked: httpx.URL, why: str, hosts: frozenset[str]) -> FeedFault:
    """The fault for an address that may not be asked, or that leads to one."""
    return FeedFault(
        shown(asked),
        why,
        f"https, and a host of {_SETTING}: {', '.join(sorted(hosts))}",
        f"Add the host to {_SETTING} in upstander.yml if it is meant.",
    )


def _with_port(url: httpx.URL) -> str:
    name = f"[{url.host}]" if ":" in url.host else url.host
    return f"{name}:{url.port}" if url.port else name
