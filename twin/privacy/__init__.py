"""Protected releases: the noise, the release job, and the reader of what is public."""
