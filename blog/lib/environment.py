"""The settings of the process: read once, typed, frozen; a wrong one stops the start with one sentence."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from . import mail_settings
from .mail_settings import MailSettings, read_mail

ROOT = Path(__file__).resolve().parents[2]


NAMES = (
    "BLOG_INSTANCE",
    "BLOG_SITE_URL",
    "BLOG_SECRET_KEY",
    "BLOG_SECRET_KEY_FILE",
    "BLOG_DATABASE_URL",
    "BLOG_TRUSTED_PROXIES",
    "BLOG_PAGE_STORE_MB",
    *mail_settings.NAMES,
)


class BadSettings(Exception):  # noqa: N818 (reads as what it says)
    """The process cannot start: one sentence per setting that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Environment:
    """What the process was told when it started."""

    instance: Path
    """The data folder: database, media, locks."""
    site_url: str
    """Canonical public address without a trailing slash; empty where none was given."""
    secret_key: str
    database: Path
    trusted_proxies: int
    page_store_mb: int = 32
    """Megabytes of finished pages that each process keeps; 0 keeps none."""
    mail: MailSettings = field(default_factory=MailSettings)

    @property
    def media(self) -> Path:
        """Return the folder that holds pictures and their sizes."""
        return self.instance / "media"


def read_environment(environ: Mapping[str, str] | None = None) -> Environment:
    """Read the process's settings from the environment and `settings.env` in the data folder.

    Raises BadSettings with every problem found.
    """
    given = os.environ if environ is None else environ
    try:
        instance = Path(given.get("BLOG_INSTANCE") or ROOT / "instance").expanduser().resolve()
    except (RuntimeError, ValueError) as error:
        raise BadSettings([f"BLOG_INSTANCE does not name a folder: {error}."]) from error
    problems: list[str] = []
    values = _lines_of(instance / "settings.env", problems) | {
        name: value for name, value in given.items() if name.startswith("BLOG_")
    }
    problems += [
        _misspelt(name) for name in values if name not in NAMES and get_close_matches(name, NAMES, 1, 0.85)
    ]
    site_url = _site_url(values.get("BLOG_SITE_URL", ""), problems)
    database = _database(values.get("BLOG_DATABASE_URL", ""), instance, problems)
    proxies = _proxies(values.get("BLOG_TRUSTED_PROXIES", "0"), problems)
    megabytes = _megabytes(values.get("BLOG_PAGE_STORE_MB", "32"), problems)
    secret_key = _secret_key(values, instance, problems)
    mail = read_mail(values, site_url, problems)
    if problems:
        raise BadSettings(problems)
    return Environment(instance, site_url, secret_key, database, proxies, megabytes, mail)


def _misspelt(name: str) -> str:
    meant = get_close_matches(name, NAMES, 1)[0]
    return f"{name} is not a setting; did you mean {meant}? docs/settings.md lists them all."


def _lines_of(path: Path, problems: list[str]) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path} cannot be read ({error}); make it a readable UTF-8 file or remove it.")
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.removeprefix("export ").partition("=")
        if not equals or not re.fullmatch(r"BLOG_[A-Z_]+", name.strip()):
            problems.append(f"{path}, line {number}: write NAME=value with a name that starts with BLOG_.")
            continue
        found[name.strip()] = value.strip().strip("\"'")
    return found


def _site_url(value: str, problems: list[str]) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and _is_host(parts.hostname) and not parts.username
        _ = parts.port
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.path not in ("", "/"):
        problems.append(
            "BLOG_SITE_URL must be an address such as https://journal.example.org, without a path."
        )
        return ""
    # Browsers leave the default port out of Host and Origin, which are compared with this.
    default = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def _is_host(name: str | None) -> bool:
    """Tell whether browsers could send this name: ASCII, an international one in its xn-- form."""
    return bool(name and re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", name))


def _database(value: str, instance: Path, problems: list[str]) -> Path:
    if not value:
        return instance / "blog.sqlite3"
    path = value.removeprefix("sqlite:///")
    if path == value or not path or path == ":memory:":
        problems.append(
            "BLOG_DATABASE_URL must be sqlite:///PATH; Broadsheet keeps its data in one SQLite file."
        )
        return instance / "blog.sqlite3"
    return (instance / path).resolve()


def _proxies(value: str, problems: list[str]) -> int:
    if re.fullmatch(r"[0-9]", value.strip()):
        return int(value)
    problems.append("BLOG_TRUSTED_PROXIES must be the number of proxies in front, from 0 to 9.")
    return 0


def _megabytes(value: str, problems: list[str]) -> int:
    if re.fullmatch(r"[0-9]{1,5}", value.strip()):
        return int(value)
    problems.append("BLOG_PAGE_STORE_MB must be a number of megabytes, from 0 (no page store) to 99999.")
    return 32


def _secret_key(values: Mapping[str, str], instance: Path, problems: list[str]) -> str:
    key = values.get("BLOG_SECRET_KEY", "")
    file = values.get("BLOG_SECRET_KEY_FILE", "")
    if not key and file:
        try:
            key = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"BLOG_SECRET_KEY_FILE cannot be read: {error}.")
            return ""
    if key or file:
        if not key.isprintable():
            problems.append("BLOG_SECRET_KEY must be text that can be printed.")
        if len(key) < 16:
            problems.append("BLOG_SECRET_KEY must have at least 16 characters.")
        return key
    try:
        key = _kept_key(instance / "secret_key")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"The data folder {instance} cannot be written ({error}); BLOG_INSTANCE names it.")
        return ""
    if len(key) < 16:  # emptied by a full disk or by hand; nothing may be signed with it
        problems.append(f"{instance / 'secret_key'} holds no key; remove it and a new one is made.")
    return key


def _kept_key(path: Path) -> str:
    """Read the key kept in the data folder, making it at the first start; two starts at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".secret_key.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # unlike a rename, a link does not take the place of the other's key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text("utf-8").strip()
