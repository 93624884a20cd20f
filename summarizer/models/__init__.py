"""The models that do the writing."""
