"""Passwords of tests, hashed in no time; a web process under test, which has the product's hasher, checks them too."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    iterations = 1
