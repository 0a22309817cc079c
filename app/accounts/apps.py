from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "app.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from app.accounts import leaving

        leaving.connect()
