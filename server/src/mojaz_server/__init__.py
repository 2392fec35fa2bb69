"""The Mojaz server: Arabic articles in, bilingual digests out, over gRPC. Start reading at pipeline/digest.py."""

__version__ = "0.1.0"
