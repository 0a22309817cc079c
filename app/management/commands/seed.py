"""``manage.py seed``: first contents, and the endpoints that the environment names."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from app.seed.sowing import SignIn, Upstream, sow


class Command(BaseCommand):
    help = "Put scenarios, a model that answers, and people to sign in as into the database. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        base_url = os.environ.get("MODEL_BASE_URL", "")
        upstream = Upstream(
            base_url=base_url,
            remote_name=os.environ.get("MODEL_NAME", ""),
            api_key=os.environ.get("MODEL_API_KEY", ""),
        )
        created = sow(
            demonstration_url=os.environ.get("DEMONSTRATION_URL", ""), upstream=upstream if base_url else None
        )
        if created:
            self._keep(created)

    def _keep(self, created: list[SignIn]) -> None:
        """Printed once, and kept where only the operator reads."""
        lines = "\n".join(f"{one.what}: {one.email}   password: {one.password}" for one in created)
        self.stdout.write(lines)
        path = Path(settings.VAR_DIR) / "secrets" / "sign-in.txt"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(lines + "\n")
