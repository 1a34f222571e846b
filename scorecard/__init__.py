"""Strategy as code."""
