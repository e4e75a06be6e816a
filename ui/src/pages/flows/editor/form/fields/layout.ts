/** Which properties of what a form shows before anybody asks for more. The rest is in the menu beside. */

/** By what a form is of: a call, a trigger, a part. */
export const MAIN: Readonly<Record<string, readonly string[]>> = {
  "call/http": ["method", "endpoint", "headers", "query", "body"],
  "call/openapi": ["document", "operationId", "parameters"],
  "call/grpc": ["proto", "service", "method", "arguments"],
  "call/asyncapi": ["document", "server", "message"],
  "call/mcp": ["method", "transport", "parameters"],
  "call/a2a": ["method", "agentCard", "server", "parameters"],
  "call/batch": ["function", "concurrency", "attempts", "tolerate"],
  for: ["for", "while"],
  run: ["run"],
  listen: ["listen"],
  try: ["catch"],
  catch: ["errors", "as", "when", "retry", "then"],
  "run/script": ["language", "code", "arguments"],
  "run/shell": ["command", "arguments"],
  "run/container": ["image", "command", "environment"],
  "trigger/http": ["path", "method", "reply", "input"],
  "trigger/cron": ["schedule", "timezone", "input"],
  "trigger/interval": ["every", "input"],
  "trigger/event": ["input"],
  "trigger/queue": ["name", "batch", "input"],
  loop: ["each", "in", "at"],
  event: ["type", "source", "data"],
  limit: ["attempt"],
  attempt: ["count"],
  filter: ["with"],
  with: ["type", "source", "data"],
  error: ["type", "status", "title", "detail"],
  errorFilter: ["type", "status"],
  retry: ["limit", "delay", "backoff", "when"],
  schedule: ["cron", "every", "after", "on"],
  function: ["source", "delivery", "description"],
  input: ["from"],
  output: ["as"],
  export: ["as"],
  timeout: ["after"],
  correlation: ["from", "expect"],
  approval: ["title", "description", "choices", "form"],
  extension: ["extend", "when", "before", "after"],
  flow: ["version", "title", "summary", "tags", "input", "output", "timeout"],
};

/** Texts of several lines. */
export const LONG = new Set(["code", "summary", "description", "stdin"]);

/** Values that are usual, where anything goes. */
export const USUAL: Readonly<Record<string, readonly string[]>> = {
  "http.method": ["get", "post", "put", "patch", "delete", "head", "options"],
  "script.language": ["python", "javascript"],
  "evaluate.language": ["jq", "jsonata"],
  timezone: ["UTC", "Asia/Shanghai", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Asia/Singapore"],
};
