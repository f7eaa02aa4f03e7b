"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import path

from permea.ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.ledger, name="list"),
    path("ledger/export/", views.export, name="export"),
    path("ledger/keys.json", views.public_keys, name="keys"),
    path("ledger/heads.json", views.heads, name="heads"),
    path("ledger/verifier.py", views.program, name="verifier"),
    path("receipts/<str:key>/", views.receipt, name="receipt"),
]
