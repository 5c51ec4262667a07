"""Content on its way in from files and out to files."""
