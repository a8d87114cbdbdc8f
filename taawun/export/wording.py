"""The few words that the exporters add of themselves, in three languages; everything else comes
from the notebook.
"""

from taawun.locales import LOCALES

_WORDS = """
contents | Contents | Sommaire | المحتويات
skip | Skip to the text | Aller au texte | انتقل إلى النص
figure | Figure | Figure | الشكل
table | Table | Tableau | الجدول
data | The figures behind this chart | Les données de ce graphique | معطيات هذا الرسم
data_annex | The data behind the figures | Les données des figures | معطيات الأشكال
data_for | Data of figure | Données de la figure | معطيات الشكل
ledger | Where every number comes from | D’où vient chaque nombre | من أين جاء كل رقم
used | Used in | Utilisé dans | ورد في
used_pages | Used on page | Utilisé à la page | ورد في الصفحة
title | Title | Titre | العنوان
page | Page | Page | الصفحة
of | of | sur | من
edition | Edition | Édition | طبعة
version | Version | Version | الإصدار
licence | Licence | Licence | الرخصة
cite | How to cite | Comment citer | كيف يُستشهد به
repository | Source code and data | Code source et données | الشفرة المصدرية والمعطيات
languages | In other languages | Autres langues | بلغات أخرى
pages | Pages of this report | Pages du rapport | صفحات التقرير
source | Source | Source | المصدر
entry | Full entry | Notice complète | المدخل الكامل
code | Code | Code | الشفرة
appendix | Technical appendix | Annexe technique | الملحق التقني
scroll | Table, scrolls sideways | Tableau, défilement latéral | جدول يُمرَّر أفقيا
sep | , | , | ،
"""
WORDS = {language: {} for language in LOCALES}
for _line in _WORDS.strip().splitlines():
    _key, *_texts = (part.strip() for part in _line.split("|"))
    for _language, _text in zip(LOCALES, _texts, strict=True):
        WORDS[_language][_key] = _text


def words(language):
    """The exporters' words in a language, English where it has none."""
    return WORDS.get(language.split("-")[0], WORDS["en"])
