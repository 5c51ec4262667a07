"""docs/settings.md tells of every setting there is, and of no other."""

import re
from pathlib import Path

import app
from blog.settings.declaring import DECLARED

ROOT = Path(app.__file__).parent
DOCUMENT = (ROOT / "docs" / "settings.md").read_text("utf-8")


def documented(pattern: str, text: str = DOCUMENT) -> set[str]:
    return set(re.findall(rf"^\| `({pattern})` \|", text, re.MULTILINE))


def test_every_setting_of_the_process_is_documented() -> None:
    modules = ("environment.py", "mail_settings.py")
    code = "".join((ROOT / "blog" / "lib" / name).read_text("utf-8") for name in modules)
    assert documented("BLOG_[A-Z_]+") == set(re.findall(r'"(BLOG_[A-Z_]+)"', code))


def test_every_setting_of_the_site_is_documented() -> None:
    assert documented(r"[a-z]+\.[a-z_]+") == set(DECLARED)


def test_a_setting_without_its_row_would_be_noticed() -> None:
    assert documented("BLOG_[A-Z_]+", "| `BLOG_ONE` | x |\n`BLOG_TWO`") == {"BLOG_ONE"}
