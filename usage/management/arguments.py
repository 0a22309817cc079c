"""Arguments that several commands take."""

from argparse import ArgumentTypeError
from datetime import date

from usage.periods import written_day


def local_day(text: str) -> date:
    try:
        return written_day(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text[:40]}” is not a day. Write it as YYYY-MM-DD.") from None
