"""Which hosts a policy may reach: this machine, and those the user allows on the command line.

Allowed hosts travel among what is trusted, written ``//host``; ``//*`` allows any.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from sim.errors import ScenarioError

ANY = "//*"


def check_hosts(policy: Any, trusted: Sequence[str], where: str) -> None:
    """Refuse a policy that would reach a host which is not allowed.

    A policy that reaches any has ``hosts``, the tuple of their names.

    Raises
    ------
    ScenarioError
        With ``where``, the dotted key of its parameters.
    """
    for host in getattr(policy, "hosts", ()):
        if not (is_loopback(host) or ANY in trusted or f"//{host}" in trusted):
            why = f"{host!r} is another machine, and a scenario alone may not make this one talk to it"
            raise ScenarioError(f"{where}.url", why, f"If you trust it, say --allow-host {host}.")


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return bool((getattr(address, "ipv4_mapped", None) or address).is_loopback)
