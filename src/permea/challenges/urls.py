"""Addresses of challenges."""

from django.urls import path

from permea.challenges import views

app_name = "challenges"
urlpatterns = [
    path("", views.home, name="home"),
    path("c/feed.atom", views.feed, name="feed"),
    path("c/<str:key>/", views.public, name="public"),
    path("c/<str:key>/qr.svg", views.qr, name="qr"),
    path("c/<str:key>/deadline.ics", views.deadline_calendar, name="deadline_calendar"),
    path("c/<str:key>/confidential/", views.confidential, name="confidential"),
    path("challenges/", views.challenge_list, name="list"),
    path("challenges/new/", views.new, name="new"),
    path("challenges/new/<str:template>/", views.example, name="example"),
    path("challenges/<str:key>/", views.overview, name="overview"),
    path("challenges/<str:key>/edit/<str:step>/", views.edit, name="edit"),
    path("challenges/<str:key>/findings/<str:step>/", views.findings, name="findings"),
    path("challenges/<str:key>/preview/", views.preview, name="preview"),
    path("challenges/<str:key>/publish/", views.publish, name="publish"),
    path("challenges/<str:key>/timetable/", views.timetable, name="timetable"),
    path("challenges/<str:key>/steps/", views.change_steps, name="change_steps"),
    path("challenges/<str:key>/readers/", views.readers, name="readers"),
    path("challenges/<str:key>/readers/<str:agreement_key>/end/", views.end_access, name="end_access"),
    path("challenges/<str:key>/archive/", views.archive, name="archive"),
    path("challenges/<str:key>/restore/", views.restore, name="restore"),
]
