"""Texts that property tests are made of: words and marks that news has, in an order that it hardly ever has."""

from hypothesis import strategies as st

_INDONESIAN = """
Warga kota itu pada Senin (3/2/2025) naik 16,05 persen 1.250 Rp7,5 miliar Dr. Budi PT Tbk. No. 5 S.H. a.n. dkk. Kota
“Ini “ ” " ' ( ) . ? ! … ... , - – — Jakarta, ANTARA -- KPK DPR KOTA TAMAN 12/3 12/3/2025 19.30 WIB pukul yang,lalu
hargasaham 2025yang ,Budi (Bali mata( ke- anak-anak é ½ 1. a. b) • * # = + @ & < > Jalan Sdr. tgl. Juni2025
"""
_ENGLISH = """
The park Mr. Budi opened on 12 March . ? ! " “ ” ( ) U.S. p.m. said , Dr. No. 5 1. a. 16,05 1.250 16.05 percent persen
miliar 7,5 12/3 12/3/2025 Maret Senin provinsi two several desa 19.30 7.30 Bank Indonesia DPR Gubernur Kota
"""

sentences = st.lists(st.sampled_from(_INDONESIAN.split()), min_size=1, max_size=9).map(" ".join)
english_sentences = st.lists(st.sampled_from(_ENGLISH.split()), min_size=1, max_size=8).map(" ".join)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
characters = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def bare(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())
