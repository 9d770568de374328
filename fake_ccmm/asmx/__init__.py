"""The ASP.NET ASMX face of the services: what a client sees on the wire."""
