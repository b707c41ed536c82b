"""Starts the explorer: settings, page, launch."""

from explorer.launch import main

if __name__ == "__main__":
    main()
