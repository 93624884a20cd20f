"""What Ringkas keeps on the disk: files that are written completely or not at all, the cache folder, and a store.

In: a path and what should be there. Out: the finished file, folder or store, or one line that says why not.
Where the cache is and how a write is made safe may change without touching another folder.
"""
