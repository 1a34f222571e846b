"""The same evaluation inside an existing engine: DuckDB, PostgreSQL, Spark and others, by Ibis expressions."""
