// The page's data as `layout.py` lays it out: the report's content, named as its classes are
// (`model/report.py`), and the columns behind it. Only what the page reads is named.

/** Numbers of one kind, a row each. */
export interface Column extends Iterable<number> {
  readonly length: number;
  readonly [row: number]: number;
  includes(value: number): boolean;
}

/** The number that a column of the data has. */
export type ColumnNumber = number;

export type Interval = [low: number, high: number];

// --- the report ---

export interface ReportContent {
  recording: string;
  environment: Record<string, unknown>;
  workload: Record<string, unknown>;
  calls: CallFigures;
  captures: CaptureFigures[];
  attribution: Attribution;
  findings: Finding[];
  comparisons: Comparison[];
  notes: string[];
  scaling: Scaling | null;
}

export interface CallFigures {
  cold: ColdCalls;
  warm: WarmCalls;
}

export interface ColdCalls {
  count: number;
  total_ns: number;
  phases: ColdPhase[];
}

export interface ColdPhase {
  phase: string;
  self_ns: number;
}

export interface WarmCalls {
  count: number;
  median_ns: number;
  median_ci95_ns: Interval;
}

export interface CaptureFigures {
  name: string;
  status: string;
  reason: string;
  calls: number;
  median_ns: number | null;
  inflation: number | null;
}

export interface Attribution {
  total_ns: number;
  model_share: number;
  phases: PhaseShare[];
  internals: InternalShare[];
  native: NativeShare[];
  layers: LayerShare[];
  agreement: Agreement[];
  devices: DeviceDivision[];
}

/** What a GPU or TPU did in a traced call, beside the phases. */
export interface DeviceDivision {
  device: string;
  busy_ns: number;
  busy_share: number;
  waits: { phase: string; idle_ns: number; share: number }[];
  copies: { direction: string; self_ns: number; count_per_step: number; bytes_per_step: number | null }[];
  kernels: { op: string; self_ns: number; share: number; count_per_step: number }[];
}

export interface PhaseShare {
  phase: string;
  self_ns: number;
  share: number;
  share_ci95: Interval;
  unnamed_share: number | null;
  count_per_call: number;
}

export interface InternalShare {
  module: string;
  qualname: string;
  phase: string;
  total_ns: number;
  self_ns: number;
  total_share: number;
  count_per_call: number;
}

export interface NativeShare {
  event: string;
  phase: string;
  self_ns: number;
  count_per_call: number;
  thread: string;
}

export interface LayerShare {
  layer: string;
  class: string;
  self_ns: number;
  share: number;
  ops: string[];
}

export interface Agreement {
  phase: string;
  spans_share: number;
  spans_ci95: Interval;
  sampled_share: number | null;
  sampled_ci95: Interval | null;
  verdict: string;
  counted_share: number | null;
  counted_verdict: string;
  because: string[];
}

export interface Finding {
  rule: string;
  verdict: string;
  title: string;
  phase: string;
  cost_ns_per_call: number;
  evidence: string[];
  recipes: string[];
  share: number;
  sure: string;
  where: string;
  needs: string;
  /** Empty in a report of an earlier version. */
  advice: string;
}

export interface Outputs {
  equal: boolean;
  max_abs_error: number | null;
}

export interface Comparison {
  recipe: string;
  title: string;
  code: string;
  verdict: string;
  before_ns: number;
  after_ns: number | null;
  speedup: number | null;
  speedup_ci99: Interval | null;
  outputs: Outputs | null;
  reason: string;
  approximate: boolean;
  calls: number;
  warmup_ns: number | null;
  pays_off_after: number | null;
}

export interface CostModel {
  title: string;
  fixed_ns: number;
  batch_ns: number | null;
  row_ns: number;
}

export interface Scaling {
  original: CostModel;
  best: CostModel;
  faster_rows: [number, number] | null;
}

// --- what the views are of ---

export interface Phase {
  name: string;
  meaning: string;
}

/** Sentences that other outputs have too. */
export interface Texts {
  headline: string;
  /** How sure the time of a call is; empty for one call. */
  interval: string;
  /** The measured call as users write it. */
  call: string;
  calls: string;
  environment: string;
  inputs: string;
  basis: string;
  mostlyIn: string[];
}

export interface FrameColumns {
  name: ColumnNumber;
  module: ColumnNumber;
  file: ColumnNumber;
  line: ColumnNumber;
  kind: ColumnNumber;
  strings: string[];
}

export interface RawTree {
  name: string;
  basis: string;
  countsSamples: boolean;
  folded: number;
  foldedBelow: number;
  frame: ColumnNumber;
  above: ColumnNumber;
  phase: ColumnNumber;
  self: ColumnNumber;
  count: ColumnNumber;
}

export interface Lane {
  thread: string;
  depth: ColumnNumber;
  begin: ColumnNumber;
  duration: ColumnNumber;
  frame: ColumnNumber;
  phase: ColumnNumber;
}

export interface CallInTime {
  capture: string;
  number: number;
  cold: boolean;
  wall: number;
  lanes: Lane[];
  own: Stretches;
}

/** The call's own time: what no box below it on the calling thread covers. */
export interface Stretches {
  begin: ColumnNumber;
  end: ColumnNumber;
  phase: ColumnNumber;
}

/** How warm calls under a capture are shown in time order. */
export interface CaptureInTime {
  name: string;
  /** What they are listed under, and what they rest on. */
  heading: string;
  basis: string;
  /** Calls of the least one are shown first. */
  preference: number;
  /** Whether times are estimates. */
  approximate: boolean;
}

export interface MeasuredCalls {
  captures: string[];
  capture: ColumnNumber;
  cold: ColumnNumber;
  wall: ColumnNumber;
  gc: ColumnNumber;
}

export interface CountedColumns {
  frame: ColumnNumber;
  phase: ColumnNumber;
  totalCalls: ColumnNumber;
  self: ColumnNumber;
  total: ColumnNumber;
  caller: ColumnNumber;
  callee: ColumnNumber;
  edgeCalls: ColumnNumber;
  edgeTotal: ColumnNumber;
}

export interface StoredColumn {
  type: "u8" | "u16" | "u32" | "f64";
  at: number;
  count: number;
  least: number;
  rising: boolean;
}

export interface Content {
  report: ReportContent;
  texts: Texts;
  phases: Phase[];
  frames: FrameColumns;
  trees: RawTree[];
  calls: CallInTime[];
  capturesInTime: CaptureInTime[];
  measured: MeasuredCalls;
  functions: ({ calls: number; wall: number } & CountedColumns) | null;
  notes: string[];
  /** The address of the page of the program that the calls are of; empty for none. */
  above: string;
  columns: StoredColumn[];
  /** The column of this number. */
  column(number: ColumnNumber): Column;
}
