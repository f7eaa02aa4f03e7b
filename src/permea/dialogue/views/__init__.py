"""Pages of dialogue: for askers, for the public, for those who manage."""
