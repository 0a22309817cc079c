"""Asks a hosted model over the OpenAI protocol. Knows no Django, no database and no settings.

``router.stream`` answers, ``complete.complete`` writes a title, ``probe.probe`` tests an endpoint, ``estimate.fit``
cuts a prompt to a context, ``client.close`` ends the connections of the running loop.
"""
