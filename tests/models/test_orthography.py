"""Which spelling of a word is usual, counted in texts."""

from mojaz_models.orthography import spellings


def found(*counted: tuple[str, int]) -> list[tuple[str, ...]]:
    return list(spellings(f"{word} " * times for word, times in counted))


def test_the_usual_spelling_of_a_word_with_a_hamza() -> None:
    assert found(("إيران", 90), ("ايران", 8), ("أيران", 0)) == [("إيران",)]


def test_another_word_of_the_same_letters_stays_one() -> None:
    assert found(("على", 970), ("علي", 30)) == [("على", "علي")]
    assert found(("إلى", 9990), ("الى", 8), ("آلي", 2)) == [("إلى", "آلي")]


def test_nothing_is_usual() -> None:
    assert found(("أعلام", 50), ("إعلام", 50)) == []
    assert found(("إيرانو", 9)) == []


def test_a_word_without_any_is_listed_if_it_is_spelled_otherwise() -> None:
    assert found(("بيت", 500)) == []
    assert found(("انتظار", 996), ("إنتظار", 4)) == [("انتظار",)]
