"""python -m mojaz_client.cli: the command where scripts are not on the path."""

from mojaz_client.cli import main

main()
