"""A content folder taken in, all of it or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from blog.lib.db import write
from blog.lib.refusing import Refused
from blog.media.storing import close_waiting_room, make_waiting_room, move_in
from blog.settings import identity

from .deciding import decide
from .folder import KINDS
from .items import FOLLOWED, ArticleItem, Outcome, PersonItem, Refusal
from .loading import load
from .names import names_of_people
from .picturing import Pictures, prepare_pictures
from .present import Present, fetch, present_of
from .reading import Progress, Reading, read_folder
from .ready import Ready
from .rendered import render_plan


@dataclass(frozen=True)
class Options:
    """How an import is meant."""

    dry_run: bool = False
    overwrite: bool = False
    skip_bad: bool = False


@dataclass(frozen=True)
class Account:
    """What became of every file."""

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


def quiet(_doing: str, _done: int, _of: int) -> None:
    """Show no progress."""


def import_folder(
    folder: Path,
    options: Options = Options(),
    *,
    echo: Callable[[str], None] = lambda _: None,
    progress: Progress = quiet,
) -> Account:
    """Take in a content folder; raises Refused, with nothing written, where a file is refused.

    `echo` gets the sums line by line.
    """
    account = take_in(folder, options, progress)
    if account.refusals and not options.skip_bad:
        raise Refused("\n".join(map(str, account.refusals)))
    for line in account.lines():
        echo(line)
    return account


def take_in(folder: Path, options: Options, progress: Progress) -> Account:
    """Take in a content folder as far as the options allow, and return the account of it."""
    media = Path(current_app.config["MEDIA"])
    reading = read_folder(folder, identity.zone(), progress)
    rows = fetch()
    waiting_room = None if options.dry_run or not reading.pictures else make_waiting_room(media)
    try:
        present = present_of(rows)
        pictures = prepare_pictures(reading, present, media, waiting_room, progress)
        ready = _ready(reading, present, pictures, options, progress)
        if options.skip_bad or not ready.plan.refusals:
            if waiting_room is not None:
                move_in(waiting_room, media)
            _write(ready, rows, rehearse=options.dry_run)
            progress("writing", 1, 1)
    except OSError as error:
        raise Refused(f"The pictures cannot be written to {media} ({error.strerror}).") from None
    finally:
        if waiting_room is not None:
            close_waiting_room(waiting_room)
    return _account(ready, reading)


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
        rendered = render_plan(plan, present, stored, progress)
        if not rendered.refusals:
            return Ready(plan, present, rendered, stored, files)
        for refusal in rendered.refusals:
            reading.refuse(refusal.path, refusal.line, refusal.reason)


def _write(ready: Ready, rows: object, *, rehearse: bool) -> None:
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


def _account(ready: Ready, reading: Reading) -> Account:
    plan = ready.plan
    sums = {kind: Counter[Outcome]() for kind in KINDS}
    for path, outcome in plan.outcomes.items():
        if (kind := path.split("/")[0]) in sums:
            sums[kind][outcome] += 1
    return Account(
        sums=sums,
        pictures=len(ready.pictures),
        refusals=sorted(set(plan.refusals)),
        left=[path for path, outcome in plan.outcomes.items() if outcome is Outcome.LEFT],
        gone=plan.gone,
        ignored=reading.ignored,
        named_only=_named_only(ready),
        advice=reading.advice,
    )


def _named_only(ready: Ready) -> list[str]:
    articles: list[ArticleItem] = list(ready.plan.loaded(ArticleItem).values())
    named = names_of_people(articles)
    introduced = {item.slug for item in ready.plan.loaded(PersonItem).values()}
    return sorted(
        name for slug, name in named.items() if slug not in ready.present.people.keys() | introduced
    )
