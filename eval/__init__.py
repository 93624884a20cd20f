"""Benchmarks of Ringkas; never imported by the package itself."""
