"""Addresses of agreements."""

from django.urls import path

from permea.agreements import views

app_name = "agreements"
urlpatterns = [
    path("terms/", views.terms_list, name="list"),
    path("terms/standard/", views.standard, name="standard"),
    path("terms/<str:key>/", views.terms, name="terms"),
    path("terms/<str:key>/new-version/", views.revise, name="revise"),
]
