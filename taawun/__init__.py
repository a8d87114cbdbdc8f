"""Ta'awun, "cooperation": from printed figures to a brief whose every number says where it comes
from.
"""
