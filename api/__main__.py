"""Starts the command line, and nothing else.

A worker process imports the program's main module again; this one costs it nothing.
"""

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from api.cli import main as run

    run(apart=True)


if __name__ == "__main__":
    main()
