"""``python -m summarizer`` is the same as ``ringkas``."""

from summarizer.cli import main

if __name__ == "__main__":
    main(prog_name="ringkas")
