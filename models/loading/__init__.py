"""From a name, Hub id or folder to a model in memory: files, devices, precision, ZeroGPU."""
