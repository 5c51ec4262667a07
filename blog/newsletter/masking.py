"""Showing an address to its owner without telling it to whoever a letter was forwarded to."""

_DOTS = "•••"


def masked(address: str) -> str:
    """Return `d•••@e•••.org` for dee@example.org: the first letters and the last label, and not how long it is."""
    local, _, domain = address.rpartition("@")
    name, _, last = domain.rpartition(".")
    return f"{local[:1]}{_DOTS}@{name[:1]}{_DOTS}.{last}"
