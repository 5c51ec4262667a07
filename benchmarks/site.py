"""A site of any size for the benchmarks, made of the sample articles over and over."""

import hashlib
import os
import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import Flask

from app import create_app
from blog.lib.db import db
from blog.lib.environment import ROOT, Environment
from blog.site.cli import set_up
from blog.transfer.importing import import_folder

from .copying import grow

DEMO = ROOT / "demo"
ADDRESS = "http://127.0.0.1:8199"
IMPORTED = 1000
"""So many articles are imported at most; more are copies of them."""
KEPT = Path(tempfile.gettempdir()) / "broadsheet-benchmarks"
"""Where sites are kept between runs; 100,000 articles take about 5 GB."""


def write_folder(folder: Path, count: int) -> None:
    """Write a content folder of `count` live articles without pictures.

    Each has the front matter of a sample article and a text of its own, drawn from the paragraphs of all
    samples, so that words are spread over the articles as they are over the samples.
    """
    samples = [
        _without_links(text)
        for path in sorted((DEMO / "articles").glob("*.md"))
        if "\npublished: 202" in (text := path.read_text("utf-8"))
    ]
    _copy_others(folder)
    (folder / "articles").mkdir()
    paragraphs = [part for text in samples for part in text.split("\n---\n")[1].split("\n\n") if part.strip()]
    draw = random.Random(7)
    for number in range(count):
        front = _numbered(samples[number % len(samples)].split("\n---\n")[0], number)
        plain = [part for part in draw.sample(paragraphs, 30) if not part.startswith("[^")]
        text = "\n\n".join(re.sub(r"\[\^[^]]*\]", "", part) for part in plain)
        (folder / "articles" / f"a{number:05}.md").write_text(f"{front}\n---\n{text}\n", "utf-8")


def _copy_others(folder: Path) -> None:
    for name in ("people", "pages", "questions"):
        (folder / name).mkdir(parents=True)
        for path in (DEMO / name).glob("*.md"):
            text = re.sub(r"^photo: .*\n", "", path.read_text("utf-8"), flags=re.M)
            (folder / name / path.name).write_text(_without_links(text), "utf-8")


def _numbered(front: str, number: int) -> str:
    """Return front matter with a slug and questions of its own, and without what only one article can have."""
    front = re.sub(r"^(cover|cover_alt|redirect_from): .*\n", "", front, flags=re.M)
    front = re.sub(r"^slug: (.*)$", rf"slug: \1-{number}", front, count=1, flags=re.M)
    front = re.sub(r"^( +- question: .*?)(\?*)$", rf"\1 ({number})\2", front, flags=re.M)
    front = re.sub(r"^( +slug: .*)$", rf"\1-{number}", front, flags=re.M)
    return re.sub(r"^ +- use: .*(?:\n|$)", "", front, flags=re.M)


def _without_links(text: str) -> str:
    text = re.sub(r"^!\[[^\n]*\n", "", text, flags=re.M)
    return re.sub(r"\[([^\]\n]+)\]\((?!https?:|mailto:|tel:|#)[^)\n]+\)", r"\1", text)


@contextmanager
def site(count: int) -> Iterator[tuple[Flask, Path]]:
    """Yield an application with `count` articles, and its data folder.

    It is made once and kept between runs. Up to IMPORTED articles it is a copy of what is kept, and may be
    changed; a larger one is only to be read.
    """
    with tempfile.TemporaryDirectory() as place:
        instance = _kept(count)
        if count <= IMPORTED:
            instance = Path(shutil.copytree(instance, Path(place) / "instance"))
        with _opened(instance) as app:
            yield app, instance


@contextmanager
def _opened(instance: Path) -> Iterator[Flask]:
    os.environ["BLOG_INSTANCE"] = str(instance)
    app = _application(instance)
    yield app
    with app.app_context():
        db.engine.dispose()


def _application(instance: Path) -> Flask:
    """Return an application that makes every page anew."""
    environment = Environment(instance, ADDRESS, "k" * 32, instance / "blog.sqlite3", 0, page_store_mb=0)
    return create_app(environment)


def _kept(count: int) -> Path:
    """Return the data folder of a site with `count` articles, made now unless an earlier run left it."""
    place = KEPT / _version()
    instance = place / str(count)
    if instance.exists():
        return instance
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as half_made:
        _make(Path(half_made), count)
        with suppress(FileExistsError):  # another run may have made it meanwhile
            (Path(half_made) / "instance").rename(instance)
    return instance


def _make(folder: Path, count: int) -> None:
    """Import up to IMPORTED articles, and copy them until there are `count`."""
    imported = min(count, IMPORTED)
    if count % imported:
        raise SystemExit(f"Ask for a multiple of {IMPORTED} articles, or for fewer.")
    write_folder(folder / "content", imported)
    instance = folder / "instance"
    instance.mkdir()
    app = _application(instance)
    with app.app_context():
        set_up()
        import_folder(folder / "content")
        db.session.remove()
        db.engine.dispose()
    grow(instance / "blog.sqlite3", count // imported)


def _version() -> str:
    """Return what changes when a site would be made otherwise: sites of other versions are not used."""
    sources = [
        *(ROOT / "benchmarks" / name for name in ("site.py", "copying.py")),
        *(ROOT / "blog" / "migrations" / "versions").glob("*.py"),
        *(ROOT / "blog" / "lib" / "markdown").glob("*.py"),
        *(ROOT / "blog" / name for name in ("content/finding.py", "lib/fulltext.py")),
    ]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
