"""What people see. Imports models, never torch."""
