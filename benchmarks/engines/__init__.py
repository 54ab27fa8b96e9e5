"""What a tick costs: our engines, and beside them what one would use instead."""
