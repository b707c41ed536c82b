"""The neurons of feed-forward layers: what each reads and writes, in words, and when it is active."""
