"""Between the contract's messages and the pipeline's records; pure."""

from collections.abc import Iterable
from datetime import UTC

from mojaz.v1 import article_pb2, digest_pb2, glossary_pb2, translation_pb2

from mojaz_server.database import Stored
from mojaz_server.pipeline import options, records
from mojaz_server.pipeline.digest import Part, Progress
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.suggest import Suggestion

PRIORITIES = {article_pb2.PRIORITY_BULK: records.Priority.BULK}
CHECKS = {kind: article_pb2.CheckKind.Value(f"CHECK_KIND_{kind.name}") for kind in records.CheckKind}
CONFIDENCES = {band: article_pb2.Confidence.Value(f"CONFIDENCE_{band.name}") for band in records.Confidence}
ORIGINS = {kind: digest_pb2.HeadlineOrigin.Value(f"HEADLINE_ORIGIN_{kind.name}") for kind in records.HeadlineOrigin}
PARAGRAPHS = {kind: digest_pb2.ParagraphKind.Value(f"PARAGRAPH_KIND_{kind.name}") for kind in records.ParagraphKind}
FACTS = {kind: digest_pb2.FactKind.Value(f"FACT_KIND_{kind.name}") for kind in records.FactKind}
NOTES = {kind: digest_pb2.NoteKind.Value(f"NOTE_KIND_{kind.name}") for kind in records.NoteKind}


def article(message: article_pb2.Article) -> records.Article:
    published = message.published_time.ToDatetime(UTC) if message.HasField("published_time") else None
    return records.Article(
        body=message.body,
        id=message.id,
        title=message.title,
        source=message.source,
        byline=message.byline,
        published=published,
        language=message.language_code,
    )


def digest_options(message: digest_pb2.DigestOptions, glossary: Glossary, loaded: Glossary) -> options.DigestOptions:
    length = records.Length(
        lines=message.max_lines or None,
        words=message.max_words or None,
        share=message.share or None,
    )
    priority = _priority(message.priority)
    translate = options.TranslateOptions(glossary, message.beam_size, priority, links=message.links, loaded=loaded)
    return options.DigestOptions(length, message.full_translation, translate)


def translate_options(
    message: translation_pb2.TranslateOptions, glossary: Glossary, loaded: Glossary
) -> options.TranslateOptions:
    priority = _priority(message.priority)
    return options.TranslateOptions(glossary, message.beam_size, priority, message.segments, message.links, loaded)


def entries(messages: Iterable[article_pb2.GlossaryEntry]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            message.source.strip(),
            message.target.strip(),
            message.category.strip(),
            message.note.strip(),
            message.do_not_translate,
            tuple(form.strip() for form in message.forms),
        )
        for message in messages
    )


def entry_message(entry: Entry) -> article_pb2.GlossaryEntry:
    return article_pb2.GlossaryEntry(
        source=entry.source,
        target=entry.target,
        category=entry.category,
        note=entry.note,
        do_not_translate=entry.do_not_translate,
        forms=entry.forms,
    )


def glossary_message(stored: Stored, *, in_memory: bool) -> glossary_pb2.Glossary:
    message = glossary_pb2.Glossary(
        name=stored.name,
        version=stored.version,
        entry_count=stored.entry_count,
        description=stored.description,
        in_memory=in_memory,
    )
    message.create_time.FromDatetime(stored.created)
    return message


def _priority(value: article_pb2.Priority.ValueType) -> records.Priority:
    return PRIORITIES.get(value, records.Priority.INTERACTIVE)


def digest_message(digest: records.Digest) -> digest_pb2.Digest:
    return digest_pb2.Digest(
        article_id=digest.article.id,
        headline=headline_message(digest.headline),
        lines=map(line_message, digest.lines),
        paragraphs=map(paragraph_message, digest.paragraphs),
        facts=map(_fact, digest.facts),
        notes=[_note(note) for note in digest.notes],
        model=digest.model,
        timing=timing_message(digest.timing),
        source=digest.article.source,
        byline=digest.article.byline,
    )


def duplicate_message(duplicate: records.Duplicate) -> digest_pb2.Duplicate:
    return digest_pb2.Duplicate(
        article_id=duplicate.article.id,
        duplicate_of=duplicate.original_request_id,
        duplicate_of_article_id=duplicate.original.id,
        containment=duplicate.containment,
        additions=map(_addition, duplicate.additions),
        title=duplicate.article.title,
        source=duplicate.article.source,
    )


def _addition(addition: records.Addition) -> digest_pb2.Addition:
    sentence = addition.sentence
    return digest_pb2.Addition(source=sentence.text, span=_span(sentence.span), facts=addition.facts)


def part_message(part: Part) -> digest_pb2.StreamDigestResponse:
    match part:
        case Progress():
            progress = digest_pb2.Progress(sentences_done=part.done, sentences_total=part.total)
            return digest_pb2.StreamDigestResponse(progress=progress)
        case records.Headline():
            return digest_pb2.StreamDigestResponse(headline=headline_message(part))
        case records.Line():
            return digest_pb2.StreamDigestResponse(line=line_message(part))
        case records.TranslatedParagraph():
            return digest_pb2.StreamDigestResponse(paragraph=paragraph_message(part))


def headline_message(headline: records.Headline) -> digest_pb2.Headline:
    return digest_pb2.Headline(
        source=headline.source,
        target=headline.target,
        origin=ORIGINS[headline.origin],
        span=_span(headline.span),
        score=headline.score,
        checks=map(check_message, headline.checks),
        withheld=headline.withheld,
        confidence=_confidence(headline.confidence),
        links=map(link_message, headline.links),
    )


def line_message(line: records.Line) -> digest_pb2.Line:
    return digest_pb2.Line(rank=line.rank, pair=pair_message(line.pair), salience=line.salience)


def paragraph_message(paragraph: records.TranslatedParagraph) -> digest_pb2.Paragraph:
    return digest_pb2.Paragraph(
        index=paragraph.index,
        kind=PARAGRAPHS[paragraph.kind],
        span=_span(paragraph.span),
        pairs=map(pair_message, paragraph.pairs),
    )


def pair_message(pair: records.Pair) -> article_pb2.SentencePair:
    return article_pb2.SentencePair(
        source=pair.source,
        span=_span(pair.span),
        target=pair.target,
        score=pair.score,
        checks=map(check_message, pair.checks),
        withheld=pair.withheld,
        confidence=_confidence(pair.confidence),
        links=map(link_message, pair.links),
    )


def translation_message(translation: records.Translation) -> translation_pb2.Translation:
    return translation_pb2.Translation(
        target=translation.target,
        pairs=map(pair_message, translation.pairs),
        notes=[note.message for note in translation.notes],
    )


def timing_message(timing: records.Timing) -> article_pb2.Timing:
    return article_pb2.Timing(
        queue_ms=timing.queue_ms, compute_ms=timing.compute_ms, total_ms=timing.total_ms, cached=timing.cached
    )


def check_message(check: records.Check) -> article_pb2.Check:
    return article_pb2.Check(
        kind=CHECKS[check.kind],
        message=check.message,
        source_span=_span(check.source),
        target_span=_span(check.target),
    )


def link_message(link: records.WordLink) -> article_pb2.WordLink:
    return article_pb2.WordLink(source_span=_span(link.source), target_span=_span(link.target))


def suggestion_message(suggestion: Suggestion) -> glossary_pb2.Suggestion:
    return glossary_pb2.Suggestion(
        entry=article_pb2.GlossaryEntry(source=suggestion.source, target=suggestion.target),
        count=suggestion.count,
        article_count=suggestion.articles,
        spellings=[glossary_pb2.Spelling(target=target, count=count) for target, count in suggestion.spellings],
    )


def _confidence(found: records.Confidence | None) -> article_pb2.Confidence.ValueType:
    return article_pb2.CONFIDENCE_UNSPECIFIED if found is None else CONFIDENCES[found]


def _note(note: records.Note) -> digest_pb2.Note:
    return digest_pb2.Note(
        kind=NOTES[note.kind],
        message=note.message,
        spans=[article_pb2.Span(start=span.start, end=span.end) for span in note.spans],
    )


def _fact(fact: records.Fact) -> digest_pb2.KeyFact:
    return digest_pb2.KeyFact(
        kind=FACTS[fact.kind],
        source=fact.source,
        source_span=_span(fact.source_span),
        target=fact.target,
        target_span=_span(fact.target_span),
        line_index=fact.line,
        value=fact.value,
        counted=fact.counted,
        counted_target=fact.counted_target,
    )


def _span(span: records.Span | None) -> article_pb2.Span | None:
    return None if span is None else article_pb2.Span(start=span.start, end=span.end)
