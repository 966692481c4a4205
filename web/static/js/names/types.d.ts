/* What the server answers about the names of a place. */
import type { FormField, Titles } from "../api.js";

/** One name; of the standard name without a row of its own the uuid is empty and the version the place's. */
export interface PlaceName {
  uuid: string;
  kind: string;
  name: string;
  roman: string | null;
  language: string | null;
  status: string;
  valid_from: string | null;
  valid_to: string | null;
  source: string | null;
  note: string | null;
  decision: string | null;
  decided_by: string | null;
  decided_on: string | null;
  secrecy: string | null;
  is_public: boolean | null;
  version: number;
  title: Titles;
  standing: boolean;
}

export interface NamesAnswer {
  names: PlaceName[];
  kinds: { key: string; title: Titles }[];
  statuses: { key: string; title: Titles }[];
  fields: FormField[];
}

export interface NameSaved {
  uuid: string;
  version: number;
  seq: number;
  batch: string | null;
}
