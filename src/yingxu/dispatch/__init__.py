"""调度: who goes now: the queue and the assignments that people make."""
