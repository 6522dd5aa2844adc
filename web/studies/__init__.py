"""The workbench: studies of plans that staff keep, and the queue that works them out."""
