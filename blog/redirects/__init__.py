"""Old addresses that lead to new ones."""
