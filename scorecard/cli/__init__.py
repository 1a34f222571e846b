"""The command line: one short file a family of commands. What a command needs is imported when it runs."""
