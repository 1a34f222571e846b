"""Pictures and tables out: one neutral picture, one file a format."""
