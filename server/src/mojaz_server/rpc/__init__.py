"""The network: the only package that knows gRPC."""
