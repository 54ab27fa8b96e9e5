"""Fitting the network to simulated shards: batches, losses, the loop, calibration."""
