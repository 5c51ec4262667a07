"""What is installed is what was chosen: named with its reason, pinned, hashed, and without an address."""

import hashlib
import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .reading import ROOT, STATIC

NAMED = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)


def chosen() -> tuple[list[Requirement], list[Requirement]]:
    """Return what pyproject.toml asks for: for the product, and on top of it for development."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    product, development = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    return [Requirement(line) for line in product], [Requirement(line) for line in development]


def pins(text: str) -> dict[str, list[str]]:
    """Return the name and version of each pinned package of a requirement file."""
    found: dict[str, list[str]] = {}
    for entry in entries(text):
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", entry)
        if match:
            found.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return found


def entries(text: str) -> list[str]:
    """Return the file's logical lines: continued ones joined, comments left out."""
    lines = re.sub(r"(?m)^\s*#.*\n?", "", text).replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip()]


def unsafe(text: str) -> Iterator[str]:
    """Yield what is wrong with a requirement file: an open version, a missing hash, an address."""
    for entry in entries(text):
        if not re.match(r"[A-Za-z0-9._-]+==[^\s;*]+(\s|$)", entry):
            yield f"{entry.split()[0]} is not pinned"
        elif not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry):
            yield f"{entry.split()[0]} has no sha256"
    yield from (
        f"names the address {found}" for found in re.findall(r"\S*://\S*|--\S*index\S*|--find-links\S*", text)
    )


def unmet(wanted: list[Requirement], text: str) -> Iterator[str]:
    """Yield what is asked for and not pinned within its bounds."""
    pinned = pins(text)
    for requirement in wanted:
        versions = pinned.get(canonicalize_name(requirement.name), [])
        if not versions or not all(requirement.specifier.contains(version) for version in versions):
            yield f"{requirement} is pinned to {versions or 'nothing'}"


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_every_package_is_named_with_its_reason_and_no_other_is() -> None:
    product, development = chosen()
    described = NAMED.findall(read("docs/dependencies.md"))
    assert described == [requirement.name for requirement in product + development]


def test_what_pyproject_asks_for_is_pinned_within_its_bounds() -> None:
    product, development = chosen()
    assert list(unmet(product, read("requirements.txt"))) == []
    assert list(unmet(product + development, read("requirements-dev.txt"))) == []


def test_development_has_the_same_versions_as_the_product() -> None:
    product, development = pins(read("requirements.txt")), pins(read("requirements-dev.txt"))
    assert {name: development.get(name) for name in product} == product


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_hashed_without_an_address(name: str) -> None:
    assert list(unsafe(read(name))) == []


def test_no_lock_file_carries_download_addresses() -> None:
    assert [
        name for name in ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock") if (ROOT / name).exists()
    ] == []
    assert '"resolved"' not in read(".ci/html-validate/package-lock.json")


def test_vendored_files_are_what_they_were_when_they_were_read() -> None:
    noted = {line.split()[1]: line.split()[0] for line in read("static/vendor/CHECKSUMS").splitlines()}
    found = [path for path in (STATIC / "vendor").glob("*") if path.suffix in (".js", ".css")]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found} == noted


def test_a_loose_requirement_is_seen() -> None:
    digest = f"--hash=sha256:{'0' * 64}"
    text = f"# made by hand\na==1 \\\n    {digest}\n    # via b\nb>=2 {digest}\nc==3\nd==1.* {digest}\n"
    assert list(unsafe(text)) == ["b>=2 is not pinned", "c==3 has no sha256", "d==1.* is not pinned"]
    assert list(unsafe("--index-url https://x.example/simple\n"))[1:] == [
        "names the address --index-url",
        "names the address https://x.example/simple",
    ]


def test_a_requirement_outside_its_bounds_is_seen() -> None:
    wanted = [Requirement("A_b>=2"), Requirement("c"), Requirement("d<3")]
    assert list(unmet(wanted, "a-b==1.9\nd==2.1 ; x\n")) == [
        "A_b>=2 is pinned to ['1.9']",
        "c is pinned to nothing",
    ]
