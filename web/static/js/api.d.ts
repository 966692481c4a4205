/* What the HTTP API answers and what the page holds: types only. */

export type Language = "zh" | "en";
export interface Titles {
  zh: string;
  en: string;
}

/** An optional base map that the office has set up: images under the map, from any of several hosts. */
export interface Basemap {
  tiles: string[];
  title: string;
}

export interface Settings {
  lang: Language;
  seq: number;
  basemap: Basemap | null;
  /** Who is signed in and what they may do; null without an account. */
  person?: Person | null;
}

export interface Person {
  name: string;
  display: string;
  roles: string[];
  scope: string[] | null;
  side: string | null;
  actions: Record<string, boolean | string[]> & { edit: string[]; import: string[] };
}

export interface LayerClass {
  key: string;
  title: Titles;
  count: number;
  group?: string | null;
}

export interface LayerInfo {
  key: string;
  title: Titles;
  geometry: string;
  count: number;
  min_zoom: number;
  max_zoom: number;
  classes: LayerClass[];
}

export interface SourceInfo {
  title: Titles;
  source: string;
  licence: string;
  synthetic: boolean;
}

export interface Catalogue {
  seq: number;
  asof: string | null;
  synthetic: boolean;
  layers: LayerInfo[];
  dates: { day: string; title: Titles }[];
  groups: { key: string; title: Titles }[];
  bbox: [number, number, number, number];
  sources: SourceInfo[];
}

export interface SearchItem {
  layer: string;
  uuid: string;
  name: string;
  roman: string | null;
  matched: string | null;
  /** Found as it may have been meant, not as it was typed. */
  tolerant: boolean;
  kind: Titles;
  where: Titles;
  lon: number;
  lat: number;
  bbox: [number, number, number, number] | null;
}

export interface SearchAnswer {
  query: string;
  total: number;
  items: SearchItem[];
}

export interface FieldLabel extends Titles {
  unit?: string | Titles | null;
}

export interface OtherName {
  name: string;
  roman?: string | null;
  kind?: string | null;
  title?: Titles;
  valid_from?: string | null;
  valid_to?: string | null;
  decision?: string | null;
  decided_by?: string | null;
  decided_on?: string | null;
}

export interface FeatureAnswer {
  type: "Feature";
  id: string;
  geometry: GeoJSON.Geometry;
  properties: Record<string, unknown>;
  labels: Record<string, FieldLabel>;
  titles: Record<string, Titles>;
  names?: OtherName[];
  owner?: "place" | "article" | "sign";
  media?: Medium[];
  attributes?: { key: string; title: Titles; value: string | number; text: Titles | null; unit: string }[];
  stories?: { uuid: string; title: string; url: string; published: boolean }[];
  signs?: { uuid: string; number: string | null; kind: Titles | null; state: Titles | null; intact: boolean }[];
}

export interface Norm {
  key: string;
  title: Titles;
  kinds: string[];
  distance_m: number;
  source: string;
  status: "H" | "M" | "L";
}

export interface CoverageShare {
  code: string;
  name: string;
  weight: number;
  covered: number;
  share: number | null;
  villages: number;
  villages_covered: number;
}

export interface CoverageTown extends CoverageShare {
  county_code: string;
  county: string;
}

export interface CoverageVillages {
  uuid: string[];
  name: string[];
  /** The town's code of each village. */
  town: (string | null)[];
  lon: number[];
  lat: number[];
  covered: number[];
  weight: number[];
  nearest_m: (number | null)[];
}

export interface CoverageAnswer {
  kinds: string[];
  distance_m: number;
  weight: string;
  asof: string | null;
  method: Titles;
  seq: number;
  facilities: number;
  total: {
    weight: number;
    covered: number;
    share: number | null;
    villages: number;
    villages_covered: number;
    villages_uncovered: number;
    /** Villages of which the weight is not known. */
    unknown?: number;
  };
  counties: CoverageShare[];
  towns: CoverageTown[];
  villages: CoverageVillages;
}

/* ---- what the page holds ---- */

export interface View {
  lon: number;
  lat: number;
  zoom: number;
  bearing: number;
}

/** Which classes of a layer show: null means all of them. A layer with no entry is not shown. */
export type Shown = Record<string, string[] | null>;

export interface Selected {
  layer: string;
  uuid: string;
}

export type Weight = "population" | "aged_60" | "aged_65" | "aged_80" | "villages";

export interface CoverageQuestion {
  kinds: string[];
  distance: number;
  weight: Weight;
}

export interface State {
  view: View | null;
  asof: string | null;
  /** null means the layers of the first view. */
  shown: Shown | null;
  basemap: boolean;
  selected: Selected | null;
  coverage: CoverageQuestion | null;
}

export interface Problem {
  title: string;
  detail: string;
  hint: string;
  status: number;
  /** What more an answer says: `findings`, `conflict`, `clashes`. */
  [member: string]: any;
}

/* ---- editing ---- */

export interface FormField {
  name: string;
  type: "str" | "int" | "float" | "bool" | "date" | "datetime" | "json";
  title: Titles;
  unit: string;
  required: boolean;
  long: boolean;
  max_length: number | null;
  minimum: number | null;
  maximum: number | null;
  help: string;
  choices: { key: string; title: Titles }[];
  options?: { value: string; title: Titles; within: string }[];
  /** Of the attributes of places: what each class of them has, by the beginning of its code. */
  classes?: Record<string, AttributeField[]>;
}

export interface Medium {
  uuid: string;
  kind: "image" | "sound";
  mime: string;
  title: string | null;
  credit: string | null;
  bytes: number;
  width: number | null;
  height: number | null;
  taken_on: string | null;
  version: number;
  sha256: string;
  url: string;
  small: string | null;
}

export interface AttributeField {
  key: string;
  title: Titles;
  type: "str" | "int" | "float" | "choice";
  unit: string;
  minimum: number | null;
  maximum: number | null;
  choices: { key: string; title: Titles }[];
}

export interface FormAnswer {
  layer: string;
  title: Titles;
  geometry: string;
  closes: string;
  label: string;
  folded: string[];
  fields: FormField[];
}

export interface Finding {
  field: string;
  rule: string;
  severity: "error" | "warning" | "info";
  value: string;
  message: string;
  advice: string;
}

export interface Follows {
  name: string;
  title: string;
  value: unknown;
  text: string;
}

export interface CheckAnswer {
  version: number;
  changed: string[];
  follows: Follows[];
  findings: Finding[];
}

export interface SavedAnswer {
  layer: string;
  uuid: string;
  version: number;
  seq: number | null;
  batch: string | null;
  written: string[];
  beside: number;
  findings: Finding[];
}

export interface Side {
  value: unknown;
  text: string;
}

export interface ConflictAnswer {
  version: number;
  who: string | null;
  at: string;
  fields: { name: string; title: string; base: Side; theirs: Side; mine: Side; both: boolean }[];
  place: {
    base: GeoJSON.Geometry | null;
    theirs: GeoJSON.Geometry | null;
    mine: GeoJSON.Geometry | null;
    both: boolean;
    theirs_m: number | null;
    mine_m: number | null;
  } | null;
}

export interface HistoryEntry {
  seq: number;
  uuid: string | null;
  op: string;
  operation: string;
  label: string;
  title: string;
  at: string;
  who: string | null;
  by: string;
  why: string | null;
  batch: string | null;
  version: number | null;
  fields: { name: string; title: string; before: string; after: string }[];
  moved: { distance_m: number | null; kind: "set" | "removed" | "moved" } | null;
  undoable: boolean;
}
