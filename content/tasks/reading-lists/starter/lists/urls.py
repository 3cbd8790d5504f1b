from django.urls import path
from rest_framework.routers import SimpleRouter

from . import api

router = SimpleRouter()
router.register("lists", api.ReadingListViewSet, basename="readinglist")

urlpatterns = [
    *router.urls,
    path("lists/<int:list_pk>/entries/", api.EntryList.as_view(), name="entry-list"),
    path(
        "lists/<int:list_pk>/entries/<int:pk>/",
        api.EntryDetail.as_view(),
        name="entry-detail",
    ),
]
