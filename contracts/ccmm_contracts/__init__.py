"""Executable contracts for CCMM servers and clients."""
