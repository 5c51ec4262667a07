"""Lists of subscribers in and out, as CSV; suppression first, and every row accounted for."""
