"""What the team sets at the desk: typed, declared by features, each with a default."""
