/* What the workbench's API answers: types only. */
import type { Finding } from "../api.js";

export type Severity = "error" | "warning" | "info";

export interface Proposed {
  field: string;
  title: string;
  value: unknown;
  text: string;
}

export interface WorkFinding {
  key: string;
  layer: string;
  uuid: string;
  rule: string;
  rule_title: string;
  clause: string;
  severity: Severity;
  severity_title: string;
  field: string;
  field_title: string;
  value: string;
  message: string;
  advice: string;
  fix: Proposed[];
  candidates: Proposed[][];
  others: string[];
  name: string;
  class_code: string;
  major: string;
  county: string;
  county_name: string;
  town: string;
  town_name: string;
  state: "open" | "kept";
  skipped: boolean;
  synthetic: boolean;
}

export interface Choice {
  key: string;
  title: string;
  count: number;
}

export interface RuleChoice extends Choice {
  severity: Severity;
  clause: string;
}

export interface Work {
  who: string;
  today: number;
  mended: number;
  kept: number;
  skipped: number;
}

export interface WorklistAnswer {
  needs_check: boolean;
  checked: { at: string; took_s: number; records: number } | null;
  total: number;
  records: number;
  following: number;
  items: WorkFinding[];
  counts: {
    rules: RuleChoice[];
    severities: Choice[];
    majors: Choice[];
    counties: Choice[];
    towns: Choice[];
    states: Record<string, number>;
  };
  work: Work[];
}

export interface Neighbour {
  uuid: string;
  name: string;
  town: string;
  lon: number | null;
  lat: number | null;
}

export interface RecordAnswer {
  needs_check: boolean;
  findings: WorkFinding[];
  decisions: { key: string; rule: string; who: string; at: string; why: string }[];
  others: Neighbour[];
}

export interface PlanRow {
  uuid: string;
  name: string;
  where: string;
  changes: { field: string; title: string; before: string; after: string }[];
  finding?: Finding;
}

export interface PlanAnswer {
  token: string;
  count: number;
  rows: PlanRow[];
  left_out: number;
  left_out_rows: PlanRow[];
  out_of_reach: number;
  unmended: number;
}

/** The filters of the worklist, as the address has them. */
export interface Filters {
  rule: string[];
  severity: string[];
  state: string;
  major: string;
  county: string;
  town: string;
  q: string;
  mendable: boolean;
}
