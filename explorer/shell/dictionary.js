// The field's words, one plain sentence each, the same wherever the page uses them.
import { _ } from "../web/language.js";

/**
 * `word` is how the page writes it, in the singular; `also` are other forms that mean the same.
 * @typedef {{ word: string, also?: string[], means: string }} Term
 */

/** @returns {Term[]} */
export const dictionary = () => [
  {
    word: _("token"),
    also: [_("tokens")],
    means: _("A piece of text the model reads at once: a word, part of a word, or a sign."),
  },
  {
    word: _("pooling"),
    means: _("How the vectors of all tokens of a sentence become one: their mean, or the first or last token's own."),
  },
  { word: _("vocabulary"), means: _("The list of all tokens a model knows; every text is spelled with them.") },
  {
    word: _("tokenizer"),
    also: [_("tokenizers")],
    means: _("The part that cuts a text into tokens, before the model sees it."),
  },
  {
    word: _("token id"),
    also: [_("token ids")],
    means: _("A token's number in the vocabulary; the model works with these numbers only."),
  },
  {
    word: _("bytes"),
    also: [_("byte")],
    means: _("The units a computer stores text in: one for a plain letter, up to four for other signs."),
  },
  {
    word: _("context"),
    means: _("How many tokens a model can read at once; what lies further back is out of its sight."),
  },
  {
    word: _("model"),
    also: [_("models")],
    means: _("A program of many numbers, learned from text, that predicts which token comes next or is missing."),
  },
  {
    word: _("parameters"),
    also: [_("weights")],
    means: _("The numbers a model learned in training; all it knows is in them."),
  },
  { word: _("decoder"), means: _("A model that reads from left to right and predicts what comes next, as GPT does.") },
  {
    word: _("encoder"),
    means: _("A model that reads a text in both directions at once and fills in what is missing, as BERT does."),
  },
  {
    word: _("encoder-decoder"),
    means: _("Two stacks: one reads a source text, the other writes a target text while looking at it, as T5 does."),
  },
  {
    word: _("layer"),
    also: [_("layers")],
    means: _("One step of the model's work; each layer adds something to what is known of every token."),
  },
  {
    word: _("head"),
    also: [_("heads")],
    means: _("A part of a layer that decides, for every token, which other tokens to take information from."),
  },
  {
    word: _("attention"),
    means: _("How much each token looks at each other one; the shares of one token add up to 100 %."),
  },
  {
    word: _("cross-attention"),
    also: [_("cross attention")],
    means: _("Attention from the text being written to the source text."),
  },
  { word: _("query"), also: [_("queries")], means: _("The token that looks.") },
  { word: _("key"), also: [_("keys")], means: _("The token that is looked at.") },
  {
    word: _("induction"),
    means: _("Looking at what came after the same token last time: how a model continues a pattern it has seen once."),
  },
  {
    word: _("attribution"),
    means: _(
      "A number for each token of the text: how much it counts for one word the model says. There are many ways.",
    ),
  },
  {
    word: _("activation patching"),
    means: _("Putting one part of one run into another run, to see how much of the first one's answer comes along."),
  },
  {
    word: _("attribution patching"),
    means: _("An estimate of activation patching for all places at once, from a single gradient; quick, not exact."),
  },
  {
    word: _("integrated gradients"),
    means: _("How the score grows on the way from no text to the text, shared out among the tokens; it adds up."),
  },
  {
    word: _("baseline"),
    means: _("What stands for “no word here”: usually the average of all embeddings of the vocabulary."),
  },
  {
    word: _("rank agreement"),
    means: _("Whether two methods put the tokens in the same order: 1 the same, 0 unrelated, −1 the opposite."),
  },
  {
    word: _("neuron"),
    also: [_("neurons")],
    means: _(
      "One unit of a feed-forward layer: it becomes active for something it knows and then writes its own vector.",
    ),
  },
  { word: _("rollout"), means: _("Attention followed through all layers, as if it were water running through pipes.") },
  {
    word: _("residual stream"),
    means: _("The line of numbers every token carries from layer to layer; each layer reads it and adds to it."),
  },
  {
    word: _("feed-forward"),
    means: _("The part of a layer that works on one token alone, after attention has gathered what it needs."),
  },
  {
    word: _("embedding"),
    also: [_("embeddings")],
    means: _("The list of numbers that stands for a token inside the model; similar tokens have similar lists."),
  },
  {
    word: _("cosine"),
    also: [_("cosine similarity")],
    means: _("How alike two directions are: 1 is the same, 0 has nothing in common, −1 is opposite."),
  },
  { word: _("projection"), means: _("A flat picture of points that have many dimensions; something is always lost.") },
  {
    word: _("PCA"),
    means: _(
      "A projection that turns the cloud so that its widest side is seen; distances stay honest, clusters may overlap.",
    ),
  },
  {
    word: _("t-SNE"),
    means: _("A projection that keeps near neighbours together; sizes of groups and gaps between them mean nothing."),
  },
  {
    word: _("UMAP"),
    means: _("A projection that keeps near neighbours together and some of the large shape; gaps still mean little."),
  },
  {
    word: _("component"),
    also: [_("components")],
    means: _("One direction of PCA; the first shows the largest differences."),
  },
  {
    word: _("probability"),
    means: _("How sure the model is of a token, from 0 to 100 %; all tokens together make 100 %."),
  },
  {
    word: _("logit"),
    also: [_("logits")],
    means: _("The score a model gives a token before the scores are turned into probabilities."),
  },
  {
    word: _("contribution"),
    also: [_("contributions")],
    means: _("What one part of the model adds to a logit; all parts together make the logit."),
  },
  {
    word: _("frozen"),
    also: [_("frozen norm")],
    means: _("Kept at the number it had in this run, so that a norm treats every part alike and the parts add up."),
  },
  {
    word: _("norm"),
    also: [_("norms"), _("final norm")],
    means: _("A step that divides a token's numbers by their own size, so that they neither grow nor vanish."),
  },
  {
    word: _("unembedding"),
    means: _("The table that turns the last line of numbers into one logit for each token of the vocabulary."),
  },
  {
    word: _("completeness error"),
    also: [_("completeness")],
    means: _("How much the values of all tokens together miss of what they should add up to; 0 is nothing missed."),
  },
  {
    word: _("depth"),
    also: [_("depths")],
    means: _("A place between two blocks: 0 is the embedding, before any block; the last is where the answer is read."),
  },
  {
    word: _("logit lens"),
    means: _("Reading an earlier depth as if it were the last: what the model would say if it stopped there."),
  },
  {
    word: _("tuned lens"),
    means: _(
      "A logit lens with a small translation for each depth, learned so that the reading is closest to the answer.",
    ),
  },
  {
    word: _("Jacobian lens"),
    means: _("A lens that asks what a depth would change in the model's end, on average over many texts."),
  },
  {
    word: _("DecoderLens"),
    means: _("The decoder writes from an earlier depth of the encoder, as if the encoder had ended there."),
  },
  {
    word: _("KL"),
    means: _("How far one list of probabilities is from another, in bits: 0 means they are the same."),
  },
  {
    word: _("temperature"),
    means: _(
      "How daring the draw is: below 1 likely tokens gain, above 1 unlikely ones do, 0 always takes the likeliest.",
    ),
  },
  { word: _("top-k"), means: _("Only the k likeliest tokens may be drawn.") },
  { word: _("top-p"), means: _("Only the likeliest tokens that together reach this probability may be drawn.") },
  { word: _("min-p"), means: _("Tokens less likely than this share of the likeliest one may not be drawn.") },
  {
    word: _("typical-p"),
    means: _("Tokens may be drawn that are about as surprising as the model expects the next one to be."),
  },
  { word: _("repetition penalty"), means: _("Makes tokens that are already in the text less likely.") },
  { word: _("greedy"), means: _("Always taking the likeliest token; the same text comes out every time.") },
  { word: _("seed"), means: _("The number a random draw starts from; the same seed draws the same tokens again.") },
  {
    word: _("entropy"),
    means: _("How undecided a choice is, in bits: 0 is certain, each bit more doubles the number of equal choices."),
  },
  {
    word: _("bits"),
    also: [_("bit")],
    means: _("A measure of surprise: 1 bit is a coin's toss, 10 bits are one chance in about a thousand."),
  },
  { word: _("surprisal"), means: _("How little the model expected a token: the less likely, the more bits.") },
  { word: _("perplexity"), means: _("Between how many equally likely tokens the model seems to choose, on average.") },
  { word: _("rank"), means: _("A token's place in the model's list of guesses; 1 is the best guess.") },
  {
    word: _("beam search"),
    means: _("Following several texts at once and keeping those that are likeliest as a whole."),
  },
  { word: _("mask"), also: [_("masks")], means: _("A gap in the text that an encoder is asked to fill.") },
  {
    word: _("few-shot"),
    also: [_("one-shot"), _("zero-shot")],
    means: _("How many worked examples stand in the prompt before the question: a few, one or none."),
  },
  { word: _("chat template"), means: _("The marks a model was trained to expect around questions and answers.") },
  { word: _("prompt"), means: _("The text a model is given to begin with.") },
];
