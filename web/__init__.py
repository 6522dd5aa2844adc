"""The web: pages and API. It reads what is public, through `twin.privacy.public`, and nothing else."""
