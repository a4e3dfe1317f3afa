"""A stand-in for the 552 offices' sites, used as an HTTP proxy: nothing in the product knows it."""

from .server import Replica, running_replica

__all__ = ["Replica", "running_replica"]
