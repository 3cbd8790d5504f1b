from rest_framework.routers import SimpleRouter

from .api import LoanViewSet

router = SimpleRouter()
router.register("loans", LoanViewSet, basename="loan")

urlpatterns = router.urls
