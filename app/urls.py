from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from app import views
from app.accounts.api import MeView

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("offline", views.offline, name="offline"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/me/", MeView.as_view(), name="me"),
    path("api/usage/", include("usage.urls")),
    path("api/", include("conversations.urls")),
    # Not what looks like a file: a browser asks for /favicon.ico beside the page, and would get a second CSRF cookie.
    re_path(r"^(?!api/|admin/|_allauth/|static/|ws/|.*\.[^/]*/?$).*$", views.page, name="page"),
]
