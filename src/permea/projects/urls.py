"""Addresses of projects."""

from __future__ import annotations

from django.urls import path

from permea.projects.views import lists, rows, transfer

app_name = "projects"
urlpatterns = [
    path("transfers/", lists.transfers, name="list"),
    path("transfers/new/", lists.new_transfer, name="new"),
    path("transfers/table.csv", lists.table, name="table"),
    path("my/transfers/", lists.mine, name="mine"),
    path("transfers/<str:key>/", transfer.transfer, name="transfer"),
    path("transfers/<str:key>/edit/", transfer.edit, name="edit"),
    path("transfers/<str:key>/show/", transfer.show, name="show"),
    path("transfers/<str:key>/move/", transfer.move, name="move"),
    path("transfers/<str:key>/drop/", transfer.drop, name="drop"),
    path("transfers/<str:key>/level/", transfer.level, name="level"),
    path("transfers/<str:key>/package/", rows.package, name="package"),
    path("transfers/<str:key>/package/new/", rows.add_item, name="add_item"),
    path("transfers/<str:key>/training/", rows.hold_sessions, name="training"),
    path("transfers/<str:key>/training/new/", rows.plan_session, name="add_session"),
    path("transfers/<str:key>/test/", rows.measure, name="test"),
    path("transfers/<str:key>/test/new/", rows.add_criterion, name="add_criterion"),
    path("transfers/<str:key>/verdict/", transfer.judge, name="judge"),
    path("transfers/<str:key>/support/", transfer.support, name="support"),
    path("transfers/<str:key>/readiness/", rows.points, name="readiness"),
    path("transfers/<str:key>/readiness/new/", rows.add_point, name="add_point"),
]
