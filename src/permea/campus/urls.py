"""Addresses of campus."""

from __future__ import annotations

from django.urls import path

from permea.campus.views import bookings, equipment, lists

app_name = "campus"
urlpatterns = [
    path("equipment/", lists.listed, name="list"),
    path("equipment/new/", lists.new_equipment, name="new"),
    path("equipment/<str:key>/", equipment.equipment, name="equipment"),
    path("equipment/<str:key>/edit/", equipment.edit, name="edit"),
    path("equipment/<str:key>/share/", equipment.share, name="share"),
    path("equipment/<str:key>/introduce/", equipment.introduce, name="introduce"),
    path("equipment/<str:key>/book/", equipment.book, name="book"),
    path("bookings/<str:key>/", bookings.booking, name="booking"),
    path("bookings/<str:key>/answer/", bookings.answer, name="answer"),
    path("bookings/<str:key>/cancel/", bookings.cancel, name="cancel"),
    path("bookings/<str:key>/hours/", bookings.hours, name="hours"),
    path("bookings/<str:key>/hours/agree/", bookings.agree_hours, name="agree_hours"),
    path("my/bookings/", lists.mine, name="mine"),
    path("my/bookings.ics", lists.calendar, name="calendar"),
]
