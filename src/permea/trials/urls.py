"""Addresses of trials."""

from __future__ import annotations

from django.urls import path

from permea.trials.views import answering, concepts, joining, panels, prototypes, trying

app_name = "trials"
urlpatterns = [
    path("trials/", concepts.tests, name="list"),
    path("trials/tests/new/", concepts.new_test, name="new_test"),
    path("trials/tests/<str:key>/", concepts.test, name="test"),
    path("trials/tests/<str:key>/edit/", concepts.edit_test, name="edit_test"),
    path("trials/tests/<str:key>/variants/", concepts.add_variant, name="add_variant"),
    path("trials/tests/<str:key>/open/", concepts.open_test, name="open_test"),
    path("trials/tests/<str:key>/close/", concepts.close_test, name="close_test"),
    path("trials/tests/<str:key>/publish/", concepts.publish, name="publish_test"),
    path("trials/tests/<str:key>/discard/", concepts.discard, name="discard_test"),
    path("trials/tests/<str:key>/poster/", concepts.poster, name="test_poster"),
    path("trials/variants/<str:key>/", concepts.variant, name="variant"),
    path("trials/variants/<str:key>/remove/", concepts.remove_variant, name="remove_variant"),
    path("trials/variants/<str:key>/picture/", concepts.picture, name="picture"),
    path("trials/panels/", panels.panels, name="panels"),
    path("trials/panels/new/", panels.new_panel, name="new_panel"),
    path("trials/panels/<str:key>/", panels.panel, name="panel"),
    path("trials/panels/<str:key>/edit/", panels.edit_panel, name="edit_panel"),
    path("trials/panels/<str:key>/invite/", panels.invite, name="invite"),
    path("trials/panels/<str:key>/poster/", panels.poster, name="panel_poster"),
    path("trials/panels/<str:key>/members/<str:member_key>/end/", panels.end, name="end_member"),
    path("trials/prototypes/", prototypes.prototypes, name="prototypes"),
    path("trials/prototypes/new/", prototypes.new_prototype, name="new_prototype"),
    path("trials/prototypes/<str:key>/", prototypes.prototype, name="prototype"),
    path("trials/prototypes/<str:key>/edit/", prototypes.edit_prototype, name="edit_prototype"),
    path("trials/prototypes/<str:key>/rounds/", prototypes.open_round, name="open_round"),
    path("trials/rounds/<str:key>/close/", prototypes.close_round, name="close_round"),
    path("trials/rounds/<str:key>/tell/", prototypes.tell, name="tell_round"),
    path("trials/rounds/<str:key>/poster/", prototypes.poster, name="round_poster"),
    path("trials/suggestions/<str:key>/", prototypes.suggestion, name="suggestion"),
    path("trials/join/<str:key>/", joining.join, name="join"),
    path("trials/join/<str:key>/qr.svg", joining.join_code, name="join_code"),
    path("trials/me/<str:token>/", joining.private, name="private"),
    path("trials/me/<str:token>/data.json", joining.data, name="private_data"),
    path("trials/t/<str:key>/", answering.start, name="start"),
    path("trials/t/<str:key>/qr.svg", answering.start_code, name="start_code"),
    path("trials/a/<str:token>/", answering.answer, name="answer"),
    path("trials/a/<str:token>/data.json", answering.data, name="answer_data"),
    path("trials/a/<str:token>/pictures/<str:variant_key>/", answering.picture, name="answer_picture"),
    path("trials/p/<str:key>/", trying.start, name="try"),
    path("trials/p/<str:key>/qr.svg", trying.start_code, name="try_code"),
    path("trials/f/<str:token>/", trying.feedback, name="feedback"),
    path("trials/f/<str:token>/data.json", trying.data, name="feedback_data"),
]
