"""The site beside nginx and bare applications, in one run: `python -m benchmarks.serving`, `--quick` for a look."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from statistics import median

from . import validity
from .contenders import CONTENDERS, YARDSTICK, keep_pages
from .goals import reached
from .machine import about_machine, missing
from .measuring import QUIET, Run, Wanted, say
from .processes import LOAD_CORE, ROOT, SERVER_CORE, keep_to
from .site import site
from .tables import Goal, Medians, as_goals, as_json, as_table, medians

KEPT = ROOT / "instance" / "serving.json"


def main(wanted: Wanted, file: Path) -> int:
    """Measure, print the tables and write the JSON; return 1 where a figure could not be had."""
    lacking = missing({"wrk", "taskset"}.union(*(one.needs for one in CONTENDERS)))
    if {"wrk", "taskset"} & lacking.keys():
        say("\n".join(lacking.values()))
        return 1
    chosen = [one for one in CONTENDERS if not lacking.keys() & set(one.needs)]
    chosen = [one for one in chosen if not wanted.only or one.name in wanted.only]
    machine = about_machine()
    keep_to(LOAD_CORE)
    say(f"A site with {wanted.articles} articles is made.")
    with site(wanted.articles) as (_, made), tempfile.TemporaryDirectory() as scratch:
        # A copy, for the signups; SQLite makes the shared memory beside its log anew.
        instance = Path(scratch) / "instance"
        shutil.copytree(made, instance, ignore=shutil.ignore_patterns("*-shm"))
        run = Run(wanted, chosen, keep_pages(Path(scratch), instance, wanted.read, SERVER_CORE))
        run.go()
        costs = validity.microseconds() | {validity.HIT: validity.hit(instance, run.place.addresses[0])}
        machine |= quiet([one.strangers for figures in run.rounds for one in figures.values()])
    faults = [*lacking.values(), *run.faults.values()]
    show(run, machine, costs, faults, file)
    return 1 if faults else 0


def show(
    run: Run, machine: Mapping[str, str], costs: Mapping[str, float], faults: list[str], file: Path
) -> None:
    """Print what was found as Markdown, and keep it as JSON."""
    wanted = run.wanted
    found = medians([one for one in run.rounds if one], YARDSTICK.name)
    titles = {one.name: one.title for one in run.contenders if one.name not in run.faults}
    signups = {
        name: median(getattr(one, name) for one in run.signups)
        for name in (asdict(run.signups[0]) if run.signups else ())
    }
    goals = list(reached(found, wanted.middle, signups.get("while_read"), costs[validity.OURS]))
    lines = [f"{name}: {value}  " for name, value in machine.items()]
    lines += ["", how_measured(wanted), "", *as_table(found, titles, wanted.connections, wanted.middle)]
    lines += ["", *about_signups(signups), *(f"- {name}: {cost:.3f} µs" for name, cost in costs.items())]
    lines += ["", *as_goals(goals), *(f"\nNo figure: {fault}" for fault in faults)]
    print("\n".join(lines))
    about = {"machine": machine, "wanted": asdict(wanted), "signups": signups, "microseconds": costs}
    keep(file, found, goals, about | {"no_figure": faults})


def quiet(strangers: Sequence[float]) -> dict[str, str]:
    """Return how much of the machine others used during the measurements."""
    if not strangers:
        return {}
    used, most = median(strangers), max(strangers)
    advice = "" if most < QUIET else "; only a quiet machine gives true figures"
    return {"others": f"used {used:.2f} cores meanwhile, at most {most:.2f}{advice}"}


def how_measured(wanted: Wanted) -> str:
    """Return how the figures of the table came about."""
    rounds = "1 round" if wanted.rounds == 1 else f"{wanted.rounds} rounds"
    return (
        f"{wanted.read} of {wanted.articles} articles, gzip; {rounds} of {wanted.seconds} s each, "
        f"medians. Servers (2 workers) on one core, wrk on another. In brackets: the ratio to nginx's static "
        f"files in the same round. Everything but requests/s is at {wanted.middle} connections."
    )


def about_signups(signups: Mapping[str, float]) -> list[str]:
    """Return what was measured of signups, if anything was."""
    if not signups:
        return []
    return [
        f"- signups, every row on disk when it is answered: {signups['alone']:,.0f} per second alone, "
        f"{signups['while_read']:,.0f} while {signups['read_per_second']:,.0f} articles per second are read "
        f"(p99 of the readers {signups['read_p99_ms']:.1f} ms)"
    ]


def keep(file: Path, found: Medians, goals: list[Goal], about: Mapping[str, object]) -> None:
    """Write the JSON, and say where it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(as_json(found, goals, about), indent=1) + "\n", "utf-8")
    say(f"All figures are in {file}.")


def wanted_from(typed: argparse.Namespace) -> Wanted:
    """Return what is to be measured; a quick look has one short round over one number of connections."""
    if typed.quick:
        return Wanted(1, 1, (32,), typed.articles, min(typed.read, 50), min(typed.posts, 300), typed.only, 0)
    names = (field.name for field in fields(Wanted))
    return Wanted(**{name: getattr(typed, name) for name in names})


def arguments() -> argparse.ArgumentParser:
    """Return the options of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--connections", type=_numbers, default=(8, 32, 64), help="default: 8,32,64")
    parser.add_argument("--articles", type=int, default=1000, help="that the site has")
    parser.add_argument("--read", type=int, default=200, help="articles that are asked for")
    parser.add_argument("--posts", type=int, default=2000, help="signups; 0 leaves them out")
    parser.add_argument("--only", type=_names, default=(), help="names, such as static,stored,signups")
    parser.add_argument("--again", type=int, default=2, help="times, for what others disturbed")
    parser.add_argument("--quick", action="store_true", help="one round of a second: a look, no figures")
    parser.add_argument("--json", type=Path, default=KEPT, help="where the figures are kept")
    return parser


def _numbers(typed: str) -> tuple[int, ...]:
    return tuple(int(number) for number in typed.split(","))


def _names(typed: str) -> tuple[str, ...]:
    known = [*(one.name for one in CONTENDERS), "signups"]
    for name in (names := tuple(typed.split(","))):
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
    return names


if __name__ == "__main__":
    given = arguments().parse_args()
    sys.exit(main(wanted_from(given), given.json))
