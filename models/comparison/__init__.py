"""Two runs beside each other: which tokens correspond, what a text cost each, how far two distributions are apart."""
