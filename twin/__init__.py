"""The city: layers and importers, the store, the domains and the privacy releases."""
