"""The wire: the only place of the kit that knows SOAP, HTTP and the services' own spelling."""
