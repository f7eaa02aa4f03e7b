"""Schema history of ledger."""
