"""The screen: the terminal app, its screens and widgets."""
