"""The engine: messages, contracts and everything that moves samples from a source to a feed."""
