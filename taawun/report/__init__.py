"""A ledger to sentences."""
