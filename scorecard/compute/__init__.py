"""The arithmetic: pure, arrays in and out. Knows no file, clock, screen or database."""
