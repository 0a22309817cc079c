"""REST for analysts: the same definitions, rows and refusals as everywhere else."""
