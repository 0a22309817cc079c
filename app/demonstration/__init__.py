"""The demonstration endpoint: a small server of ours that speaks the OpenAI protocol and has no intelligence.

It lets the first run of the product take the real path without a key; with ``--control`` it is the double that tests
and benchmarks talk to (faults.py). It knows nothing of Django or of the rest of the product.
"""
