"""What a logit is made of: the parts of a network whose contributions add up to it."""
