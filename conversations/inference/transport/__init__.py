"""HTTP/1.1 for the streams of hosted endpoints, as little of it as they need; docs/decisions/0007 says why.

``pool.Pool`` keeps the connections to one origin -> ``dial`` makes them -> ``connection.Connection`` carries one
``exchange.Exchange`` at a time -> ``inflate`` undoes a compression that nobody asked for. ``address`` reads a base URL.
"""
