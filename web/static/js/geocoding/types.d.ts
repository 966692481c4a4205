/** What the server says of addresses; see web/geocoding/shown.py. */

export type Accuracy = "address" | "village" | "road" | "town" | "county" | "unknown";

export interface Match {
  name: string;
  uuid: string;
  layer: "divisions" | "place-names";
  path: string[];
  accuracy: Accuracy;
  lon: number | null;
  lat: number | null;
  county: string | null;
  town: string | null;
  village: string | null;
  score: number;
}

export interface Found {
  rule: string;
  severity: "error" | "warning" | "info";
  message: string;
  advice: string;
}

export interface Answer {
  text: string;
  match: Match | null;
  accuracy: Accuracy;
  doubtful: boolean;
  alternatives: Match[];
  findings: Found[];
}

export interface GeocodingSettings {
  lang: "zh" | "en";
  most: number;
  accuracies: Record<Accuracy, string>;
}
