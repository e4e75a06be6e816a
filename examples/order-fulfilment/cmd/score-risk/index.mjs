// Scores the risk of a big order from 0 to 100, with the reasons. Plain Node.js, no packages: a function is
// an HTTP server that takes a CloudEvent on POST / and answers JSON.
import { createServer } from "node:http";

const YEAR_MS = 365 * 86_400_000;
const rules = [
  [30, "customer for less than a year", ({ order }) => new Date(order.placed) - new Date(order.customer.since) < YEAR_MS],
  [30, "card and address in different countries", ({ order }) => order.card.country !== order.shipTo.country],
  [20, "ships to a freight forwarder", ({ order }) => /freight|forward|unit \d/i.test(order.shipTo.street)],
  [20, "over 5,000.00", ({ total }) => total > 500_000],
];

const score = (data) => {
  const hits = rules.filter(([, , applies]) => applies(data));
  return { score: hits.reduce((sum, [points]) => sum + points, 0), reasons: hits.map(([, reason]) => reason) };
};

// One JSON line with the invocation's id: so the line is shown beside the invocation that printed it.
const log = (invocation, message) => console.log(JSON.stringify({ headrace: { invocation, stream: "stdout" }, message }));

const server = createServer(async (request, response) => {
  const answer = (status, type, body) => {
    response.writeHead(status, { "content-type": type });
    response.end(JSON.stringify(body));
  };
  if (request.method === "GET") return answer(200, "application/json", { status: "ok" }); // /healthz
  try {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    const data = JSON.parse(body);
    const result = score(data);
    log(request.headers["ce-id"] ?? "", `order ${data.order.id}: risk ${result.score} ${result.reasons.join(", ")}`);
    answer(200, "application/json", result);
  } catch (error) {
    answer(400, "application/problem+json", { status: 400, title: error.name, detail: error.message });
  }
});

server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
