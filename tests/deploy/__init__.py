"""The shipped configurations of proxies, run for real in front of the real server."""
