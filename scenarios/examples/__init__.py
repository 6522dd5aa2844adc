"""Plans to start from."""

from importlib.resources import files

FOLDER = files(__name__)
