"""Addresses of dialogue."""

from __future__ import annotations

from django.urls import path

from permea.dialogue.views import asking, importing, managing, public, talking

app_name = "dialogue"
urlpatterns = [
    path("c/<str:key>/ask/", asking.ask, name="ask"),
    path("c/<str:key>/questions/", public.questions, name="questions"),
    path("c/<str:key>/follow/", public.follow, name="follow"),
    path("my/questions/", asking.mine, name="mine"),
    path("my/questions/<str:key>/withdraw/", asking.withdraw, name="withdraw"),
    path("my/questions/<str:key>/object/", asking.appeal, name="appeal"),
    path("challenges/<str:key>/questions/", managing.manage, name="manage"),
    path("challenges/<str:key>/comments/import/", importing.upload, name="import"),
    path("challenges/<str:key>/comments/import/<str:table_key>/", importing.take_over, name="take_over"),
    path("comments/<str:key>/erase/", importing.erase_voice, name="erase_voice"),
    path("moderation/", managing.moderation, name="moderation"),
    path("questions/<str:key>/answer/", managing.answer, name="answer"),
    path("questions/<str:key>/release/", managing.release, name="release"),
    path("questions/<str:key>/hide/", managing.hide, name="hide"),
    path("questions/<str:key>/decide/", managing.decide_appeal, name="decide_appeal"),
    path("questions/<str:key>/dismiss/", managing.dismiss, name="dismiss"),
    path("questions/<str:key>/report/", public.report, name="report"),
    path("talk/<str:key>/", talking.talk, name="talk"),
    path("talk/<str:key>/say/", talking.say, name="say"),
    path("talk/<str:key>/follow/", talking.follow, name="follow_entry"),
    path("talk/<str:key>/name/", talking.name, name="talk_name"),
    path("comments/<str:key>/edit/", talking.edit, name="edit_comment"),
    path("comments/<str:key>/take-back/", talking.take_back, name="take_back_comment"),
    path("comments/<str:key>/react/", talking.react, name="react"),
    path("comments/<str:key>/settle/", talking.settle, name="settle_suggestion"),
    path("comments/<str:key>/report/", talking.report, name="report_comment"),
    path("comments/<str:key>/release/", managing.release, {"kind": "comment"}, name="release_comment"),
    path("comments/<str:key>/hide/", managing.hide, {"kind": "comment"}, name="hide_comment"),
    path("comments/<str:key>/decide/", managing.decide_appeal, {"kind": "comment"}, name="decide_comment"),
    path("comments/<str:key>/dismiss/", managing.dismiss, {"kind": "comment"}, name="dismiss_comment"),
    path("my/comments/", talking.mine, name="my_comments"),
    path("my/comments/<str:key>/object/", talking.appeal, name="appeal_comment"),
]
