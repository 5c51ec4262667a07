"""Mail that must not be lost: what waits, what went out, and which addresses must be left alone."""
