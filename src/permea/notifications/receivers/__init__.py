"""Who has to hear of it: what is announced, told by mail and to webhooks."""

from permea.notifications.receivers import agreements, alliances, campus, partners, projects, steps

__all__ = ["agreements", "alliances", "campus", "partners", "projects", "steps"]
