"""A person's own gesture rates from half a minute: counts, shrunk towards what people do."""

from collections.abc import Mapping

from engine.labels import BY_SLUG

# Labelled clips a minute in iMiGUE, illustrative ones included; a class has its share of them.
PRIOR_PER_MIN = 8.8
# Minutes of watching that the prior is worth. A gamma prior of shape `rate·τ` and rate `τ` makes
# people differ by 1/√(rate·τ) of the mean: at two minutes, by as much as the mean itself for a
# common gesture such as touching the face (0.54 a minute). A judgement: no study gives it.
PRIOR_STRENGTH_MIN = 2.0


def shrunk_rates(counts: Mapping[str, float], visible_s: Mapping[str, float]) -> dict[str, float]:
    """Posterior mean rates under a gamma prior, class by class.

    Args:
        counts: Class slug to score-weighted count of events.
        visible_s: Class slug to seconds in which the class could be seen, for each class to be
            rated. A class that is never seen must not be among them: its absence would
            otherwise pass for evidence.

    Returns:
        Class slug to events of full confidence a minute, in the order of the iMiGUE ids.
    """
    rates = {}
    for label in sorted((BY_SLUG[slug] for slug in visible_s), key=lambda label: label.id):
        minutes = visible_s[label.slug] / 60.0 + PRIOR_STRENGTH_MIN
        prior = PRIOR_PER_MIN * label.share * PRIOR_STRENGTH_MIN
        rates[label.slug] = round((counts.get(label.slug, 0.0) + prior) / minutes, 4)
    return rates
