// Made from Python by `uv run python -m explorer.calls.types`; do not edit.

export interface ActiveAnswer {
  position: number;
  layers: ActiveNeuron[][];
}

export interface ActiveNeuron {
  neuron: number;
  activation: number;
  strength: number;
  writes: TokenName | null;
}

export interface AgreementAnswer {
  one: string;
  other: string;
  rho: number | null;
}

export interface AnalogiesAnswer {
  relations: RelationScore[];
  title: string;
}

export interface ArithmeticAnswer {
  inputs: VectorAnswer[];
  results: NearAnswer[];
  inputs_allowed: NearAnswer | null;
  plane: PlaneAnswer;
  title: string;
}

export interface AskedAnswer {
  position: number;
  candidates: CandidateChoice[];
  token: TokenName;
  against: TokenName | null;
  output: number;
  soft_capped: boolean;
}

export interface AttentionAnswer {
  queries: string[];
  keys: string[];
  weights: number[][];
}

export interface AttentionKind {
  kind: string;
  layers: number;
  heads: number;
  heads_by_layer: number[];
}

export interface AttributionAnswer {
  tokens: TokenAnswer[];
  values: (number | null)[];
  output: number;
  baseline_output: number | null;
  completeness_error: number | null;
}

export interface AttributionsMessage {
  asked?: AskedAnswer;
  found?: MethodAnswer;
  agreement?: AgreementAnswer[];
  deletion?: DeletionAnswer;
  doing?: string;
  fraction?: number;
}

export interface AxisAnswer {
  count: number;
  first: number;
  last: number;
  step: number;
  drawn: number;
  groups: number[] | null;
}

export interface BeamNode {
  parent: number | null;
  text: string;
  special: boolean;
  depth: number;
  probability: number;
  score: number;
  status: string;
}

export interface BeamText {
  node: number;
  text: string;
  score: number;
  tokens: number;
}

export interface BeamsMessage {
  nodes: BeamNode[];
  finished: BeamText[];
}

export interface BehavingHead {
  layer: number;
  head: number;
  values: (number | null)[];
}

export interface BertvizAnswer {
  fits: boolean;
  offered: boolean;
  sentence: string;
  document: string | null;
}

export interface BothAnswer {
  found: CompareAnswer;
  one_text: boolean;
  pseudo: boolean[];
}

export interface BothAskedAnswer {
  candidates: CandidateChoice[];
  one: SideLogitAnswer;
  other: SideLogitAnswer;
  stretches: StretchNames[];
}

export interface BothAttributionsMessage {
  asked?: BothAskedAnswer;
  found?: BothMethodAnswer;
  doing?: string;
  fraction?: number;
}

export interface BothContributionsAnswer {
  position: number;
  candidates: CandidateChoice[];
  token: TokenName;
  against: TokenName | null;
  other_against: TokenName | null;
  one: SideSumAnswer;
  other: SideSumAnswer;
  rows: PartPairAnswer[];
}

export interface BothMessage {
  side?: number;
  done?: number;
  of?: number;
  answer?: BothAnswer;
}

export interface BothMethodAnswer {
  method: string;
  values: (number | null)[];
  other_values: (number | null)[];
  refusal: string;
  other_refusal: string;
  rho: number | null;
}

export interface CandidateAnswer {
  id: number;
  text: string;
  special: boolean;
  logit: number;
  probability: number;
  final_probability: number;
  rank: number;
  kept: boolean;
  cut_by: string;
}

export interface CandidateChoice {
  id: number;
  text: string;
  special: boolean;
  logit: number;
  probability: number;
  final_probability: number;
  rank: number;
  kept: boolean;
  cut_by: string;
  typed: string;
}

export interface CellAnswer {
  candidates: ListedAnswer[];
  ways: WayAnswer[];
  refused: string[];
}

export interface ChatAnswer {
  text: string;
  tokens: TokenRow[];
}

export interface ColoursAnswer {
  shades: string | null;
  kinds: KindColour[] | null;
  scale: ScaleLegend | null;
}

export interface ColumnAnswer {
  stack: string;
  attention: string;
  position: number | null;
  from_position: number | null;
  head: number | null;
  text: string;
  from_text: string;
}

export interface ColumnHead {
  title: string;
  shown: string;
}

export interface ColumnMessage {
  columns?: ColumnHead[];
  column?: number;
  steps?: StepAnswer[];
  finish_reason?: string;
}

export interface CompareAnswer {
  segments: SegmentAnswer[];
  bits_per_byte: number | null;
  other_bits_per_byte: number | null;
  kl: (number | null)[] | null;
}

export interface CompareCutsAnswer {
  source: CutsAnswer;
  target: CutsAnswer | null;
}

export interface CompareLayersAnswer {
  lens: string;
  lenses: string[];
  same_vocabulary: boolean;
  position: number;
  other_position: number | null;
  last: number;
  other_last: number;
  depths: PairDepthAnswer[];
  distances: ((number | null)[])[];
  shares: ((number | null)[])[];
  other_shares: ((number | null)[])[];
}

export interface CompareStatesAnswer {
  same_model: boolean;
  stack: "decoder" | "encoder";
  is_target: boolean;
  depth: number;
  last: number;
  other_last: number;
  points: ((number | null)[])[];
  other_points: ((number | null)[])[];
  explained: (number | null)[];
  pairs: StatePairAnswer[];
  cka: ((number | null)[])[];
  counted: number;
}

export interface CompleteAnswer {
  text: string;
  completion: string;
  tokens: WrittenToken[];
  seed: number;
}

export interface ContinuationAnswer {
  tokens: number;
  completion: string;
  continued?: ContinuedText;
}

export interface ContinuedText {
  text: string;
  target: string;
  start: number;
}

export interface ContributionsAnswer {
  token: TokenIdText;
  logit: number;
  parts: PartAnswer[];
  rest: number;
  sum: number;
  frozen_norm: number | null;
}

export interface CosineAnswer {
  figure: FigureAnswer;
  values: (number | null)[];
}

export interface CountedPart {
  name: string;
  layer: number | null;
  head: number | null;
  value: number;
}

export interface CountedToken {
  id: number;
  text: string;
  special: boolean;
}

export interface CountsAnswer {
  position: number;
  token: CountedToken;
  against: CountedToken | null;
  logit: number;
  parts: CountedPart[];
  refusal: string;
  first: number | null;
  unread: string;
}

export interface CutAnswer {
  tokens: TokenRow[];
  target_tokens: TokenRow[];
}

export interface CutsAnswer {
  tokens: TokenRow[];
  others: TokenRow[];
  stretches: StretchAnswer[];
  borders: number | null;
  other_borders: number | null;
  shared_borders: number | null;
}

export interface DeletionAnswer {
  counts: number[];
  curves: Record<string, number[]>;
  random: number[];
}

export interface DepthAnswer {
  guesses: Guess[];
  winner: number;
}

export interface DepthsOfSide {
  position: number;
  depths: DepthAnswer[];
  unread: string;
  candidates: CandidateAnswer[];
}

export interface DistanceAnswer {
  kl: number | null;
  reverse_kl: number | null;
  js: number;
  overlap: number;
  top: number;
}

export interface DistributionAnswer {
  masks: MaskAnswer[];
  mask_token: string;
  found: FoundAnswer | null;
}

export interface EdgeChange {
  attention?: "self" | "encoder" | "decoder" | "cross" | null;
  kind: "edge";
  layer?: number | null;
  head?: number | null;
  query: number;
  key: number;
}

export interface EntryAnswer {
  id: number;
  text: string;
  special: boolean;
}

export interface EstimateAnswer {
  values: ((number | null)[])[];
  mean_error: number;
  largest_error: number;
}

export interface ExpectedAnswer {
  position: number;
  candidates: CandidateAnswer[];
}

export interface ExperimentAnswer {
  before: CandidateAnswer[];
  after: CandidateAnswer[];
  kl: number;
  gained: MovedAnswer[];
  lost: MovedAnswer[];
  position: number;
}

export interface FaithfulnessAnswer {
  agreement: number[];
  kl: number[];
}

export interface FigureAnswer {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

export interface FilledAnswer {
  gaps: GapAnswer[];
  after: string;
}

export interface FlowAnswer {
  position: number;
  source: number | null;
  rows: RowAnswer[];
  target_rows: RowAnswer[];
  looks: LookAnswer[];
  peaks: Record<string, string>;
  depths: DepthAnswer[];
  unread: string;
  candidates: CandidateAnswer[];
  others: number;
  masks: number[];
  mask_token: string;
}

export interface FoundAnswer {
  candidates: CandidateAnswer[];
  drawn: CandidateAnswer | null;
  mass: MassAnswer;
  rules: RuleAnswer[];
  entropy: number;
  final_entropy: number;
  kept: number;
  kept_mass: number;
  vocab: number;
}

export interface GapAnswer {
  before: string;
  mask: string;
  best: CandidateAnswer;
  filled: CandidateAnswer;
}

export interface GivenAnswer {
  bits: number;
  bits_per_byte: number;
  tokens: number;
}

export interface GridAnswer {
  lens: string;
  lenses: string[];
  start: number;
  entries: EntryAnswer[];
  own: number[];
  best: number[][];
  probability: number[][];
  word: number[][];
  word_probability: number[][];
  entropy: number[][];
  kl: number[][];
  rank: number[][];
  faithfulness: FaithfulnessAnswer | null;
}

export interface GridMessage {
  done?: number;
  of?: number;
  grid?: GridAnswer;
}

export interface GroupAnswer {
  members: GroupMember[];
  count: number;
}

export interface GroupMember {
  row: number;
  text: string;
  cosine: number | null;
}

export interface Guess {
  id: number;
  text: string;
  special: boolean;
  probability: number;
}

export interface GuessAnswer {
  id: number;
  text: string;
  special: boolean;
  probability: number;
}

export interface HeadChange {
  attention?: "self" | "encoder" | "decoder" | "cross" | null;
  kind: "head";
  layer: number;
  head: number;
  by?: "zero" | "mean" | "reference" | "scale";
  value?: number;
}

export interface HeadDistancesAnswer {
  distances: ((number | null)[])[];
  measured: number;
  rows: number;
}

export interface HeadLikenessAnswer {
  measures: string[];
  counted: string[];
  heads: BehavingHead[];
  others: BehavingHead[];
  nearest: number[];
  apart: (number | null)[];
}

export interface HeadPairAnswer {
  one: HeatmapAnswer;
  other: HeatmapAnswer;
  kind: string;
  other_kind: string;
  difference: string;
  peak: number;
  rows: number[][];
  columns: number[][];
}

export interface HealthAnswer {
  status: string;
  device: string;
  models: string[];
  queue: number;
}

export interface HeatmapAnswer {
  values: string;
  rows: AxisAnswer;
  columns: AxisAnswer;
  exact: boolean;
  causal: boolean;
  peak: number;
  name: string;
  unit: "share" | "norm";
}

export interface InductionAnswer {
  scores: ((number | null)[])[];
}

export interface JoinedAnswer {
  text: string;
  special: boolean;
  sides: (CandidateAnswer | null)[];
}

export interface KindColour {
  name: string;
  count: number;
  light: string;
  dark: string;
}

export interface LensAnswer {
  depths: number[];
  tokens: string[];
  top: LensToken[][][];
  entropy: ((number | null)[])[];
  kl: ((number | null)[])[];
}

export interface LensToken {
  id: number;
  text: string;
  probability: number;
}

export interface LinkCode {
  rows: string[];
}

export interface ListedAnswer {
  id: number;
  text: string;
  special: boolean;
  rank: number;
  probability: number;
}

export interface LookAnswer {
  kind: string;
  layer: number;
  head: number;
  row: number;
  weight: number;
}

export interface MapMessage {
  progress?: MapProgress;
  map?: MapPoints;
}

export interface MapPoints {
  points: string;
  dimensions: number;
  rows: string | null;
  count: number;
  total: number;
  marks: VectorAnswer[];
  explained: (number | null)[];
  axes: number[];
  title: string;
  caption: string;
  stretched: string;
}

export interface MapProgress {
  state: "waiting" | "running";
  share: number;
  stage: string;
  ahead: number;
  seconds: number;
}

export interface MapRow {
  row: number;
  token: string;
  kind: string | null;
  norm: number | null;
  x: number;
  y: number;
  z?: number;
}

export interface MapTableAnswer {
  rows: MapRow[];
}

export interface MaskAnswer {
  position: number;
  before: string;
  after: string;
}

export interface MassAnswer {
  ranks: number[];
  cumulative: number[];
  top_p: number;
  kept: number;
}

export interface MatchAnswer {
  row: number;
  text: string;
  place: "word" | "inside" | "";
}

export interface MethodAnswer {
  method: string;
  values: (number | null)[];
  refusal: string;
  baseline_output: number | null;
  completeness_error: number | null;
}

export interface ModelAnswer {
  name: string;
  family: string;
  kind: string;
  parameters: number | null;
  loaded: boolean;
}

export interface MovedAnswer {
  id: number;
  text: string;
  special: boolean;
  before: number;
  after: number;
}

export interface NamesAnswer {
  texts: string[];
}

export interface NearAnswer {
  row: number;
  text: string;
  cosine: number | null;
  distance: number | null;
}

export interface NearestAnswer {
  row: number;
  text: string;
  norm: number | null;
  kind: string | null;
  neighbours: NearAnswer[];
}

export interface NeighbourAnswer {
  id: number;
  text: string;
  cosine: number;
}

export interface NeuronAnswer {
  layer: number;
  neuron: number;
  score: number;
}

export interface NeuronCard {
  gated: boolean;
  reads: ScoredToken[];
  raises: ScoredToken[];
  lowers: ScoredToken[];
  refusal: string;
  activity: (number | null)[];
}

export interface NeuronChange {
  attention?: "self" | "encoder" | "decoder" | "cross" | null;
  kind: "neuron";
  layer: number;
  neuron: number;
  by?: "zero" | "scale" | "set";
  value?: number;
}

export interface NextOfBothAnswer {
  missing: string[];
  rows: JoinedAnswer[];
  sides: SideAnswer[];
  distance: DistanceAnswer | null;
}

export interface NextTokenAnswer {
  candidates: CandidateAnswer[];
  entropy: number;
  kept: number;
}

export interface NextWordAnswer {
  token: string;
  probability: number;
  text: string;
  target: string;
  ended: boolean;
}

export interface OverviewAnswer {
  first: number;
  layers: number;
  heads: number;
  rows: number;
  columns: number;
  causal: boolean;
  cells: string;
  scores: (Record<string, (number | null)[]>)[];
  sampled: number | null;
  queries: number;
}

export interface PairAnswer {
  answer: SweepWord;
  foil: SweepWord;
  clean: number;
  corrupted: number;
  clean_tokens: number;
  corrupted_tokens: number;
}

export interface PairDepthAnswer {
  depth: number;
  other_depth: number;
  one: GuessAnswer;
  other: GuessAnswer | null;
  same: boolean;
}

export interface PairFacts {
  same_model: boolean;
  same_text: boolean;
  same_vocabulary: boolean;
  counterparts: (number | null)[];
  target_counterparts: (number | null)[];
  read_counterparts: (number | null)[];
}

export interface PanelAnswer {
  direction: string;
  rows: number;
  columns: ColumnAnswer[];
  runs: number;
}

export interface PartAnswer {
  name: string;
  layer: number | null;
  head: number | null;
  position: number | null;
  neuron: number | null;
  value: number;
}

export interface PartChange {
  attention?: "self" | "encoder" | "decoder" | "cross" | null;
  kind: "part";
  layer: number;
  part: "attention" | "feed_forward";
  by?: "zero" | "mean";
}

export interface PartPairAnswer {
  one: PartAnswer | null;
  other: PartAnswer | null;
}

export interface PartingAnswer {
  sides: CandidateAnswer[][];
}

export interface PassageAnswer {
  tokens: PassageToken[];
  at: number;
}

export interface PassageToken {
  text: string;
  special: boolean;
  activation: number;
}

export interface PassagesMessage {
  done?: number;
  of?: number;
  passages?: PassageAnswer[];
}

export interface PatchChange {
  attention?: "self" | "encoder" | "decoder" | "cross" | null;
  kind: "patch";
  of?: "residual" | "attention" | "feed_forward" | "head";
  depth?: number | null;
  layer?: number | null;
  head?: number | null;
  position: number;
  text: string;
  target?: string;
  from_position?: number | null;
}

export interface PlaneAnswer {
  inputs: number[][];
  sum: number[];
  results: number[][];
  off: number[];
}

export interface PositionSchemeAnswer {
  name: string;
  title: string;
  headline: string;
  kind: string;
  sentence: string;
  figure: FigureAnswer;
}

export interface PositionsAnswer {
  schemes: PositionSchemeAnswer[];
  none: string | null;
}

export interface ProjectAnswer {
  ids: number[];
  texts: string[];
  points: number[][];
  explained: number[];
}

export interface ReadingAnswer {
  pseudo: boolean;
  positions: number[];
  surprisal: number[];
  rank: number[];
  entropy: number[];
  bits: number;
  perplexity: number;
  bits_per_byte: number;
  bytes: number;
  top: number[];
}

export interface ReferenceMessage {
  given?: GivenAnswer;
  signatures?: Record<string, string>;
  scored?: ScoredAnswer;
}

export interface RelationScore {
  relation: string;
  tried: number;
  right: number;
  inputs_allowed: number;
  baseline: number;
}

export interface RowAnswer {
  first: number;
  last: number;
}

export interface RuleAnswer {
  name: string;
  cut: number;
}

export interface RunFacts {
  model: string;
  revision: string;
  kind: string;
  text: string;
  target: string;
  changes: unknown[];
  layers: number;
  heads: number;
  attention_kinds: AttentionKind[];
  closed: Record<string, string>;
  tokens: TokenRow[];
  target_tokens: TokenRow[];
  context: number | null;
  vocab: number;
  parameters: number;
  device: string;
  samples: Sample[];
}

export interface RunMessage {
  doing?: string;
  fraction?: number;
  facts?: RunFacts;
}

export interface Sample {
  text: string;
  target: string;
}

export interface SamplingSettings {
  temperature?: number;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  typical_p?: number;
  repetition_penalty?: number;
  seed?: number;
  greedy?: boolean;
}

export interface ScaleLegend {
  name: string;
  low: number;
  high: number;
  row: number | null;
}

export interface ScoredAnswer {
  how: string;
  text: string;
  bleu: number;
  chrf: number;
  exact: boolean;
}

export interface ScoredToken {
  id: number;
  text: string;
  special: boolean;
  score: number;
}

export interface SearchAnswer {
  count: number;
  matches: MatchAnswer[];
}

export interface SegmentAnswer {
  text: string | null;
  other_text: string | null;
  bits: number | null;
  other_bits: number | null;
  positions: number[];
  other_positions: number[];
}

export interface SentencesAnswer {
  sentences: string[];
  cosines: number[][];
  most: number;
}

export interface ShadingAnswer {
  weights: string;
  groups: number[] | null;
  chosen: number[];
  name: string;
  unit: "share" | "norm";
}

export interface ShelfAnswer {
  cards: ShelfCard[];
}

export interface ShelfCard {
  key: "copies" | "previous" | "first" | "focused" | "unlike";
  kind: string;
  layer: number;
  head: number;
  value: number;
  on_repeats: boolean;
  rows: number;
  columns: number;
  causal: boolean;
  cells: string;
}

export interface SideAnswer {
  entropy: number;
  final_entropy: number;
  kept: number;
  vocab: number;
  rules: string[];
  gap: boolean;
}

export interface SideLogitAnswer {
  position: number;
  token: TokenName;
  against: TokenName | null;
  output: number;
}

export interface SideSumAnswer {
  refusal: string;
  position: number | null;
  token: TokenName | null;
  share: number | null;
  logit: number | null;
  sum: number | null;
  remainder: number | null;
  frozen_norm: number | null;
  soft_capped: boolean;
}

export interface StatePairAnswer {
  position: number;
  other: number;
  cosine: number | null;
  relative: number | null;
}

export interface SteerChange {
  attention?: "self" | "encoder" | "decoder" | "cross" | null;
  kind: "steer";
  depth: number;
  toward?: string | string[];
  away?: string | string[];
  strength?: number;
}

export interface StepAnswer {
  id: number;
  text: string;
  special: boolean;
  probability: number;
  final_probability: number;
  rank: number;
  entropy: number;
  final_entropy: number;
  alternatives: CandidateAnswer[];
}

export interface StepsMessage {
  state: "waiting" | "writing" | "done";
  before: number;
  steps: StepAnswer[];
  finish_reason: string;
}

export interface StretchAnswer {
  text: string;
  positions: number[];
  others: number[];
}

export interface StretchNames {
  text: string | null;
  other_text: string | null;
}

export interface SuccessMessage {
  done: number;
  of: number;
  right?: number[];
}

export interface SumAnswer {
  total: number;
  parts: PartAnswer[];
  rest: number;
  others: number;
  sum: number;
  remainder: number;
}

export interface SurprisalMessage {
  done?: number;
  of?: number;
  reading?: ReadingAnswer;
}

export interface SweepAnswer {
  fraction: number;
  rows?: number[];
  columns?: ColumnAnswer[];
  values?: ((number | null)[])[];
  clean?: number;
  corrupted?: number;
  token?: string;
  against?: string;
}

export interface SweepExample {
  text: string;
  other: string;
  target: string;
  answer: string;
  foil: string;
  clean: number;
  corrupted: number;
}

export interface SweepMessage {
  pair?: PairAnswer;
  panel?: PanelAnswer;
  direction?: string;
  cells?: [number, number, number][];
  fraction?: number;
  estimate?: EstimateAnswer;
}

export interface SweepWord {
  id: number;
  text: string;
  clean: number;
  corrupted: number;
}

export interface TokenAnswer {
  id: number;
  text: string;
  start: number;
  end: number;
  special: boolean;
}

export interface TokenIdText {
  id: number;
  text: string;
}

export interface TokenName {
  id: number;
  text: string;
  special: boolean;
}

export interface TokenRow {
  id: number;
  text: string;
  start: number;
  end: number;
  special: boolean;
  piece: string;
  group: number;
  bytes: string;
}

export interface TokenizeAnswer {
  tokens: TokenAnswer[];
  count: number;
  context: number | null;
}

export interface TrajectoriesAnswer {
  points: string;
  dimensions: number;
  depths: number;
  paths: TrajectoryAnswer[];
  sentences: string[];
  explained: (number | null)[];
  caption: string;
}

export interface TrajectoryAnswer {
  sentence: number;
  position: number;
  name: string;
}

export interface VectorAnswer {
  row: number;
  text: string;
}

export interface WaterfallAnswer {
  whole: SumAnswer | null;
  inside: SumAnswer | null;
  frozen_norm: number | null;
  soft_capped: boolean;
  refusal: string;
  position: number;
  candidates: CandidateChoice[];
  token: TokenName;
  against: TokenName | null;
  share: number;
}

export interface WayAnswer {
  id: number;
  text: string;
  special: boolean;
  typed: string;
  ranks: number[];
  probabilities: number[];
}

export interface WaysAnswer {
  one: DepthsOfSide;
  other: DepthsOfSide;
  kl: (number | null)[] | null;
  apart: string | null;
  pairs: number[][];
}

export interface WithoutAnswer {
  before: number | null;
  after: number | null;
  winner: string;
  new_winner: string;
  new_probability: number | null;
}

export interface WordAnswer {
  steps: CandidateAnswer[];
  probability: number;
  final_probability: number;
}

export interface WrittenToken {
  id: number;
  text: string;
  probability: number;
  rank: number;
}

/** Declared controls, by their key in the store. */
export interface Controls {
  attention_added: number;
  attention_bertviz_open: boolean;
  attention_chosen: string;
  attention_continuation_open: boolean;
  attention_continued: any;
  attention_direction: "from" | "to";
  attention_drawing: "head" | "model" | "neuron";
  attention_drawn: boolean;
  attention_head_off: boolean;
  attention_heads: "one" | "mean" | "max";
  attention_left_out: "nothing" | "first" | "special";
  attention_minimum: number;
  attention_order: "place" | "most" | "least";
  attention_reading: "weights" | "values" | "rollout";
  attention_scale: "root" | "linear" | "log";
  attention_scope: "all" | "layer" | "head";
  attention_score: "" | "previous" | "copies" | "itself" | "same" | "first" | "entropy" | "distance" | "induction";
  attention_words: boolean;
  attention_zoom: any;
  beam_length: number;
  beams: number;
  beams_drawn: boolean;
  chat_system: string;
  chat_user: string;
  colour_by: "probability" | "rank" | "entropy";
  compare_head: string;
  compare_view: "both" | "one";
  compare_x: "previous" | "induction" | "first" | "entropy" | "distance";
  compare_y: "previous" | "induction" | "first" | "entropy" | "distance";
  completion_part: "next" | "two" | "reference" | "beams";
  embeddings_view: "map" | "arithmetic" | "layers" | "positions" | "sentences";
  experiment_order: "likeliest" | "moved";
  experiment_view: "effect" | "sweep";
  greedy: boolean;
  instruction: string;
  length: number;
  lens: "logit" | "tuned" | "jacobian" | "decoder";
  lens_by: "probability" | "entropy" | "rank" | "kl";
  lens_depth: number;
  lens_distance: "kl" | "js";
  lens_down: boolean;
  lens_every: boolean;
  lens_only_words: boolean;
  lens_words: any;
  map_camera: any;
  map_chosen: number;
  map_colour: "kind" | "length" | "norm" | "distance" | "none";
  map_depth: number;
  map_dimensions: "2-D" | "3-D";
  map_group: any;
  map_method: "pca" | "tsne" | "umap";
  map_metric: "euclidean" | "cosine";
  map_near: number;
  map_one_scale: boolean;
  map_perplexity: number;
  map_query: string;
  map_sample: -1 | 5000 | 20000 | 50000 | 0;
  map_seed: number;
  map_space: "input" | "output" | "positions" | "text";
  map_spread: number;
  map_stack: "decoder" | "encoder";
  map_sum: boolean;
  map_told: "map" | "chosen" | "group" | "sum";
  map_x: number;
  map_y: number;
  map_z: number;
  min_p: number;
  next_filled: any;
  next_log: boolean;
  next_mask: number;
  next_order: "probability" | "final_probability";
  next_rows: number;
  next_word: string;
  overview_begin: number;
  overview_counts: boolean;
  overview_depth: number;
  pairs_pooling: "mean" | "first" | "last";
  pairs_sentences: string;
  paths_camera: any;
  paths_dimensions: "2-D" | "3-D";
  paths_metric: "cosine" | "euclidean";
  paths_pair: any;
  paths_sentences: string;
  paths_stack: "decoder" | "encoder";
  paths_word: string;
  positions_scheme: string;
  prompt_examples: any;
  prompt_length: number;
  prompt_shape: "lines" | "labels";
  prompt_task: "look_up" | "repeat" | "past" | "opposite" | "own";
  question: string;
  reference_beam: boolean;
  reference_text: string;
  repetition_penalty: number;
  second_min_p: number;
  second_repetition_penalty: number;
  second_seed: number;
  second_temperature: number;
  second_top_k: number;
  second_top_p: number;
  seed: number;
  sides_order: "probability" | "difference";
  sides_rows: number;
  states_depth: number;
  stop: string;
  sum_a: string;
  sum_b: string;
  sum_c: string;
  sum_space: "input" | "output";
  surprisal_by: "surprisal" | "probability" | "rank";
  sweep_against: string;
  sweep_cell: string;
  sweep_direction: "denoise" | "noise" | "control";
  sweep_estimate: boolean;
  sweep_metric: "logit_difference" | "log_probability" | "kl";
  sweep_of: "residual" | "attention" | "feed_forward" | "head";
  sweep_other: string;
  sweep_target: string;
  sweep_text: string;
  sweep_token: string;
  temperature: number;
  tokens_board: boolean;
  tokens_second: string;
  top_k: number;
  top_p: number;
  two_drawn: boolean;
  typical_p: number;
  why_against: string;
  why_baseline: "mean" | "zero";
  why_method: "integrated_gradients" | "gradient_input" | "leave_one_out_masked" | "leave_one_out_replaced" | "leave_one_out_removed" | "source" | "rollout";
  why_neuron: string;
  why_opened: string;
  why_search: string;
  why_steps: "50" | "200" | "1000";
  why_token: string;
  why_view: "contributions" | "attribution" | "neurons";
  written_branches: any;
  written_ids: any;
  written_token: number;
}

/** Calls that answer once. */
export interface Calls {
  active_neurons: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number | null }; answer: ActiveAnswer };
  analogy_scores: { request: { model: string; space?: "input" | "output" }; answer: AnalogiesAnswer };
  attention: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { layer: number; head: number; kind?: string }; answer: AttentionAnswer };
  attribution: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { method: "gradient_input" | "integrated_gradients" | "leave_one_out_masked" | "leave_one_out_replaced" | "leave_one_out_removed" | "source" | "rollout"; token?: string; against?: string; position?: number; baseline?: "mean" | "zero"; steps?: number }; answer: AttributionAnswer };
  bertviz: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; layer?: number; head?: number; view?: "head" | "model" | "neuron"; scope?: "all" | "layer" | "head"; draw?: boolean }; answer: BertvizAnswer };
  chat_template: { request: { model: string; user: string; system?: string }; answer: ChatAnswer };
  compare: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { other_model?: string; other_text?: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }; answer: CompareAnswer };
  compare_cuts: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }); answer: CompareCutsAnswer };
  compare_layers: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { lens?: "logit" | "tuned" | "jacobian" | "decoder"; distance?: "kl" | "js"; position?: number | null }; answer: CompareLayersAnswer };
  compare_states: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { depth?: number | null }; answer: CompareStatesAnswer };
  contributions: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number; by?: "part" | "head" | "source" | "neuron"; count?: number }; answer: ContributionsAnswer };
  contributions_of_both: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number | null }; answer: BothContributionsAnswer };
  cosine_by_depth: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { sentences?: string; stack?: "decoder" | "encoder"; left: number[]; right: number[] }; answer: CosineAnswer };
  counts: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number | null }; answer: CountsAnswer };
  cut: { request: { model: string; text: string; target?: string }; answer: CutAnswer };
  distribution: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; limit?: number; order?: "probability" | "final_probability"; mask?: number }; answer: DistributionAnswer };
  expected_here: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { position: number }; answer: ExpectedAnswer };
  experiment: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { limit?: number }; answer: ExperimentAnswer };
  filled: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token_ids?: number[] }; answer: FilledAnswer };
  find_vectors: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; query: string }; answer: SearchAnswer };
  flow: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { position?: number | null; source?: number | null; rows?: number; begin?: number | null }; answer: FlowAnswer };
  head_likeness: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string }; answer: HeadLikenessAnswer };
  head_pair: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; left_out?: "nothing" | "first" | "special"; layer?: number; head?: number; other_layer?: number; other_head?: number }; answer: HeadPairAnswer };
  health: { request: {}; answer: HealthAnswer };
  heatmap: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; layer?: number; head?: number; reading?: "weights" | "values" | "rollout"; combination?: "one" | "mean" | "max"; chosen?: number[][]; left_out?: "nothing" | "first" | "special"; by_words?: boolean; rows?: number[] | null; columns?: number[] | null }; answer: HeatmapAnswer };
  induction: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string }; answer: InductionAnswer };
  interesting_heads: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string }; answer: ShelfAnswer };
  layers_cell: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { lens?: "logit" | "tuned" | "jacobian" | "decoder"; depth: number; position: number; words?: string[]; only_words?: boolean }; answer: CellAnswer };
  lens: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { lens?: "logit" | "tuned" | "jacobian" | "decoder"; top?: number }; answer: LensAnswer };
  link_code: { request: { link: string }; answer: LinkCode };
  map_table: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; method?: "pca" | "tsne" | "umap"; dimensions?: number; metric?: "cosine" | "euclidean"; sample?: number; seed?: number; perplexity?: number; near?: number; spread?: number; axes?: number[]; filled?: boolean }; answer: MapTableAnswer };
  models: { request: {}; answer: ModelAnswer[] };
  nearest_vectors: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; row: number; count?: number }; answer: NearestAnswer };
  neighbours: { request: { model: string; token: string; count?: number }; answer: NeighbourAnswer[] };
  neuron_card: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { layer: number; neuron: number }; answer: NeuronCard };
  neurons: { request: { model: string; word: string; count?: number }; answer: NeuronAnswer[] };
  next_of_both: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; second: SamplingSettings; limit?: number; order?: "probability" | "difference" }; answer: NextOfBothAnswer };
  next_token: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; limit?: number }; answer: NextTokenAnswer };
  next_word: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean }; answer: NextWordAnswer };
  overview: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; left_out?: "nothing" | "first" | "special"; first?: number; last?: number | null }; answer: OverviewAnswer };
  pair: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }); answer: PairFacts };
  paired_distances: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; left_out?: "nothing" | "first" | "special" }; answer: HeadDistancesAnswer };
  parting: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; second: SamplingSettings; written: number[]; token_ids: number[] }; answer: PartingAnswer };
  positions: { request: { model: string }; answer: PositionsAnswer };
  project: { request: { model: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; method?: "pca" | "tsne" | "umap"; dimensions?: number; of?: string }; answer: ProjectAnswer };
  replay: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; token_ids: number[] }; answer: StepAnswer[] };
  sentence_similarity: { request: { model: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; sentences: string; pooling?: "mean" | "first" | "last" }; answer: SentencesAnswer };
  shading: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; layer?: number; head?: number; reading?: "weights" | "values" | "rollout"; combination?: "one" | "mean" | "max"; chosen?: number[][]; left_out?: "nothing" | "first" | "special"; by_words?: boolean; position: number; direction?: "from" | "to" }; answer: ShadingAnswer };
  sweep_examples: { request: { model: string }; answer: SweepExample[] };
  tokenize: { request: { model: string; text: string }; answer: TokenizeAnswer };
  trajectories: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { sentences?: string; stack?: "decoder" | "encoder"; word?: string; dimensions?: number; metric?: "cosine" | "euclidean" }; answer: TrajectoriesAnswer };
  vector_colours: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; by?: "kind" | "length" | "norm" | "distance" | "none"; row?: number }; answer: ColoursAnswer };
  vector_group: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; rows: number[] }; answer: GroupAnswer };
  vector_names: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; rows?: number[] | null }; answer: NamesAnswer };
  waterfall: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number | null; layer?: number | null; part?: "self" | "cross" | "feed_forward" | null; head?: number | null; count?: number }; answer: WaterfallAnswer };
  ways: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }); answer: WaysAnswer };
  without_head: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { kind?: string; layer: number; head: number; position?: number | null }; answer: WithoutAnswer };
  word_arithmetic: { request: { model: string; space?: "input" | "output"; a: string; b: string; c: string }; answer: ArithmeticAnswer };
  word_probability: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; word: string; mask?: number }; answer: WordAnswer };
}

/** Calls that answer again and again. */
export interface Streams {
  attributions: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number | null; baseline?: "mean" | "zero"; steps?: number }; answer: AttributionsMessage };
  attributions_of_both: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { token?: string; against?: string; position?: number | null; first?: "gradient_input" | "integrated_gradients" | "leave_one_out_masked" | "leave_one_out_replaced" | "leave_one_out_removed" | "source" | "rollout"; baseline?: "mean" | "zero"; steps?: number }; answer: BothAttributionsMessage };
  beams: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { width?: number; max_new_tokens?: number }; answer: BeamsMessage };
  complete: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { max_new_tokens?: number; temperature?: number; top_k?: number; top_p?: number; seed?: number; greedy?: boolean }; answer: CompleteAnswer };
  continuation: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { count?: number }; answer: ContinuationAnswer };
  layers_grid: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { lens?: "logit" | "tuned" | "jacobian" | "decoder" }; answer: GridMessage };
  map_points: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { space?: "input" | "output" | "positions" | "text"; depth?: number; stack?: "decoder" | "encoder"; method?: "pca" | "tsne" | "umap"; dimensions?: number; metric?: "cosine" | "euclidean"; sample?: number; seed?: number; perplexity?: number; near?: number; spread?: number; axes?: number[]; filled?: boolean }; answer: MapMessage };
  neuron_passages: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { layer: number; neuron: number }; answer: PassagesMessage };
  prompting: { request: { model: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; question: string; examples: string[][]; instruction?: string; shape?: "lines" | "labels"; max_new_tokens?: number }; answer: ColumnMessage };
  prompting_success: { request: { model: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; task: "look_up" | "repeat" | "past" | "opposite" }; answer: SuccessMessage };
  reference: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { max_new_tokens?: number; temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; reference: string; beams?: number }; answer: ReferenceMessage };
  run: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }); answer: RunMessage };
  surprisal: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }); answer: SurprisalMessage };
  surprisal_of_both: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }); answer: BothMessage };
  sweep: { request: { model: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; text: string; other: string; token?: string; against?: string; of?: "residual" | "attention" | "feed_forward" | "head"; target?: string; direction?: "denoise" | "noise" | "control"; metric?: "logit_difference" | "log_probability" | "kl" }; answer: SweepAnswer };
  sweep_panels: { request: { model: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; text: string; other: string; token?: string; against?: string; of?: "residual" | "attention" | "feed_forward" | "head"; target?: string; metric?: "logit_difference" | "log_probability" | "kl"; estimate?: boolean }; answer: SweepMessage };
  write: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { max_new_tokens?: number; stop?: string; temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; prefix_ids?: number[] }; answer: StepsMessage };
  write_two: { request: ({ run: "main" | "other"; beside: "main" | "other" } | { model: string; text: string; target?: string; changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[]; other_model: string; other_text: string; other_target?: string; other_changes?: (HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange)[] }) & { max_new_tokens?: number; stop?: string; temperature?: number; top_k?: number; top_p?: number; min_p?: number; typical_p?: number; repetition_penalty?: number; seed?: number; greedy?: boolean; second: SamplingSettings }; answer: ColumnMessage };
}
