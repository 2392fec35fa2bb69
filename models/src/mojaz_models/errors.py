"""What can go wrong offline; the command line prints one line of it and leaves with `exit_code`."""


class ModelsError(Exception):
    """Base of all errors that this package raises on purpose."""

    exit_code = 1


class RecipeError(ModelsError):
    """A recipe has an unknown key, lacks one, or holds a value that cannot be used."""

    exit_code = 2


class CorpusError(ModelsError):
    """A corpus is missing, damaged or not in its stated form. The message names the file and, where there is one, the line."""

    exit_code = 3


class CheckpointError(ModelsError):
    """A checkpoint cannot be read, or was made by a network of another shape."""

    exit_code = 4


class BundleError(ModelsError):
    """A bundle's folder or manifest cannot be used."""

    exit_code = 5


class HubError(ModelsError):
    """A model could not be pulled: not in the catalogue, not on the hub, or its content is not what the catalogue states."""

    exit_code = 6


class ReleaseError(ModelsError):
    """A release was refused. The message says which measure fell or which limit was passed."""

    exit_code = 7
