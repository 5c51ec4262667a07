"""Pages that show several features at once, and what holds for every page."""
