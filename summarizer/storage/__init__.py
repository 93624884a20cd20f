"""What Ringkas keeps on the disk: files that are written completely or not at all, the cache folder, and a store."""
