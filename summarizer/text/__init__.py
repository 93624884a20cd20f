"""What is known of text alone: characters, sentences, quotations, capitals, repetition, terms."""
