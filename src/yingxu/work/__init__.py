"""作业: doing it: jobs and their life cycle, steps and evidence, pauses."""
