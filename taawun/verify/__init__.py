"""Verification: every number printed in the brief, reckoned again from the raw words without the
notebooks (`python -m taawun.verify`).
"""
