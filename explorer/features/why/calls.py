"""What the Why tab asks, and what it offers to programs."""

from explorer.features.why.attribution import attribution, attributions
from explorer.features.why.contributions import contributions, waterfall
from explorer.features.why.neurons import active_neurons, neuron_card, neuron_passages, neurons

__all__ = [
    "active_neurons",
    "attribution",
    "attributions",
    "contributions",
    "neuron_card",
    "neuron_passages",
    "neurons",
    "waterfall",
]
