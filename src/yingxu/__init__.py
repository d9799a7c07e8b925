"""Yingxu 应需: a control loop for hospital support services, from standard to demand to a higher standard."""
