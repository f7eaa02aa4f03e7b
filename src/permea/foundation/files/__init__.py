"""Files that people send: taken in, known by their content, kept outside every static path."""
