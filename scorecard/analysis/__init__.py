"""The questions people ask of an evaluation: why, what would help, is the method sound. Pure."""
