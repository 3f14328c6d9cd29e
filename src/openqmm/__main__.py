"""`python -m openqmm` is the `openqmm` command."""

from openqmm.cli.main import main

main()
