"""Printed words to numbers and numbers to printed words, in three languages."""
