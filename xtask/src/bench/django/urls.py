from django.urls import path
from guides.views import section

urlpatterns = [path("guides/<slug:guide>/<slug:section>", section)]
