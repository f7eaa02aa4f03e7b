"""Projects: what is handed over from one side to the other, how it is tested there, and who helps afterwards."""
