"""Addresses of dialogue."""

from __future__ import annotations

from django.urls import path

from permea.dialogue.views import asking, managing, public

app_name = "dialogue"
urlpatterns = [
    path("c/<str:key>/ask/", asking.ask, name="ask"),
    path("c/<str:key>/questions/", public.questions, name="questions"),
    path("c/<str:key>/follow/", public.follow, name="follow"),
    path("my/questions/", asking.mine, name="mine"),
    path("my/questions/<str:key>/withdraw/", asking.withdraw, name="withdraw"),
    path("my/questions/<str:key>/object/", asking.appeal, name="appeal"),
    path("challenges/<str:key>/questions/", managing.manage, name="manage"),
    path("moderation/", managing.moderation, name="moderation"),
    path("questions/<str:key>/answer/", managing.answer, name="answer"),
    path("questions/<str:key>/release/", managing.release, name="release"),
    path("questions/<str:key>/hide/", managing.hide, name="hide"),
    path("questions/<str:key>/decide/", managing.decide_appeal, name="decide_appeal"),
    path("questions/<str:key>/dismiss/", managing.dismiss, name="dismiss"),
    path("questions/<str:key>/report/", public.report, name="report"),
]
