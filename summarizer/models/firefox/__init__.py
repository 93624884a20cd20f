"""Firefox's translation models, run by fxtranslate (the extra ``firefox``).

fxtranslate is Mozilla's own engine for these files, compiled, without dependencies. ``firefox-translations`` on PyPI
was looked at too: it reads Marian's ``.npz`` files only, which Firefox's models are not published as, and downloads
OPUS-MT models from a third party in their place.
"""
