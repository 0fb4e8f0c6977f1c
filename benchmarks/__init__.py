"""What `make bench` measures; figures are medians of one run on one machine, each beside a floor or a peer."""
