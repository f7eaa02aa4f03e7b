"""Addresses of measures."""

from django.urls import path

from permea.measures import views

app_name = "measures"
urlpatterns = [path("measures/", views.funnel, name="funnel")]
