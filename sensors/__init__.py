"""MQTT in: the door, adapters, broker and ingest; simulated devices; replay of recorded data."""
