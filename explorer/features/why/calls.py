"""What the Why tab asks."""

from explorer.features.why.attribution import attributions
from explorer.features.why.contributions import waterfall
from explorer.features.why.neurons import active_neurons, neuron_card, neuron_passages

__all__ = ["active_neurons", "attributions", "neuron_card", "neuron_passages", "waterfall"]
