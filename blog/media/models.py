"""A picture, as the database knows it."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import Model
from blog.lib.markdown import Picture, Source

from .kinds import master_file


class Media(Model):
    """One picture of the site; its bytes stand in the media folder under their digest."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    """File name that people know it by: `sleep.jpg`."""
    digest: Mapped[str]
    """SHA-256 of the cleaned picture, in hex."""
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    renditions: Mapped[list[dict[str, int | str]]] = mapped_column(JSON)
    """The sizes made of it, smallest first: width, height, media_type, file."""

    @property
    def file(self) -> str:
        """Return the name under which its bytes stand in the media folder."""
        return master_file(self.digest, self.media_type)

    @property
    def path(self) -> str:
        """Return the address that Markdown uses for it."""
        return f"/media/{self.name}"

    @property
    def picture(self) -> Picture:
        """Return what a page needs to show it."""
        return picture_from(self.renditions, self.width, self.height)


def picture_from(renditions: list[dict[str, int | str]], width: int, height: int) -> Picture:
    """Return what a page needs to show a picture that has these sizes."""
    by_type: dict[str, list[dict[str, int | str]]] = {}
    for rendition in renditions:
        by_type.setdefault(str(rendition["media_type"]), []).append(rendition)
    modern = by_type.pop("image/webp", [])
    plain = next(iter(by_type.values()))
    return Picture(
        src=f"/media/{plain[-1]['file']}",
        width=width,
        height=height,
        srcset=_srcset(plain),
        sources=(Source("image/webp", _srcset(modern)),) if modern else (),
    )


def _srcset(renditions: list[dict[str, int | str]]) -> str:
    return ", ".join(f"/media/{rendition['file']} {rendition['width']}w" for rendition in renditions)
