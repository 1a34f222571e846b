"""`python -m scorecard` and the command `scorecard`."""

from scorecard.cli.app import main as main

if __name__ == "__main__":
    main()
