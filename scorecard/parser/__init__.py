"""Text in: YAML with places, read into a strategy and a list of findings."""
