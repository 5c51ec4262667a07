"""The newsletter's pages: signing up, confirming, choosing, leaving, and the issues of the past."""
