"""Figures that are measured by hand, never by the tests."""
