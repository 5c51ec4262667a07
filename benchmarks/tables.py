"""From what was measured to what is shown: medians of the rounds, ratios within a round, Markdown and JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figures:
    """What one contender did in one round over so many connections."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """Microseconds of CPU that all its processes used for one request."""
    memory_mb: float
    start_s: float
    strangers: float
    """Cores that others on the machine used meanwhile."""


NAMES = tuple(field.name for field in fields(Figures))

Round = Mapping[tuple[str, int], Figures]
"""The figures of one round, by contender and connections."""
Medians = dict[tuple[str, int], dict[str, dict[str, float]]]
"""By contender and connections: of each figure the median, its ratio to the yardstick's, least and most."""


def medians(rounds: Sequence[Round], yardstick: str) -> Medians:
    """Return the medians of all rounds; each ratio is the median of the rounds' own ratios.

    What was not measured in every round is left out.
    """
    found: Medians = {}
    for contender, connections in rounds[0]:
        key = (contender, connections)
        if all(key in one for one in rounds):
            found[key] = {name: _figure(rounds, key, yardstick, name) for name in NAMES}
    return found


def _figure(rounds: Sequence[Round], key: tuple[str, int], yardstick: str, name: str) -> dict[str, float]:
    values = [getattr(one[key], name) for one in rounds]
    shown = {"median": median(values), "least": min(values), "most": max(values)}
    base = (yardstick, key[1])
    if all(base in one and getattr(one[base], name) for one in rounds):
        shown["ratio"] = median(
            value / getattr(one[base], name) for value, one in zip(values, rounds, strict=True)
        )
    return shown


def as_table(found: Medians, titles: Mapping[str, str], connections: Sequence[int], middle: int) -> list[str]:
    """Return one line for each contender: requests at each number of connections, the rest at the middle one."""
    heads = ["", *(f"requests/s, {number} conn." for number in connections)]
    heads += ["p50 ms", "p99 ms", "CPU µs/request", "PSS MB", "start s"]
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for name, title in titles.items():
        if all((name, number) in found for number in connections):
            rates = [_with_ratio(found[name, number]["per_second"], 0) for number in connections]
            one = found[name, middle]
            rest = [f"{one['p50_ms']['median']:.2f}", f"{one['p99_ms']['median']:.2f}"]
            rest += [_with_ratio(one["cpu_us"], 1), f"{one['memory_mb']['median']:.0f}"]
            rest.append(f"{one['start_s']['median']:.2f}")
            lines.append("| " + " | ".join([title, *rates, *rest]) + " |")
    return lines


def _with_ratio(figure: Mapping[str, float], digits: int) -> str:
    ratio = f" ({figure['ratio']:.2f})" if "ratio" in figure else ""
    return f"{figure['median']:,.{digits}f}{ratio}"


@dataclass(frozen=True)
class Goal:
    """One line of what was aimed at, and what came out."""

    about: str
    wanted: str
    measured: str
    met: bool


def as_goals(goals: Sequence[Goal]) -> list[str]:
    """Return the goals as a table."""
    lines = ["| goal | wanted | measured | |", "|---|---|---|---|"]
    return lines + [
        f"| {one.about} | {one.wanted} | {one.measured} | {'met' if one.met else 'missed'} |" for one in goals
    ]


def as_json(found: Medians, goals: Sequence[Goal], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything, as it is kept."""
    figures = [
        {"contender": name, "connections": connections, **figures}
        for (name, connections), figures in found.items()
    ]
    return {**about, "figures": figures, "goals": [asdict(goal) for goal in goals]}
