"""Addresses of agreements."""

from django.urls import path

from permea.agreements import views
from permea.agreements.views import chooser

app_name = "agreements"
urlpatterns = [
    path("terms/", views.terms_list, name="list"),
    path("terms/standard/", views.standard, name="standard"),
    path("terms/<str:key>/", views.terms, name="terms"),
    path("terms/<str:key>/new-version/", views.revise, name="revise"),
    path("choosing/", chooser.choosing, name="choosing"),
    path("choosing/<str:key>/", chooser.choosing_run, name="choosing_run"),
    path("choosing/<str:key>/again/", chooser.choosing_again, name="choosing_again"),
    path("choosing/<str:key>/draft/", chooser.choosing_draft, name="choosing_draft"),
    path("choosing/<str:key>/term-sheet.md", chooser.choosing_sheet, name="choosing_sheet"),
    path("choose/<str:key>/", chooser.choose, name="choose"),
    path("choose/<str:key>/again/", chooser.choose_again, name="choose_again"),
    path("choose/<str:key>/term-sheet.md", chooser.choose_sheet, name="choose_sheet"),
]
