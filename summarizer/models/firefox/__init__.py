"""Firefox's translation models, run by fxtranslate: found in a folder or fetched, and asked.

fxtranslate is Mozilla's own engine for these files, compiled, without dependencies, installed with Ringkas where it has
wheels. Its own download knows only the list that Mozilla made for Firefox; here, the one for everybody comes first.

The modules, from the outside in: `fetching` puts a release into the cache, from the first source that has it: a
`bucket`, or `remote_settings`. Both describe it as a `Release`, whose files `download` fetches and checks.
`model_files` knows what a folder holds, and `engine` translates with it.
"""
