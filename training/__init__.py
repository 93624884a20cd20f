"""Train a LoRA adapter that teaches the embedded model to translate, and to choose the sentences of an abstract.

``python -m training --help`` lists the steps; ``NOTES.md`` says what each of them brought. Text goes through one module
after the other: `bitext` and `articles` read and filter, `mixture` mixes the tasks, `examples` fills the prompts and
makes tokens of them, `batches` packs these, `gemma` holds the model and the loss, `loop` trains, `adapter` exports,
`card` writes the model card.
"""


class TrainingError(Exception):
    """What is trained on, gone on from or measured can't be used; the message is one line."""
