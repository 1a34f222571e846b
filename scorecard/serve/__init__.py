"""The app in a browser: a page on loopback behind a token, and one process of the app for each visitor."""
