"""Addresses of risks."""

from __future__ import annotations

from django.urls import path

from permea.risks.views import figures, register, risk

app_name = "risks"
urlpatterns = [
    path("risks/", register.risks, name="list"),
    path("risks/new/", register.new_risk, name="new"),
    path("risks/look/", register.look, name="look"),
    path("risks/table.csv", register.table, name="table"),
    path("risks/total/", figures.total, name="total"),
    path("risks/leaks/", figures.leaks, name="leaks"),
    path("risks/starter/", register.starters, name="starters"),
    path("risks/starter/<str:name>/take/", register.take, name="take"),
    path("risks/<str:key>/", risk.risk, name="risk"),
    path("risks/<str:key>/edit/", risk.edit_risk, name="edit"),
    path("risks/<str:key>/confirm/", risk.confirm, name="confirm"),
    path("risks/<str:key>/settle/", risk.settle, name="settle"),
    path("risks/<str:key>/watch/", risk.watch, name="watch"),
    path("risk-triggers/<str:key>/end/", risk.end_watch, name="end_watch"),
]
