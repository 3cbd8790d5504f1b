from django.urls import path
from rest_framework.routers import SimpleRouter

from .api import LoanViewSet
from .returns import return_batch

router = SimpleRouter()
router.register("loans", LoanViewSet, basename="loan")

urlpatterns = [
    *router.urls,
    path("branches/<slug:slug>/returns/", return_batch, name="return-batch"),
]
