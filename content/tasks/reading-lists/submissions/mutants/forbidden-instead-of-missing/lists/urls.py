from django.urls import path

from . import api

urlpatterns = [
    path("lists/", api.collection, name="readinglist-list"),
    path("lists/<int:pk>/", api.detail, name="readinglist-detail"),
    path("lists/<int:pk>/entries/", api.entries, name="entry-list"),
    path("lists/<int:pk>/entries/<int:entry_pk>/", api.entry, name="entry-detail"),
]
