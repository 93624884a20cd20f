"""Train a LoRA adapter that teaches the embedded model its two tasks: translation and abstracts.

``python -m summarizer.training --help`` lists the steps. Text goes through one module after the other: `bitext`
and `articles` read and filter, `mixture` mixes the tasks, `templates` and `batches` make token batches,
`adapter` holds the model and the loss, `loop` trains, `card` writes the model card.
"""
