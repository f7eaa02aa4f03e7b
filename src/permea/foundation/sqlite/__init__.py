"""Django's SQLite backend, with writers of one process let in by turns."""
