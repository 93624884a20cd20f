"""From the bytes of a saved page to the article in it, and what was removed, by which rule."""
