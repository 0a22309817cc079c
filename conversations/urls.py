from django.urls import include, path
from rest_framework.routers import SimpleRouter

from conversations.api.views import CatalogView, ConversationViewSet

router = SimpleRouter()
router.register("conversations", ConversationViewSet, basename="conversation")

urlpatterns = [
    path("catalog/", CatalogView.as_view(), name="catalog"),
    path("", include(router.urls)),
]
