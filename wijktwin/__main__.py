"""The command ``wijktwin``: each subcommand is a module in `wijktwin.commands`."""

from wijktwin.commands import main

if __name__ == "__main__":
    main()
