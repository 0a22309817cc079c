"""Typed rows to files: one schema, whatever the format."""
