"""The read path: one definition per metric, typed rows, rollups only."""
