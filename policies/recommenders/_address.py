"""A service's address and headers, checked: no scheme but http and https, no secrets in the scenario's text."""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sim.errors import PolicyError

_NAME = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET = re.compile(r"auth|cookie|key|secret|token|password|session|signature", re.IGNORECASE)
_OURS = frozenset({
    "accept-encoding", "connection", "content-length", "content-type", "host", "te", "trailer", "transfer-encoding",
    "upgrade",
})  # fmt: skip


def checked_url(url: str) -> str:
    """Return the address without a slash at its end; raise `ValueError` where it is not one to talk to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("url is no address, as in http://127.0.0.1:8000") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("url must begin with http:// or https:// and a host, as in http://127.0.0.1:8000")
    if parts.username is not None or parts.password is not None:
        raise ValueError("url must not hold a name or password: send them as a header, its value ${NAME}")
    if parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url or port == 0:
        raise ValueError("url must be scheme, host, port and path alone, as in https://host:8000/path")
    return url.rstrip("/")


def host_of(url: str) -> str:
    """Return the host's name or address."""
    return urlsplit(url).hostname or ""


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise `ValueError` for a header that may not be set, or whose secret stands in the scenario."""
    for name, value in headers.items():
        if not _NAME.match(name) or name.lower() in _OURS:
            raise ValueError(f"headers: {name[:40]!r} is not a header that can be set")
        rest = _VARIABLE.sub("", value)
        if not (rest.isascii() and rest.isprintable()) or "${" in rest:
            raise ValueError(f"headers: the value of {name!r} must be plain text, or hold ${{NAME}} of the environment")
        if _SECRET.search(name) and not _VARIABLE.search(value):
            raise ValueError(
                f"headers: {name!r} holds a secret: write it as ${{NAME}}, and set NAME in the environment"
            )


def filled(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with the environment's values in place of ``${NAME}``.

    Raises
    ------
    PolicyError
        Where the environment has no such variable, or its value cannot be sent.  The value is never told.
    """
    return {name: _VARIABLE.sub(lambda found: _value(found[1]), value).strip() for name, value in headers.items()}


def _value(variable: str) -> str:
    value = os.environ.get(variable)
    where = "policies.recommender.with.headers"
    if value is None:
        raise PolicyError(where, f"the environment has no {variable!r}", f"Set it, as in export {variable}=...")
    if not (value.isascii() and value.isprintable()):
        raise PolicyError(where, f"the value of {variable!r} in the environment cannot be sent in a header")
    return value
