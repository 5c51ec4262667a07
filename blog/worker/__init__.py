"""What recurs: the table of chores, and the loop that does each at its time."""
