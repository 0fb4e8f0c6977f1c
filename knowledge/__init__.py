"""What the regulation says: its clauses, the questions people have, and the answers with citations."""
