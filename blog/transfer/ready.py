"""All that an import is about to write, decided and prepared."""

from dataclasses import dataclass

from blog.media.storing import StoredPicture

from .deciding import Plan
from .present import Present, Remembered
from .rendered import Rendered


@dataclass
class Ready:
    """All that is to be written."""

    plan: Plan
    present: Present
    rendered: Rendered
    pictures: dict[str, StoredPicture]
    files: dict[str, Remembered]

    @property
    def news(self) -> dict[str, Remembered]:
        """Return what is to be remembered otherwise than it is."""
        files = {**self.plan.files, **self.files}
        return {path: file for path, file in files.items() if self.present.files.get(path) != file}

    @property
    def is_nothing(self) -> bool:
        """Tell whether the site is already as the folder says."""
        return not (self.plan.loaded_paths or self.pictures or self.news)
