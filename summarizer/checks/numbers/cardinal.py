"""Put a number in words together, word by word: "dua juta tiga ratus lima"."""

from __future__ import annotations

from summarizer.checks.numbers.grammar import Grammar


class Cardinal:
    """A number in words that is being put together, for as long as the words go on with it.

    Its value is the sum of three parts: of "dua juta tiga ratus lima", 2,000,000, 300 and 5. A word without a place in
    it isn't taken: "seratus dua ratus" are two numbers, and "seratus belas" is none.
    """

    def __init__(self, grammar: Grammar) -> None:
        """Begin with no word, by the grammar of a language."""
        self.grammar = grammar
        # What is multiplied by scales already.
        self.total = 0
        # What stands behind the last scale.
        self.group = 0
        # An Indonesian digit that may have its multiplier behind it: "dua (puluh)".
        self.digit = 0
        # The last scale.
        self.scale = 1
        # Whether it has a word yet, and whether none can follow.
        self.begun = False
        self.closed = False

    @property
    def value(self) -> int:
        """What the words make so far."""
        return self.total + self.group + self.digit

    @property
    def place(self) -> int:
        """What one in its last place is worth: the last scale, where nothing stands behind it."""
        return 1 if self.group or self.digit else self.scale

    def waits(self, key: str) -> bool:
        """Tell whether a word may stand inside of the number without being part of it: "-", "hundred and"."""
        if not self.begun:
            return False
        follows_hundreds = self.group >= 100
        follows_scale = self.total > 0 and self.group == 0
        return key == "-" or (key in self.grammar.conjunction and (follows_hundreds or follows_scale))

    def take(self, key: str, *, behind_article: bool) -> bool:
        """Take a word in; return False where it doesn't go on with the number.

        Args:
            key: the word.
            behind_article: whether a word in front of it may stand for one: "a million".
        """
        is_taken = self._take(key, behind_article)
        self.begun = self.begun or is_taken
        return is_taken

    def _take(self, key: str, behind_article: bool) -> bool:
        """Do what `take` does, but for noting that the number has begun."""
        grammar = self.grammar
        if key in grammar.units:
            return self._add(grammar.units[key])
        if key in grammar.multipliers:
            return self._multiply(key, behind_article)
        if key in grammar.alone:
            # "Tiga seribu" are three for a thousand.
            return not self.group and not self.digit and self._scale(grammar.scales[key])
        if key in grammar.scales and (self.begun or behind_article):
            return self._scale(grammar.scales[key])
        # "Kedua puluh satu" begins with its ordinal, "twenty-first" ends with it.
        may_be_ordinal = not (grammar.digit_first and self.begun)
        if key in grammar.ordinals and may_be_ordinal:
            is_taken = self._add(grammar.ordinals[key])
            if is_taken and not grammar.digit_first:
                self.closed = True
            return is_taken
        return False

    def _add(self, value: int) -> bool:
        """Add a value in the places that are still empty: "twenty" has one for "five", and none for "thirty"."""
        if self.digit or self.group % (10 ** len(str(value))):
            return False
        # "Sepuluh lima" are two numbers.
        if value < 10 and self.group % 100 == 10:
            return False
        if self.grammar.digit_first and value < 10:
            self.digit = value
            # Nothing goes on with "nol".
            self.closed = value == 0
        else:
            self.group += value
        return True

    def _multiply(self, key: str, behind_article: bool) -> bool:
        """Multiply what is in front by the number that a word stands for; return whether that can be."""
        times, addend = self.grammar.multipliers[key]
        if self.grammar.digit_first:
            return self._multiply_digit(times, addend)
        return self._multiply_group(times, behind_article=behind_article)

    def _multiply_digit(self, times: int, addend: int) -> bool:
        """Multiply the digit in front, as Indonesian does: "dua puluh", "dua belas", "dua ratus".

        Args:
            times: what is multiplied by: 10 for "puluh", 1 for "belas".
            addend: what is added then: 10 for "belas".

        Returns:
            whether there is a digit, and its product has a place in the number.
        """
        # "Belas" and "puluh" share the two last places of a group, "ratus" has the one in front of them.
        places = 1000 if times == 100 else 100
        if not self.digit or self.group % places:
            return False
        self.group += self.digit * times + addend
        self.digit = 0
        return True

    def _multiply_group(self, times: int, *, behind_article: bool) -> bool:
        """Multiply all that is in front, as English does: "nineteen hundred", "a hundred".

        Args:
            times: what is multiplied by: 100 for "hundred".
            behind_article: whether a word in front may stand for one.

        Returns:
            whether there is something to be multiplied, and it is small enough.
        """
        has_factor = self.group > 0 or behind_article
        if not has_factor or self.group >= times:
            return False
        self.group = (self.group or 1) * times
        return True

    def _scale(self, scale: int) -> bool:
        """Multiply all that is smaller than a scale by it: "seribu dua ratus triliun" is 1,200 trillion.

        What stands alone, as "sejuta" and "a million" do, is one.

        Returns:
            whether the scale has a place in the number.
        """
        smaller = self.total % scale
        larger = self.total - smaller
        if larger % (1000 * scale):
            # "Seribu dua ribu" has its thousands already.
            return False
        factor = smaller + self.group + self.digit or 1
        self.total = larger + factor * scale
        self.group = 0
        self.digit = 0
        self.scale = scale
        return True
