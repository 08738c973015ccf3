"""Real orders in, and what is simulated held against them."""
