"""Addresses of selection."""

from django.urls import path

from permea.selection.views import answering, choosing, deciding, dossiers, title, works

app_name = "selection"
urlpatterns = [
    path("challenges/<str:key>/selection/", choosing.select, name="select"),
    path("challenges/<str:key>/selection/limits/", choosing.limits, name="limits"),
    path("challenges/<str:key>/selection/estimates/", choosing.estimates, name="estimates"),
    path("challenges/<str:key>/selection/change/", choosing.change, name="change"),
    path("challenges/<str:key>/selection/settle/", choosing.settle, name="settle"),
    path("challenges/<str:key>/decisions/", deciding.decide, name="decide"),
    path("challenges/<str:key>/decisions/save/", deciding.save, name="save_decisions"),
    path("challenges/<str:key>/decisions/release/", deciding.release, name="release"),
    path("challenges/<str:key>/decisions/<int:clarification_id>/reply/", deciding.reply, name="reply"),
    path("challenges/<str:key>/awards/", deciding.awards, name="awards"),
    path("challenges/<str:key>/awards/<str:award_key>/pay/", deciding.pay, name="pay"),
    path("challenges/<str:key>/dossier/", dossiers.dossier, name="dossier"),
    path("titles/", title.titles, name="titles"),
    path("titles/<str:key>/", title.idea_title, name="title"),
    path("titles/<str:key>/export/", title.export, name="export_title"),
    path("titles/<str:key>/strike/<str:evidence_key>/", title.strike, name="strike_title"),
    path("works/", works.works, name="works"),
    path("works/new/", works.new_work, name="new_work"),
    path("works/<str:key>/", works.work, name="work"),
    path("works/<str:key>/join/", works.join, name="join_work"),
    path("works/<str:key>/end/<str:seat_key>/", works.end, name="end_work"),
    path("works/<str:key>/table/", works.table, name="work_table"),
    path("works/<str:key>/matter/", works.pick, name="pick_matter"),
    path("works/<str:key>/matter/<str:person_key>/<str:subject_key>/", works.matter, name="matter"),
    path("my/credits/", answering.my_credits, name="credits"),
    path("my/ideas/<str:key>/", answering.status, name="status"),
    path("my/ideas/<str:key>/clarify/", answering.clarify, name="clarify"),
    path("my/ideas/<str:key>/accept-rights/", answering.accept_rights, name="accept_rights"),
]
