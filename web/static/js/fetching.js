/**
 * Asking the server. Every fault comes back as one `Fault`, whether the network, the server or the question caused it.
 *
 * @import { Problem } from "./api.js"
 */
import { text } from "./page-data.js";

export class Fault extends Error {
  /**
   * @param {Problem} problem
   */
  constructor(problem) {
    super([problem.title, problem.detail].filter(Boolean).join(" "));
    this.name = "Fault";
    this.hint = problem.hint;
    this.status = problem.status;
    /** All that the server has said, findings and the like included. */
    this.problem = problem;
  }

  /** Whether the server could not be reached, or says that it is not there. */
  get gone() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

const Accept = "application/json, */*";

/** Tells the page when the server is gone and when it answers again. */
export const connection = new EventTarget();

/**
 * @param {string} path
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Response>} an answer that is well
 * @throws {Fault} or, when aborted, a DOMException named AbortError
 */
export async function ask(path, { signal } = {}) {
  return answered(path, { signal, headers: { Accept } });
}

/**
 * Asks for a change: with the mark that the request comes from our own page.
 *
 * @param {string} path
 * @param {{ method?: "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD", body?: unknown, signal?: AbortSignal, headers?: Record<string, string> }} [options]
 *   `body`: FormData, a Blob or text go as they are, anything else as JSON; `headers`: beside the usual ones
 * @returns {Promise<Response>} an answer that is well
 * @throws {Fault} or, when aborted, a DOMException named AbortError
 */
export async function send(path, { method = "POST", body, signal, headers: more = {} } = {}) {
  const asIs = body === undefined || body instanceof FormData || body instanceof Blob || typeof body === "string";
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
  /** @type {Record<string, string>} */
  const headers = { Accept, "X-CSRFToken": token, ...more };
  if (!asIs) headers["Content-Type"] = "application/json";
  const whole = asIs ? /** @type {BodyInit | undefined} */ (body) : JSON.stringify(body);
  return answered(path, { method, signal, headers, body: whole });
}

/**
 * @param {string} path
 * @param {RequestInit} request
 */
async function answered(path, request) {
  let response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    connection.dispatchEvent(new Event("gone"));
    throw new Fault({ title: text("The server cannot be reached."), detail: "", hint: "", status: 0 });
  }
  if (response.ok) {
    connection.dispatchEvent(new Event("answers"));
    return response;
  }
  const fault = new Fault(await problemOf(response));
  connection.dispatchEvent(new Event(fault.gone ? "gone" : "answers"));
  throw fault;
}

/**
 * @template T
 * @param {string} path
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<T>}
 */
export async function askJson(path, options) {
  return (await ask(path, options)).json();
}

/** @param {unknown} error */
export const isAbort = (error) => error instanceof DOMException && error.name === "AbortError";

/**
 * @param {unknown} error
 * @returns {string} a sentence for the reader
 */
export function faultText(error) {
  if (error instanceof Fault) return [error.message, error.hint].filter(Boolean).join(" ");
  return text("Something went wrong in the page.");
}

/**
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function problemOf(response) {
  const bare = { title: text("The server answered with an error (%(status)s).", { status: response.status }), detail: "", hint: "" };
  try {
    const given = await response.json();
    return { ...given, title: given.title ?? bare.title, detail: given.detail ?? "", hint: given.hint ?? "", status: response.status };
  } catch {
    return { ...bare, status: response.status };
  }
}
