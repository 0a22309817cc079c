"""What run.py does. Standard library only: it runs before anything is installed.

command_line   the commands and how errors are shown
environment    the variables a person may set, and those the processes are given
layout         where things lie          stamps      what need not be done again
packages       var/venv                  node        the frontend
services       Valkey, PostgreSQL        leftovers   what an earlier start left running
product        run.py                    testing, faults, checks, locking    run.py test | faults | check | lock
"""
