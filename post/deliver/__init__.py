"""Makes deliverables: joins segments, checks what decodes, writes receipts, signs."""
