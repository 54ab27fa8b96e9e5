"""The learned recogniser: one causal graph network, run over clips or one tick at a time."""
