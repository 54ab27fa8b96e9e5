"""People who fidget before a camera, drawn at random: scripts, bodies, cameras, landmarks."""
