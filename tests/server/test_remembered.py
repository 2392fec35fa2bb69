"""What was read in a text of late is not read again; a long text is."""

from mojaz_server.pipeline.remembered import LONGEST, TEXTS, remembered


def test_a_text_of_late_is_read_once_and_a_long_one_each_time() -> None:
    read: list[str] = []

    @remembered
    def letters(text: str) -> int:
        read.append(text)
        return len(text)

    long = "x" * (LONGEST + 1)
    assert [letters(text) for text in ("ab", long, "ab", long)] == [2, LONGEST + 1, 2, LONGEST + 1]
    assert read == ["ab", long, long]


def test_few_texts_are_remembered() -> None:
    read: list[str] = []

    @remembered
    def same(text: str) -> str:
        read.append(text)
        return text

    for text in [str(i) for i in range(TEXTS + 1)] * 2:
        assert same(text) == text
    assert len(read) == 2 * (TEXTS + 1)  # the first was forgotten before it came again, and so on
