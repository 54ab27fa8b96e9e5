"""What an encoder that saw no labels is worth, by how many labels there are."""
