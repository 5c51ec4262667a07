"""A file is told from one that took its place, even where the system gives it the same number."""

from pathlib import Path

from blog.lib.inodes import inode_of


def test_a_file_that_is_written_to_or_moved_stays_itself(tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "file", tmp_path / "elsewhere"
    file.write_text("one")
    before = inode_of(file)
    file.write_text("two")
    file.chmod(0o600)
    assert inode_of(file) == before
    file.rename(elsewhere)
    assert inode_of(elsewhere) == before


def test_no_two_files_at_one_place_are_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    found = []
    for _ in range(20):
        file.write_text("alike")
        found.append(inode_of(file))
        file.unlink()
    assert len(set(found)) == 20
