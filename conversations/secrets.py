"""What is encrypted at rest: the keys of endpoints. Fernet (AES-128-CBC with HMAC-SHA256); keys from ``FIELD_KEY``."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def _fernet() -> MultiFernet:
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured(
            "FIELD_KEY is not set: endpoint keys cannot be kept. "
            "Example: FIELD_KEY=<32 random bytes in urlsafe base64>."
        )
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypt(text: str) -> bytes:
    return _fernet().encrypt(text.encode())


def decrypt(token: bytes) -> str:
    try:
        return _fernet().decrypt(token).decode()
    except InvalidToken:
        raise ImproperlyConfigured(
            "An endpoint key was encrypted with another FIELD_KEY. Add the old key after the new one, "
            "separated by a comma, or enter the endpoint's key again in the admin."
        ) from None
