"""The training-free recogniser: zones of the body, joint geometry and the person's own rest."""
