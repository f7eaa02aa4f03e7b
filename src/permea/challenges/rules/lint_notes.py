"""What each finding of the linter is called, why it matters and how to mend it, with an example."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Note:
    """A finding in words."""

    title: str | Promise
    why: str | Promise
    mend: str | Promise
    example: str | Promise = ""


NOTES = {
    "target_missing": Note(
        _("No figure says what is to be reached."),
        _("Without one nobody can tell whether an idea is worth entering, or whether it did what you wanted."),
        _("Say what you measure, where it stands today and where it should be."),
        _("Three of 100 parts are damaged today; at most one should be."),
    ),
    "no_baseline": Note(
        _("The problem does not say in figures where you stand today."),
        _("Who knows how often, how long or how much can judge whether an idea is worth the effort."),
        _("Add the figure you would tell a colleague first."),
        _("It happens about twice a day and costs us 40 minutes each time."),
    ),
    "test_missing": Note(
        _("There is no test."),
        _("Entrants aim at the test. Without one they guess, and you will have to argue about who is right."),
        _("Say what you will do with a solution, how often, and which result counts as passed."),
        _("We run 200 parts through it on one day. Passed if at most 2 are damaged."),
    ),
    "test_unmeasured": Note(
        _("The test holds no figure."),
        _("Somebody else could carry out the same test and come to another result."),
        _("Say how many times, for how long, and from which figure on it has passed."),
        _("Ten people try it for a week. Passed if at least seven want to keep it."),
    ),
    "test_no_pass_mark": Note(
        _("The test does not say when it is passed."),
        _("A figure alone does not decide; entrants want to know the line they must cross."),
        _("Add a sentence that begins with “Passed if”."),
        _("Passed if at least 45 of 50 are right and none takes more than a minute."),
    ),
    "test_thin": Note(
        _("The test has one figure only."),
        _("A test that others can repeat says how many are tried or for how long, and what the mark is."),
        _("Add the second figure."),
        _("Of 30 loaves baked on three days at least 27 must be sold."),
    ),
    "constraints_missing": Note(
        _("Nothing says what a solution must respect."),
        _("Entrants then spend their time on things you can never use."),
        _("Name what must stay, what it may cost, what is not allowed, and what you do not look for."),
        _("Fits the existing table. Costs at most 800 EUR. No compressed air. No new software."),
    ),
    "constraints_thin": Note(
        _("The constraints hold nothing that could be kept or broken."),
        _("“Sensible” binds nobody. A limit does."),
        _("Put in figures, interfaces and what is not allowed."),
        _("At most 30 kg. Runs on 230 V. Nothing that needs a permit."),
    ),
    "vague": Note(
        _("These words say nothing without a measure near them."),
        _("Everybody reads something else into them, and every entry can claim them."),
        _("Put a figure into the same sentence, or leave the word out."),
        _("Not “faster”, but “in 5 seconds instead of 9”."),
    ),
    "prize_missing": Note(
        _("Nothing says what a winner gets."),
        _("People weigh their hours against it. It need not be money."),
        _("Name a sum, an order, a paid trial or a share of the saving."),
        _("2,000 EUR and a paid trial in our workshop."),
    ),
    "prize_low": Note(
        _("The prize is small for the work that is asked for."),
        _("With ten entrants and 60 an hour it pays each less than an eighth of the hours we reckon with."),
        _(
            "Ask for less, for instance a sketch instead of a prototype, or give more. "
            "The hint below the prize reckons with your own figures."
        ),
        _("First round: two pages, 500 EUR each for the best three. Only these build a prototype, paid."),
    ),
    "prize_high": Note(
        _("The prize is large for the work that is asked for."),
        _("It draws many entries that you must read, and the money may do more elsewhere."),
        _("Split it: a smaller prize now, and the rest for carrying the solution out."),
    ),
    "ip_missing": Note(
        _("Nothing settles what becomes of the rights."),
        _("Firms and universities do not enter before they know."),
        _("Choose one of the texts on rights, and say it in one sentence in the brief."),
        _("You keep your rights; we get a licence for our own use."),
    ),
    "ip_unsaid": Note(
        _("The brief itself does not mention the rights."),
        _("The terms are linked, but many read the brief only."),
        _("Add one sentence to what a solution must respect."),
        _("You keep your rights; we get a licence for our own use."),
    ),
    "who_unsaid": Note(
        _("The brief does not say who may enter."),
        _("Students, suppliers and people abroad ask themselves whether they are meant."),
        _("Name whom you ask, or say that everybody may."),
        _("Everybody may enter: firms, institutes and private people."),
    ),
    "solution": Note(
        _("A solution is ordered, where a problem should be told."),
        _("You get what you have thought of yourself, and lose those who would have solved it otherwise."),
        _(
            "Tell what goes wrong and what should be possible. If there is a reason for this way, "
            "put it under what a solution must respect."
        ),
        _("Not “we need an app”, but “nobody should wait longer than 4 minutes”."),
    ),
    "jargon": Note(
        _("Jargon."),
        _("Those who can help may come from another trade. They stop reading here."),
        _("Say it as you would to a neighbour."),
        _("Not “leverage synergies”, but “order screws together with the neighbouring plant”."),
    ),
    "abbreviations": Note(
        _("These letters are explained nowhere."),
        _("Your colleagues know them; the person with the solution may not."),
        _("Write the words out once and put the letters in brackets after them."),
        _("optical inspection (AOI)"),
    ),
    "hard_to_read": Note(
        _("The problem is hard to read."),
        _("Long sentences and long words keep away people who read in a foreign language, and tired ones."),
        _("Make two or three sentences of the longest one, and use verbs instead of nouns."),
        _("Not “the implementation of a reduction of”, but “we want less”."),
    ),
    "too_short": Note(
        _("The problem is told in very few words."),
        _("Who does not understand it does not enter, or enters what you know already."),
        _("Tell what happens today, in figures, what you have tried, and what you do not look for."),
    ),
    "too_long": Note(
        _("The problem is told in very many words."),
        _("A long text hides what you ask, and many will not read to its end."),
        _("Keep what somebody needs to decide whether to enter, and leave out the rest."),
    ),
    "title_long": Note(
        _("The title is long."),
        _("In a list and on a phone only its beginning is seen."),
        _("Say in up to twelve words what should be possible afterwards."),
        _("Pick ripe fruit without bruises"),
    ),
    "time_short": Note(
        _("The time for entries is short for the work that is asked for."),
        _("We reckon with ten hours a week beside other work. Whoever is good is busy."),
        _("Move the deadline, or ask for less in the first round."),
        _("Eight weeks for a prototype, four for a plan of two pages."),
    ),
    "contact_data": Note(
        _("This looks like an address or a telephone number."),
        _("The page is public and is copied by machines. Whoever asks directly also knows more than the others."),
        _("Leave it out; entries reach you through the page."),
    ),
    "company_named": Note(
        _("This looks like the name of another firm."),
        _("Your customer or supplier may not want to be read about here, and competitors read along."),
        _("Describe the firm instead of naming it, unless it has agreed."),
        _("a maker of pumps that buys 4,000 a year from us"),
    ),
    "unit_price": Note(
        _("This looks like a price for a piece."),
        _("Competitors and customers can reckon with it."),
        _("Leave it if you mean it. Otherwise a share or a range is enough."),
        _("about a fifth of our cost of materials"),
    ),
}
