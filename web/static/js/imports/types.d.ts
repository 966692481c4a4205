/* What /api/imports answers: types only. Texts are in the reader's language already. */
import type { Fault, Job } from "../jobs/types.js";

export interface Mapping {
  columns: Record<string, string>;
  constants: Record<string, string>;
  values: Record<string, Record<string, string>>;
  layer: string | null;
  encoding: string | null;
  crs: number | null;
  axes: "auto" | "xy" | "yx";
  empty: "keep" | "clear";
  accept: string[];
}

export interface Counts {
  new: number;
  changed: number;
  same: number;
  refused: number;
}

export interface ImportLine {
  uuid: string;
  name: string;
  size: number;
  subject: string;
  subject_title: string;
  who: string;
  created: string;
  state: "new" | "checking" | "checked" | "unchecked" | "faulty" | "importing" | "imported" | "failed";
  state_title: string;
  counts: Counts | null;
  earlier?: ImportLine | null;
}

export interface Worded {
  rule: string;
  severity: "error" | "warning" | "info";
  text: string;
  advice: string;
  row?: number | null;
  field?: string;
  field_title?: string;
  heading?: string;
  value?: string;
}

export interface Found {
  format: string;
  format_title: string;
  layer: string;
  layers: string[];
  rows: number;
  encoding: string;
  encoding_how: string;
  epsg: number | null;
  system: string;
  has_geometry: boolean;
  findings: Worded[];
}

export interface Column {
  heading: string;
  samples: string[];
  target: string;
  known: "recognised" | "left" | "unknown";
}

export interface Rule {
  rule: string;
  severity: "error" | "warning" | "info";
  count: number;
  rows: Worded[];
}

export interface Change {
  row: number;
  uuid: string;
  label: string;
  field: string;
  field_title: string;
  before: string;
  after: string;
}

export interface Plan {
  counts: Counts;
  blocked: boolean;
  empty: boolean;
  rows: number;
  crs: number | null;
  system: string;
  assumed: Worded[];
  faults: Worded[];
  /** Whether the mapping lacks a column that no record can do without. */
  unnamed: boolean;
  rules: Rule[];
  changes: Change[];
}

export interface Target {
  target: string;
  title: string;
  required: boolean;
  choices: { key: string; title: string }[];
}

export interface ImportWhole extends ImportLine {
  checked: boolean;
  mapping: Partial<Mapping>;
  check: Job | null;
  apply: Job | null;
  fault: Fault | null;
  found: Found | null;
  choices: { name: string; rows: number }[];
  columns: Column[];
  doubts: Worded[];
  plan: Plan | null;
  reports: Record<string, string>;
  records: { layer: string; uuid: string; label: string }[];
  empty: boolean;
  subjects: { key: string; title: string }[];
  targets: Target[];
  systems: { epsg: number; title: string }[];
  saved: { name: string; fits: boolean; mapping: Partial<Mapping> }[];
}
