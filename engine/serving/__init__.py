"""How step graphs are served: which backend runs them, and what happens when one fails."""
