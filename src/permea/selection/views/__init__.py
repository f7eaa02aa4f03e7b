"""Pages of selection: choosing, deciding, answering, and the contributor's status."""
