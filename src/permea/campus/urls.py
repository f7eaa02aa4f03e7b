"""Addresses of campus."""

from __future__ import annotations

from django.urls import path

from permea.campus.views import bookings, equipment, lists, placement_lists, placements

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
    path("placements/", placement_lists.placements, name="placements"),
    path("placements/new/", placement_lists.new_placement, name="new_placement"),
    path("placements/<str:key>/", placements.placement, name="placement"),
    path("placements/<str:key>/edit/", placements.edit_placement, name="edit_placement"),
    path("placements/<str:key>/student/", placements.name_student, name="name_student"),
    path("placements/<str:key>/student/answer/", placements.answer_student, name="answer_student"),
    path("placements/<str:key>/accept/", placements.accept, name="accept_placement"),
    path("placements/<str:key>/decline/", placements.decline, name="decline_placement"),
    path("placements/<str:key>/reports/", placements.report, name="report"),
    path("placements/<str:key>/reports/<str:report_key>/remark/", placements.remark, name="remark"),
    path("placements/<str:key>/end/", placements.end, name="end_placement"),
    path("placements/<str:key>/outcome/", placements.outcome, name="outcome"),
    path("placements/<str:key>/outcome/agree/", placements.agree_outcome, name="agree_outcome"),
    path("my/placements/", placement_lists.my_placements, name="my_placements"),
    path("my/bookings/", lists.mine, name="mine"),
    path("my/bookings.ics", lists.calendar, name="calendar"),
]
