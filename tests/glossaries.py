"""Glossaries for tests of the pipeline."""

from collections.abc import Mapping

from mojaz_server.pipeline.glossary import Entry, Glossary


def glossary_of(terms: Mapping[str, str]) -> Glossary:
    """A glossary of Arabic terms and their English."""
    return Glossary.of(Entry(source, target) for source, target in terms.items())
