/* What /api/jobs answers: types only. Texts are in the reader's language already. */

export interface JobLink {
  href: string;
  title: string;
  size?: number;
  file: boolean;
}

export interface Fault {
  code: string;
  detail: string;
  hint: string;
}

export interface Job {
  uuid: string;
  kind: string;
  title: string;
  about: string;
  who: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled" | "lost";
  state_title: string;
  open: boolean;
  cancelling: boolean;
  share: number;
  phase: string;
  created: string;
  started: string | null;
  ended: string | null;
  error: Fault | null;
  result: string;
  links: JobLink[];
  log?: { at: string; text: string }[];
}

export interface JobsAnswer {
  seq: number;
  jobs: Job[];
}
