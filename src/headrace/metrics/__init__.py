"""What the platform counts and times, as Prometheus metrics: names, labels and their bounds."""
