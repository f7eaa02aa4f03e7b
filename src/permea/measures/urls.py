"""Addresses of measures."""

from django.urls import path

from permea.measures import views

app_name = "measures"
urlpatterns = [
    path("measures/", views.funnel, name="funnel"),
    path("measures/reach/", views.reach, name="reach"),
    path("measures/reach/download/", views.reach_table, name="reach_table"),
    path("challenges/<str:key>/reach/", views.challenge_reach, name="challenge_reach"),
    path("challenges/<str:key>/reach/download/", views.reach_table, name="challenge_reach_table"),
]
