from django.urls import path

from . import api

urlpatterns = [path("notes/", api.notes), path("notes/<int:pk>/", api.note)]
