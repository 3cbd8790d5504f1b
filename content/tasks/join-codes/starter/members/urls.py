from django.urls import path

from . import join

urlpatterns = [
    path("join-codes/", join.codes, name="join-codes"),
    path("join-codes/<int:pk>/", join.code, name="join-code"),
    path("join/", join.join, name="join"),
]
