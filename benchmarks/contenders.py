"""Who is measured side by side: the site in several states, nginx with the same bytes, and bare applications."""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import nginx
from .asking import HOST, Question, addresses_of, answers, ask
from .loading import Plan
from .processes import Program, running, wait_for

WORKERS = 2
PORT, SITE_PORT = 8195, 8196
"""Where the load goes, and where the site is when nginx stands in front."""


@dataclass(frozen=True)
class Place:
    """What all contenders of a run share: one site, and the bytes of its pages."""

    folder: Path
    instance: Path
    addresses: Sequence[str]
    texts: Sequence[bytes]

    @property
    def pages(self) -> Path:
        """Return the folder with the pages as files, each with its compressed twin."""
        return self.folder / "pages"


@dataclass(frozen=True)
class Contender:
    """One line of the table."""

    name: str
    title: str
    programs: Callable[[Place], list[Program]]
    plan: Callable[[Place], Plan]
    needs: tuple[str, ...] = ()


def site_program(
    instance: Path, port: int, *, proxies: int = 0, environment: dict[str, str] | None = None
) -> Program:
    """Return the product's own server."""
    command = [sys.executable, "app.py", "serve", "--port", str(port), "--workers", str(WORKERS)]
    settings = {
        "BLOG_INSTANCE": str(instance),
        "BLOG_SITE_URL": f"http://{HOST}",
        "BLOG_TRUSTED_PROXIES": str(proxies),
    }
    return Program(command, settings | (environment or {}))


def keep_pages(folder: Path, instance: Path, count: int, core: int) -> Place:
    """Ask the site for the articles that everybody will serve, and keep their bytes as files."""
    place = Place(folder, instance, [], [])
    (place.pages / "articles").mkdir(parents=True)
    with running([site_program(instance, PORT)], core, folder / "preparing.log") as servers:
        wait_for(servers, lambda: answers(PORT, Question("/"), 200))
        addresses = addresses_of(PORT, count)
        texts = []
        for address in addresses:
            answer = ask(PORT, Question(address))
            file = place.pages / address.lstrip("/")
            file.write_bytes(answer.text)
            file.with_name(f"{file.name}.gz").write_bytes(answer.body)
            texts.append(answer.text)
    return Place(folder, instance, addresses, texts)


def _site(place: Place) -> list[Program]:
    return [site_program(place.instance, PORT)]


def _site_without_store(place: Place) -> list[Program]:
    return [site_program(place.instance, PORT, environment={"BLOG_PAGE_STORE_MB": "0"})]


def _behind_nginx(place: Place) -> list[Program]:
    command = nginx.shipped(place.folder / "shipped", PORT, SITE_PORT, WORKERS)
    return [site_program(place.instance, SITE_PORT, proxies=1), Program(command, {})]


def _static(place: Place) -> list[Program]:
    return [Program(nginx.static_files(place.folder / "static", PORT, place.pages, WORKERS), {})]


def _bare(*server: str) -> Callable[[Place], list[Program]]:
    command = [sys.executable, "-m", *server]
    return lambda place: [Program(command, {"BENCHMARK_PAGES": str(place.pages)})]


def _gunicorn(*options: str) -> Callable[[Place], list[Program]]:
    common = ("--bind", f"127.0.0.1:{PORT}", "--workers", str(WORKERS), "--log-level", "error")
    return _bare("gunicorn", *common, *options, "benchmarks.bare:app")


def _granian(application: str) -> Callable[[Place], list[Program]]:
    common = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--workers", str(WORKERS))
    return _bare("granian", *common, "--no-ws", "--log-level", "error", f"benchmarks.bare:{application}")


def articles(place: Place) -> Plan:
    """Ask for the articles, one after the other."""
    return Plan([Question(path) for path in place.addresses], texts=place.texts)


def _known_articles(place: Place) -> Plan:
    """Ask as readers do who have the article already; the server must be there."""
    tags = [ask(PORT, Question(path)).header("ETag") for path in place.addresses]
    return Plan([Question(path, tag) for path, tag in zip(place.addresses, tags, strict=True)], status=304)


def _unknown(place: Place) -> Plan:
    return Plan([Question(f"{path}-that-never-was") for path in place.addresses], status=404)


def _searches(place: Place) -> Plan:
    """Search for what nobody searched for before: two words, three, or a word and the beginning of another."""
    text = b" ".join(re.findall(rb"<p>(.*?)</p>", b" ".join(place.texts), re.S)).decode().lower()
    words = [word for word, _ in Counter(re.findall(r"\b[a-z]{5,}\b", text)).most_common(1000)]
    draw = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < 60_000:
        chosen = draw.sample(words, draw.choice((2, 3)))
        chosen[-1] = chosen[-1][:4] if draw.random() < 0.3 else chosen[-1]
        found["+".join(chosen)] = None
    return Plan([Question(f"/search?q={typed}") for typed in found], alike=False)


YARDSTICK = Contender("static", "nginx, the same bytes as static files", _static, articles, ("nginx",))
CONTENDERS = (
    YARDSTICK,
    Contender("stored", "this site, stored article", _site, articles),
    Contender("stored_304", "this site, stored, the reader has it (304)", _site, _known_articles),
    Contender("behind_nginx", "this site behind the shipped nginx", _behind_nginx, articles, ("nginx",)),
    Contender("uncached", "this site, page store off", _site_without_store, articles),
    Contender("unknown", "this site, unknown addresses (404)", _site, _unknown),
    Contender("search", "this site, searches never asked before", _site, _searches),
    Contender("plain_granian", "bare WSGI function on granian", _granian("plain"), articles),
    Contender("flask_granian", "bare Flask route on granian", _granian("app"), articles),
    Contender(
        "flask_gunicorn_threads",
        "bare Flask route on gunicorn, threads",
        _gunicorn("--worker-class", "gthread", "--threads", "8", "--keep-alive", "30"),
        articles,
        ("gunicorn",),
    ),
    Contender(
        "flask_gunicorn_sync", "bare Flask route on gunicorn, sync", _gunicorn(), articles, ("gunicorn",)
    ),
)
