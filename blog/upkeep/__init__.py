"""Looking after a site that runs: whether all is well, and what to do where it is not."""
