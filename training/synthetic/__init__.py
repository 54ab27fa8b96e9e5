"""A data set in iMiGUE's layout of simulated people: same files, same traps, no licence."""
