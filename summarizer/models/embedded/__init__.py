"""The embedded model: Gemma 3 270M, its weights from pip."""
