from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("catalog.urls")),
    path("api/", include("lending.urls")),
    path("api/", include("lists.urls")),
    path("api/", include("members.urls")),
]
