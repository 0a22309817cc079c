"""REST: history and the catalog. What streams goes over the socket."""
