"""What readers see, made of results as plain values: text, Markdown, HTML, tables, progress."""
