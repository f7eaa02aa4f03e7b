"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from permea.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<str:key>/read/", views.read_notice, name="read_notice"),
    path("me/notifications/", views.choices, name="choices"),
    path("me/notifications/try-again/", views.try_again, name="try_again"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("settings/mail/", views.mail_server, name="mail_server"),
    path("settings/hooks/", views.hooks, name="hooks"),
    path("settings/hooks/new/", views.new_hook, name="new_hook"),
    path("settings/hooks/<str:key>/", views.hook, name="hook"),
    path("settings/hooks/<str:key>/edit/", views.edit_hook, name="edit_hook"),
    path("settings/hooks/<str:key>/secret/", views.rotate_hook, name="rotate_hook"),
    path("settings/hooks/<str:key>/test/", views.test_hook, name="test_hook"),
    path("settings/hooks/<str:key>/pause/", views.pause_hook, name="pause_hook"),
    path("settings/hooks/<str:key>/resume/", views.resume_hook, name="resume_hook"),
    path("settings/hooks/<str:key>/end/", views.end_hook, name="end_hook"),
    path("settings/hooks/<str:key>/deliveries/<str:delivery_key>/replay/", views.replay, name="replay"),
    path("mails/", views.mails, name="mails"),
    path("mails/<str:key>/", views.mail, name="mail"),
]
