"""Step graphs in torch, captured once and replayed: one launch a tick."""
