/** Answers of a real HTTP server through the generated client. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import createClient from "openapi-fetch";
import { afterEach, expect, test } from "vitest";
import { answer, ApiProblem, fullAnswer } from "../../src/client/api";
import type { paths } from "../../src/client/schema";
import { allows, type Me } from "../../src/client/session";

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function serving(status: number, headers: Record<string, string>, body: string): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

test("a problem says what, where and what to do", async () => {
  const problem = { type: "x", title: "Unprocessable", status: 422, code: "invalid", detail: "no such task", remedy: "write another", pointer: "/do", problems: [{ line: 1 }] };
  const client = createClient<paths>({ baseUrl: await serving(422, { "content-type": "application/problem+json" }, JSON.stringify(problem)) });
  const failed: unknown = await answer(client.GET("/api/v1/namespaces")).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ApiProblem);
  expect(failed).toMatchObject({ status: 422, code: "invalid", message: "no such task", remedy: "write another", pointer: "/do", problems: [{ line: 1 }] });
});

test("an answer that is no problem is one all the same", async () => {
  const client = createClient<paths>({ baseUrl: await serving(502, { "content-type": "text/html" }, "<h1>Bad gateway</h1>") });
  await expect(answer(client.GET("/api/v1/namespaces"))).rejects.toMatchObject({ status: 502, code: "http-502" });
});

test("nobody there is a problem of its own", async () => {
  const baseUrl = await serving(200, {}, "");
  server?.close();
  server?.closeAllConnections();
  await expect(answer(createClient<paths>({ baseUrl }).GET("/api/v1/namespaces"))).rejects.toMatchObject({ status: 0, code: "unreachable" });
});

test("data come with their entity tag, and with who saved them where that is said", async () => {
  const headers = { "content-type": "application/json", etag: '"3"' };
  const client = createClient<paths>({ baseUrl: await serving(200, headers, '["default"]') });
  expect(await fullAnswer(client.GET("/api/v1/namespaces"))).toEqual({ data: ["default"], etag: '"3"', savedBy: null });
  server?.close();
  const named = createClient<paths>({ baseUrl: await serving(200, { ...headers, "headrace-saved-by": "%E5%B0%8F%E6%9E%97" }, '["default"]') });
  expect((await fullAnswer(named.GET("/api/v1/namespaces"))).savedBy).toBe("小林");
});

test("roles are of a namespace, or of all", () => {
  const me = { id: "1", name: "n", kind: "user", roles: { shop: "editor", "*": "viewer" } } satisfies Me;
  expect(allows(me, "editor", "shop")).toBe(true);
  expect(allows(me, "admin", "shop")).toBe(false);
  expect(allows(me, "viewer", "other")).toBe(true);
  expect(allows(me, "operator", "other")).toBe(false);
  expect(allows(null, "viewer", "shop")).toBe(false);
});
