"""What the platform counts and times, as Prometheus metrics: names, labels and their bounds.

`metrics.py` has every metric by name, `family.py` how they are kept, `exposition.py` how they are read.
"""

from headrace.metrics.metrics import Metrics

__all__ = ["Metrics"]
