"""The product with a bug: ``SEEDED_BUG=words_twice uvicorn tests.faults.bugs.asgi:application``. Empty: without one.

SEEDED_CONDITION names what is no bug but a bad day, which the product has to live through.
"""

import os

from app.asgi import application as application
from tests.faults.bugs import in_asking, in_ending, in_streaming

BUGS = {**in_asking.BUGS, **in_ending.BUGS, **in_streaming.BUGS}
CONDITIONS = {"it cannot renew": in_ending.it_cannot_renew}

if bug := os.environ["SEEDED_BUG"]:
    BUGS[bug]()
if condition := os.environ["SEEDED_CONDITION"]:
    CONDITIONS[condition]()
