"""The product's settings for tests: the same module, with an environment made for this test process.

Every xdist worker has its own database, its own Valkey and its own web process, on ports chosen here.
"""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

from tests.ports import reserved

FOLDER = Path(tempfile.mkdtemp(prefix="shiyong-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
VALKEY_PORT = reserved()
WEB_PORTS = reserved(), reserved()
DATABASE = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{FOLDER / 'base.sqlite3'}"

os.environ.update(
    {
        "SECRET_KEY": "for-tests-only",
        "FIELD_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
        "DATABASE_URL": DATABASE,
        "REDIS_URL": f"redis://127.0.0.1:{VALKEY_PORT}/0",
        "PUBLIC_ORIGINS": ",".join(f"http://127.0.0.1:{port}" for port in WEB_PORTS),
        "DRAIN_S": "4",
        "TIMER_SCALE": "0.5",
        "TURNS_PER_MINUTE": "0",
        "TURNS_PER_MINUTE_PER_ADDRESS": "0",
        "REPORT_MIN_PEOPLE": "1",
        "LOG_LEVEL": "WARNING",
    }
)

from app.settings import *  # noqa: E402, F403
from app.settings import DATABASES  # noqa: E402

if DATABASE.startswith("sqlite"):
    # A file, not memory: the web process under test is a process of its own.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"].pop(
        "options", None
    )  # a test may be one transaction, and wait for whatever it likes
REPORT_MIN_PEOPLE = 10
"""Here as in production; the web processes under test show a single person's numbers, to be compared."""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["tests.hashing.QuickHasher"]
