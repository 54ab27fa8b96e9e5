"""`calibrate latency`: the best settings of a machine for a deadline, measured and promised."""
