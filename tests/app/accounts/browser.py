"""A browser without a screen: cookies, the Origin of its page and the CSRF token, as the page's client.ts does it."""

import json
from dataclasses import dataclass
from http.cookies import Morsel
from typing import Any

from django.conf import settings
from django.test import Client

SESSION = "/_allauth/browser/v1/auth/session"
LOGIN = "/_allauth/browser/v1/auth/login"
SIGNUP = "/_allauth/browser/v1/auth/signup"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    @property
    def codes(self) -> list[str]:
        """Of allauth's errors."""
        return [error["code"] for error in self.body.get("errors", [])]


class Browser:
    def __init__(self, *, language: str = "zh-CN,zh;q=0.9") -> None:
        self._client = Client(enforce_csrf_checks=True)
        self._headers = {"Accept": "application/json", "Origin": settings.PUBLIC_ORIGINS[0]}
        self._headers["Host"] = settings.PUBLIC_ORIGINS[0].split("://")[1]
        if language:
            self._headers["Accept-Language"] = language

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
        headers = self._headers if token is None else {**self._headers, "X-CSRFToken": token}
        answer = self._client.generic(
            method, path, "" if body is None else json.dumps(body), content_type="application/json", headers=headers
        )
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return Answer(answer.status_code, answer.json() if is_json else {})

    def me(self) -> Any:
        return self.get("/api/me/").body

    def post(self, path: str, **fields: Any) -> Answer:
        """With the token that this page has now."""
        return self.send("POST", path, fields, token=self.me()["csrf"])

    def sign_out(self) -> Answer:
        return self.send("DELETE", SESSION, token=self.me()["csrf"])

    def cookie(self, name: str) -> "Morsel[str]":
        return self._client.cookies[name]

    def uses(self, session: str) -> None:
        """A session's key from elsewhere."""
        self._client.cookies["sessionid"] = session
