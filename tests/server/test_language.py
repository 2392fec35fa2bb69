"""Arabic, its neighbours in the same script, and spoken Arabic."""

import pytest
from mojaz_server.errors import NotArabic
from mojaz_server.pipeline.language import arabic_share, is_dialect, is_foreign, require_arabic


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("رئیس جمهور ایران در سخنرانی خود گفت که این کشور به دنبال صلح است و با همسایگان روابط خوبی دارد.", "Persian"),
        ("رئيس جمهور ايران در سخنراني خود گفت كه اين كشور به دنبال صلح است و با همسايگان روابط خوبي دارد.", "Persian"),
        ("پاکستان کے وزیر اعظم نے کہا ہے کہ حکومت عوام کے مسائل حل کرنے کے لیے اقدامات کر رہی ہے۔", "Urdu"),
        ("سەرۆکی هەرێمی کوردستان لە کۆبوونەوەیەکدا لەگەڵ وەزیری دەرەوە باسی دۆخی ناوچەکەی کرد.", "Kurdish"),
        ("بۇ يىل ھاۋا بەك ئىسسىق بولدى ۋە باشقا جايلاردا يامغۇر ياغدى.", "Uighur"),
        ("د افغانستان ولسمشر وايي چې د سولې خبرې به په راتلونکې اونۍ کې پيل شي.", "Pashto"),
        ("The president spoke on Monday.", "Latin"),
        ("Президент выступил сегодня.", "Cyrillic"),
        ("2024 ... !", "no letters"),
        ("", "no letters"),
    ],
)
def test_other_languages(text: str, said: str) -> None:
    with pytest.raises(NotArabic, match=said):
        require_arabic(text, "article.body")


@pytest.mark.parametrize(
    "text",
    [
        "أعلنت شركة پيجو وشركة گوگل عن تعاون جديد في مجال السيارات الكهربائية.",
        "قال السيد چلبي في بغداد إن اللجنة تجتمع غدا",
        "علی حسن فی بغداد والقاهرة الیوم",
        "خبر",
        "<p>خبر عاجل</p> BBC",
    ],
)
def test_arabic(text: str) -> None:
    require_arabic(text, "article.body")


def test_share() -> None:
    assert arabic_share("") == arabic_share("123") == 0.0
    assert arabic_share("خبر abc") == 0.5
    assert is_foreign("Read the whole story on عربي")
    assert not is_foreign("123")


def test_dialect() -> None:
    assert is_dialect("يا جماعة أنا مش عارف هو عايز إيه دلوقتي")
    assert is_dialect("شو بدك تعمل هلق، هيك ما بيصير")
    assert not is_dialect("قال الرئيس إن الحكومة ستعرض الخطة على البرلمان الأسبوع المقبل، وأضاف: مش مهم.")
