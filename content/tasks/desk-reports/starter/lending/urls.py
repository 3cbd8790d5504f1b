from django.urls import path
from rest_framework.routers import SimpleRouter

from . import reports
from .api import LoanViewSet

router = SimpleRouter()
router.register("loans", LoanViewSet, basename="loan")

urlpatterns = router.urls + [
    path("desk/overdue/", reports.overdue, name="desk-overdue"),
    path("desk/day/", reports.day, name="desk-day"),
    path("desk/figures/", reports.figures, name="desk-figures"),
]
