"""Hand-made cases with known answers for the evaluation."""
