"""A browser without a screen: cookies, the Origin of its page and the CSRF token, as frontend/src/api/client.ts does it."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import Cookie, CookieJar
from typing import Any

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
    def __init__(self, web: str, *, language: str = "zh-CN,zh;q=0.9") -> None:
        self._web = web
        self._language = language
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
        headers = {"Accept": "application/json", "Accept-Language": self._language, "Origin": self._web}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if token is not None:
            headers["X-CSRFToken"] = token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._web + path, data=data, headers=headers, method=method)
        try:
            with self._opener.open(request, timeout=10) as response:
                return Answer(response.status, _json(response.read()))
        except urllib.error.HTTPError as error:
            return Answer(error.code, _json(error.read()))

    def me(self) -> Any:
        return self.get("/api/me/").body

    def post(self, path: str, **fields: Any) -> Answer:
        """With the token that this page has now."""
        return self.send("POST", path, fields, token=self.me()["csrf"])

    def sign_out(self) -> Answer:
        return self.send("DELETE", SESSION, token=self.me()["csrf"])

    def cookie(self, name: str) -> Cookie:
        return next(cookie for cookie in self.cookies if cookie.name == name)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else {}
    except ValueError:
        return {}
