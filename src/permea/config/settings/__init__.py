"""Django settings by kind of run."""
