"""The command ``wijktwin``: each subcommand is a module in `wijktwin.commands`."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it quietly, also while it is still loading."""
    try:
        from wijktwin.commands.app import run

        run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
