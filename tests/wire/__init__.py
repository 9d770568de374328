"""What goes over the wire, byte by byte, on real sockets: the server as clients of ASP.NET ASMX know it."""
