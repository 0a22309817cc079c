"""Bugs for the rig to find: a rig that finds none of them proves nothing when it finds none in the product.

The product knows nothing of this. ``asgi.py`` is an application for uvicorn: the product's, in which the one function
that SEEDED_BUG names is replaced before anybody is served.
"""
