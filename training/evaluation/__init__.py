"""How good scores and events are: causal, untrimmed, by event and by tick; numpy only."""
