"""Who people are."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Locale(models.TextChoices):
    ZH = "zh", "中文"
    EN = "en", "English"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A person is known by an e-mail address; none was given.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    locale = models.CharField(_("language"), max_length=2, choices=Locale.choices, default=Locale.ZH)
    instructions = models.TextField(_("instructions to the assistant"), blank=True)
    subject = models.UUIDField(_("subject"), default=uuid.uuid4, unique=True, editable=False)
    """The random id under which this person appears in facts. This row is its only link to a person."""
    is_test = models.BooleanField(_("test account"), default=False, help_text=_("Left out of adoption by default."))
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """What the templates of the admin call a person; where it is empty, they take the e-mail address."""
        return self.name

    @property
    def is_internal(self) -> bool:
        """Staff and test accounts are not adoption."""
        return self.is_staff or self.is_test
