"""mojaz digest of many articles: what fails is told and the rest goes on."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from mojaz_client import Client
from mojaz_client._calls import DigestOptions
from mojaz_client.cli.each import digest_each
from mojaz_client.cli.exits import Exit
from mojaz_client.cli.inputs import Input
from mojaz_client.cli.order import in_order
from mojaz_client.cli.report import Report
from mojaz_client.cli.resume import Written
from mojaz_client.cli.stories import Stories
from mojaz_client.errors import MojazError
from mojaz_client.records import Article, Outcome

Work = Callable[[Iterable[Article]], Iterator[Outcome]]


@dataclass(slots=True)
class ManyArticles:
    """Digests many articles; `written` says what an earlier run has done, None if all is to be done."""

    client: Client
    options: DigestOptions
    report: Report
    written: Written | None
    deduplicate: bool
    patience: float
    _places: dict[int, str] = field(default_factory=dict)

    def digest(self, inputs: Iterable[Input], stories: Stories, advance: Callable[[], None]) -> Exit:
        """Hands digests on in the order of the inputs; as they finish if a later run can go on, which then has less to repeat."""
        articles = self._articles(inputs)
        for outcome in self._work()(articles) if self.written else in_order(articles, self._work()):
            place = self._places.pop(outcome.index)
            if outcome.error is not None:
                self.report.add_failure(place, outcome.error)
            else:
                stories.add(outcome)
                self.report.add_done()
            advance()
        self.report.finish()
        return Exit.SOME_FAILED if self.report.failed else Exit.OK

    def _work(self) -> Work:
        if self.deduplicate:  # the server compares the articles of one stream
            return partial(self.client.digest_many, deduplicate=True, **self.options)
        return partial(digest_each, self.client, options=self.options, patience=self.patience)

    def _articles(self, inputs: Iterable[Input]) -> Iterator[Article]:
        """What is to be sent, each under the name that its digest will be known by. Read by other threads, one at a time."""
        index = itertools.count()
        for item in inputs:
            self.report.expect(item.more)
            try:
                article = self._missing(item)
            except MojazError as error:
                self.report.add_failure(item.place, error)
                continue
            if article is None:
                self.report.add_resumed()
            else:
                self._places[next(index)] = item.place
                yield article

    def _missing(self, item: Input) -> Article | None:
        if self.written:
            return self.written.missing(item)
        article = item.checked()
        return replace(article, id=article.id or item.place)
