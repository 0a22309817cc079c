"""The reports, one a file: what a row holds, and how it is read from rollups."""
