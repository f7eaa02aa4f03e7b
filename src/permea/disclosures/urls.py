"""Addresses of disclosures."""

from __future__ import annotations

from django.urls import path

from permea.disclosures.views import guests, items, seen

app_name = "disclosures"
urlpatterns = [
    path("items/", items.items, name="list"),
    path("items/new/", items.new_item, name="new"),
    path("items/<str:key>/", items.item, name="item"),
    path("items/<str:key>/edit/", items.edit_item, name="edit"),
    path("items/<str:key>/parts/new/", items.new_part, name="new_part"),
    path("items/<str:key>/shares/", items.share, name="share"),
    path("items/<str:key>/publish/", items.publish, name="publish"),
    path("items/<str:key>/unpublish/", items.unpublish, name="unpublish"),
    path("items/<str:key>/as/", items.preview, name="preview"),
    path("parts/<str:key>/", items.edit_part, name="part"),
    path("parts/<str:key>/remove/", items.remove_part, name="remove_part"),
    path("shares/<str:key>/close/", items.close_share, name="close_share"),
    path("seen/", seen.seen, name="seen"),
    path("seen/table.csv", seen.table, name="seen_table"),
    path("seen/at-stake/", seen.at_stake, name="at_stake"),
    path("shared/", guests.shared, name="shared"),
    path("shared/<str:key>/", guests.shared_item, name="shared_item"),
    path("shared/<str:key>/take-along/", guests.take_along, name="take_along"),
    path("shared/<str:key>/files/<str:part_key>/", guests.shared_file, name="shared_file"),
    path("shown/<str:key>/", guests.shown, name="shown"),
    path("shown/<str:key>/files/<str:part_key>/", guests.shown_file, name="shown_file"),
]
