"""What the Why tab asks."""

from explorer.features.why.attribution import attributions
from explorer.features.why.compare_attribution import attributions_of_both
from explorer.features.why.compare_parts import contributions_of_both
from explorer.features.why.contributions import waterfall
from explorer.features.why.neurons import active_neurons, neuron_card, neuron_passages

__all__ = [
    "active_neurons",
    "attributions",
    "attributions_of_both",
    "contributions_of_both",
    "neuron_card",
    "neuron_passages",
    "waterfall",
]
