"""Tools that make a recogniser: simulator, network, training, evaluation. Needs `[training]`."""
