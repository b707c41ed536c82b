"""What the attention tab shows, as arrays and plain values: requests read, pictures computed, files written."""
