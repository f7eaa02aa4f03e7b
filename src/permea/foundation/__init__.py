"""Foundation: what every step stands on. Knows no app."""
