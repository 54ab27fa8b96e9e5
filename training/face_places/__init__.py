"""What the outline of the face would tell of where on the head a hand is."""
