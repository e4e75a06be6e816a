/** The API, typed by what the server says of itself. Nothing else asks the server. */
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";
import { useSession } from "./session";

export type Schemas = components["schemas"];

/** The path of the token against forged requests: changing requests of a session carry it. */
const CSRF_HEADER = "x-headrace-csrf";

/** Who saved what is answered, percent-encoded. */
const SAVED_BY = "headrace-saved-by";

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });

api.use({
  onRequest({ request }) {
    const { me } = useSession.getState();
    if (me?.csrf && request.method !== "GET" && request.method !== "HEAD") request.headers.set(CSRF_HEADER, me.csrf);
    return request;
  },
  onResponse({ response, schemaPath }) {
    // A session that has ended is noticed by whatever asks next.
    if (response.status === 401 && schemaPath !== "/api/v1/session") useSession.getState().ended();
    return response;
  },
});

/** A refusal or failure of the API (RFC 9457), or of the way there (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly remedy: string,
    readonly pointer: string | null,
    readonly problems: readonly Record<string, unknown>[],
  ) {
    super(detail);
  }
}

/** Whether there was no answer at all. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 0;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws `ApiProblem` for anything but a success. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await fullAnswer(call)).data;
}

/** Data with the entity tag that changes to it have to name, and with who saved it where the answer says so. */
export async function fullAnswer<T>(call: Promise<Answer<T>>): Promise<{ data: T; etag: string | null; savedBy: string | null }> {
  let result: Answer<T>;
  try {
    result = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, "unreachable", "the server does not answer", "", null, []);
  }
  if (!result.response.ok) throw problemOf(result.response.status, result.error);
  const { headers } = result.response;
  const savedBy = headers.get(SAVED_BY);
  return { data: result.data as T, etag: headers.get("etag"), savedBy: savedBy === null ? null : decodeURIComponent(savedBy) };
}

function problemOf(status: number, body: unknown): ApiProblem {
  const given: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const problems = Array.isArray(given["problems"]) ? (given["problems"] as Record<string, unknown>[]) : [];
  const pointer = typeof given["pointer"] === "string" ? given["pointer"] : null;
  return new ApiProblem(status, text("code") || `http-${status}`, text("detail") || text("title"), text("remedy"), pointer, problems);
}
