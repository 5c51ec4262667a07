"""Stories of readers and visitors, told through a real browser."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.forms", f"{__name__}.serving", f"{__name__}.watching")
