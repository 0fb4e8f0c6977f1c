"""Who is talking, where, and what was said before: dialogue, stores and channels."""
