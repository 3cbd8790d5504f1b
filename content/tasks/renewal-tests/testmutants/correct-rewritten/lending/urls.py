from django.urls import path

from . import api

urlpatterns = [
    path("loans/", api.loans),
    path("loans/<int:pk>/renew/", api.renew),
    path("loans/<int:pk>/return/", api.give_back),
]
