from checks.views import answer, begin, look
from django.urls import path

urlpatterns = [
    path("begin", begin),
    path("attempts/<uuid:attempt>", look),
    path("attempts/<uuid:attempt>/items/<int:place>", answer),
]
