"""Field work: inspection rounds, uploads, assessment, review and reports. No Flask."""
