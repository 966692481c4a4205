/* What /api/field-files answers: types only. Texts are in the reader's language already. */
import type { Fault, Job } from "../jobs/types.js";

export interface Worded {
  rule: string;
  severity: "error" | "warning" | "info";
  where: string;
  text: string;
  advice: string;
}

export interface FieldFile {
  uuid: string;
  name: string;
  size: number;
  sha256: string;
  who: string;
  received: string;
  state: "received" | "reading" | "read" | "refused" | "failed";
  state_title: string;
  job: Job | null;
  fault: Fault | null;
  crs: number | null;
  counts: { key: string; title: string; count: number }[];
  members: { file: string; layer: string; format: string; system: string; encoding: string }[];
  span: string[];
  bounds: [number, number, number, number] | null;
  findings: Worded[];
  assumed: Worded[];
}

export interface Upload {
  uuid: string;
  name: string;
  size: number;
  offset: number;
  created: string;
}

export interface System {
  epsg: number;
  title: string;
}
