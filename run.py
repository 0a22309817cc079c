#!/usr/bin/env python3
"""Set up and run Shiyong, or its tests. Standard library only; `python3 run.py --help` lists the commands."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for those who have not read the README
    sys.exit(
        "run.py: Python 3.11 or newer is needed, and this is {}.{}. Nothing was changed. "
        "Install a newer one (Debian, Ubuntu: apt-get install python3; macOS: brew install python) "
        "and start it by its name: python3.12 run.py".format(*sys.version_info[:2])
    )

from app.launch.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
