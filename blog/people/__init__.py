"""The public face of authors and reviewers."""
