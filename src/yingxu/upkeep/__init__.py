"""巡保: before anyone asks: plans, rounds, meters, alarms, repeat faults. Not built yet."""
