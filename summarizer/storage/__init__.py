"""What Ringkas keeps on the disk: files that are written whole or not at all, the cache folder, and a store.

In: a path and what shall lie there. Out: the finished file, folder or store, or one line that says why not.
Where the cache lies and how a write is made safe may change without touching another folder.
"""
