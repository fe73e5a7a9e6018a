"""What an owner gets wrong, looked at and told in plain words."""
