"""What a digest is and how it is made: no gRPC, no engine. `digest.py` alone knows the order of the steps."""
