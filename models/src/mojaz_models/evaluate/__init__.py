"""How good a model and the checks on its output are, measured on test sets."""
