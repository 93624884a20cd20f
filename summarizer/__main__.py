"""Run the command `ringkas` where only the package is at hand: ``python -m summarizer``."""

from summarizer.cli import start

if __name__ == "__main__":
    start()
