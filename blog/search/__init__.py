"""Searching articles and answers."""
