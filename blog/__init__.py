"""Broadsheet: a self-hosted journal for small expert teams."""
