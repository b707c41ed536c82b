"""What stands around the tabs: page, prompt, runs, link, progress."""
