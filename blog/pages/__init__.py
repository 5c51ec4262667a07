"""The public face of pages that are no articles."""
