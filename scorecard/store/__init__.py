"""Values in: one file a kind of source, registered in `SOURCES`."""
