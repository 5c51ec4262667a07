"""A content folder taken in, all of it or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.media.storing import close_waiting_room, make_waiting_room, move_in
from blog.settings import identity

from .deciding import decide
from .fetching import Rows, fetch, present_of
from .items import KINDS, ArticleItem, PersonItem
from .loading import Ready, load
from .markdown.reading import read_folder
from .names import names_of_people
from .outcomes import FOLLOWED, LOADED, Outcome, Progress, Refusal, quiet, told
from .pictures import Pictures, prepare_pictures
from .present import Present
from .readings import Reading
from .rendering import render_plan


@dataclass(frozen=True)
class Options:
    """How an import is meant."""

    dry_run: bool = False
    overwrite: bool = False
    skip_bad: bool = False


@dataclass(frozen=True)
class Account:
    """What became of every file; where nothing was taken, nothing is created or updated."""

    sums: dict[str, Counter[Outcome]]
    """For articles, pages, people and questions."""
    pictures: int
    refusals: list[Refusal]
    left: list[str]
    gone: list[str]
    ignored: list[str]
    named_only: list[str]
    """People who were made because an article names them."""
    advice: list[Refusal]

    def lines(self) -> list[str]:
        """Return the sums, one line per kind."""
        sums = [
            f"{kind}: " + ", ".join(f"{outcome} {self.sums[kind][outcome]}" for outcome in Outcome)
            for kind in KINDS
        ]
        return [*sums, f"pictures: stored {self.pictures}"] if self.pictures else sums


class _Rehearsed(Exception):  # noqa: N818 (nothing went wrong)
    """Ends a dry run's transaction without a commit."""


class NotTaken(Refused):
    """Nothing was written because files are refused; knows the whole account."""

    def __init__(self, account: Account) -> None:
        super().__init__("\n".join(told(account.refusals)))
        self.account = account


def import_folder(
    folder: Path,
    options: Options = Options(),
    *,
    echo: Callable[[str], None] = lambda _: None,
    progress: Progress = quiet,
) -> Account:
    """Take in a content folder; raises NotTaken where a file is refused and the others are not to be skipped.

    `echo` gets the sums line by line. Nothing is read from the database while files are read, pictures
    prepared and texts rendered: as long as one reads, its log cannot be folded back.
    """
    zone = identity.zone()
    db.session.rollback()
    reading = read_folder(folder, zone, progress)
    rows = fetch()
    db.session.rollback()
    ready = _take(reading, rows, options, progress)
    if ready.plan.refusals and not options.skip_bad:
        raise NotTaken(_account(ready, reading, taken=False))
    account = _account(ready, reading, taken=True)
    for line in account.lines():
        echo(line)
    return account


def _take(reading: Reading, rows: Rows, options: Options, progress: Progress) -> Ready:
    """Prepare everything and, where nothing stands against it, write it."""
    media, present = Path(current_app.config["MEDIA"]), present_of(rows)
    waiting_room = None if options.dry_run or not reading.pictures else make_waiting_room(media)
    try:
        pictures = prepare_pictures(reading, present, media, waiting_room, progress)
        ready = _ready(reading, present, pictures, options, progress)
        if options.skip_bad or not ready.plan.refusals:
            if waiting_room is not None:
                move_in(waiting_room, media)
            _write(ready, rows, rehearse=options.dry_run)
            progress("writing", 1, 1)
    finally:
        if waiting_room is not None:
            close_waiting_room(waiting_room)
    return ready


def _ready(
    reading: Reading, present: Present, pictures: Pictures, options: Options, progress: Progress
) -> Ready:
    """Decide and render; where that refuses a file, decide again without it."""
    while True:
        plan = decide(reading, present, overwrite=options.overwrite)
        taken = {path for path, outcome in plan.outcomes.items() if outcome in FOLLOWED}
        needed = {name for path, names in reading.uses.items() if path in taken for name in names}
        stored = {name: picture for name, picture in pictures.stored.items() if name in needed}
        files = {reading.picture_paths[name]: pictures.files[name] for name in needed & pictures.files.keys()}
        rendered = render_plan(plan, present, stored, progress, reading.line)
        if not rendered.refusals:
            return Ready(plan, present, rendered, stored, files)
        for refusal in rendered.refusals:
            reading.refuse(refusal.path, refusal.line, refusal.reason)


def _write(ready: Ready, rows: Rows, *, rehearse: bool) -> None:
    if ready.is_nothing:
        return
    try:
        with write():
            if fetch() != rows:
                raise Refused("The site's content was changed while the import ran; please start it again.")
            load(ready)
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        pass


def _account(ready: Ready, reading: Reading, *, taken: bool) -> Account:
    plan = ready.plan
    sums = {kind: Counter[Outcome]() for kind in KINDS}
    for path, outcome in plan.outcomes.items():
        if (kind := path.split("/")[0]) in sums and (taken or outcome not in LOADED):
            sums[kind][outcome] += 1
    return Account(
        sums=sums,
        pictures=len(ready.pictures) if taken else 0,
        refusals=sorted(set(plan.refusals)),
        left=[path for path, outcome in plan.outcomes.items() if outcome is Outcome.LEFT],
        gone=plan.gone,
        ignored=reading.ignored,
        named_only=_named_only(ready) if taken else [],
        advice=reading.advice,
    )


def _named_only(ready: Ready) -> list[str]:
    named = names_of_people(ready.plan.loaded(ArticleItem).values())
    introduced = {item.slug for item in ready.plan.loaded(PersonItem).values()}
    return sorted(
        name for slug, name in named.items() if slug not in ready.present.people.keys() | introduced
    )
