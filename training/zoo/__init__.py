"""The pose models of the iMiGUE paper behind one contract, for comparison and for latents."""
