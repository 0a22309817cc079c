from django.urls import include, path
from rest_framework.routers import SimpleRouter

from conversations.api.feedback import AppealView, EngagementView, RatingView
from conversations.api.search import SearchView
from conversations.api.views import CatalogView, ConversationViewSet

router = SimpleRouter()
router.register("conversations", ConversationViewSet, basename="conversation")

urlpatterns = [
    path("catalog/", CatalogView.as_view(), name="catalog"),
    path("engagement/", EngagementView.as_view(), name="engagement"),
    path("messages/<uuid:answer>/appeal/", AppealView.as_view(), name="appeal"),
    path("messages/<uuid:answer>/rating/", RatingView.as_view(), name="rating"),
    path("search/", SearchView.as_view(), name="search"),
    path("", include(router.urls)),
]
