"""The console script. Light, because worker processes import it again: the command line itself is loaded when it is called."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the process ends with its exit status (interface.md)."""
    from pipeline.cli import run_cli

    raise SystemExit(run_cli())


if __name__ == "__main__":
    main()
