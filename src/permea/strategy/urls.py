"""Addresses of strategy."""

from django.urls import path

from permea.strategy import views

app_name = "strategy"
urlpatterns = [
    path("plan/goals/", views.goals, name="goals"),
    path("plan/goals/new/", views.new_goal, name="new_goal"),
    path("plan/goals/<str:key>/", views.goal, name="goal"),
    path("plan/goals/<str:key>/edit/", views.edit_goal, name="edit_goal"),
    path("plan/goals/<str:key>/readings/", views.add_reading, name="add_reading"),
    path("plan/goals/<str:key>/close/", views.close, name="close"),
    path("plan/goals/<str:key>/reopen/", views.reopen, name="reopen"),
]
