"""The ledger under load: what is measured inside Django, in a process and a PostgreSQL database of its own.

``python -m tests.load usage`` starts it; the mode of that name says what came out.
"""
