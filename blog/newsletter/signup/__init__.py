"""Signing up: from the posted form to a confirmed reader, or to a request that is forgotten."""
