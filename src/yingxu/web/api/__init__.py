"""The HTTP API: typed schema in, one call, typed schema out. See contracts and ``/api/v1/openapi.json``."""
