"""Where allauth meets our people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from app.accounts.models import Locale, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def clean_email(self, email: str) -> str:
        """Refuse an address that is too long, which allauth would cut: the account would be of another address."""
        User._meta.get_field("email").run_validators(email)
        cleaned: str = super().clean_email(email)
        return cleaned

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Sign up: the language of the page becomes the person's."""
        user.locale = Locale.EN if (get_language() or "").startswith("en") else Locale.ZH
        saved: User = super().save_user(request, user, form, commit)
        return saved
