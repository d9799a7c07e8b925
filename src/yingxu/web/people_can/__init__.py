"""Who can be sent: people with skills, certificates, clearances and duty; the rules of that; claiming from the pool."""
