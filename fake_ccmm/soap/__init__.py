"""The wire form of the ten operations: the only place that knows spyne, XML and the vendor's spelling."""
