"""What the product wants of its figures, and whether a run gave it."""

from collections.abc import Iterator

from .tables import Goal, Medians


def reached(found: Medians, middle: int, signups: float | None, validity_us: float) -> Iterator[Goal]:
    """Yield each goal whose figures were measured; `middle` is the number of connections it is meant for."""
    stored = found.get(("stored", middle))
    if stored and "ratio" in stored["per_second"]:
        ratio = stored["per_second"]["ratio"]
        yield Goal("stored article, of nginx's static files", "0.65", f"{ratio:.2f}", ratio >= 0.65)
    if stored:
        slowest, start = stored["p99_ms"]["median"], stored["start_s"]["median"]
        yield Goal("stored article, p99", "5 ms", f"{slowest:.2f} ms", slowest <= 5)
        yield Goal("start to the first 200", "1.5 s", f"{start:.2f} s", start <= 1.5)
    if stored and (known := found.get(("stored_304", middle))):
        ratio = known["per_second"]["median"] / stored["per_second"]["median"]
        yield Goal("304, of the stored article", "1.00", f"{ratio:.2f}", ratio >= 1)
    if unknown := found.get(("unknown", middle)):
        rate = unknown["per_second"]["median"]
        yield Goal("unknown addresses, repeated", "5,000 /s", f"{rate:,.0f} /s", rate >= 5000)
    if uncached := found.get(("uncached", middle)):
        cost = uncached["cpu_us"]["median"] / 1000
        yield Goal("uncached article, CPU", "1.5 ms", f"{cost:.2f} ms", cost <= 1.5)
    if search := found.get(("search", middle)):
        slowest = search["p99_ms"]["median"]
        yield Goal("search never asked before, p99", "60 ms", f"{slowest:.0f} ms", slowest <= 60)
    if signups:
        yield Goal(
            "signups, durable, while articles are read", "500 /s", f"{signups:,.0f} /s", signups >= 500
        )
    yield Goal("is a stored page fresh?", "1 µs", f"{validity_us:.3f} µs", validity_us <= 1)
