"""Pages of trials: for those who ask, and for those who are asked."""
