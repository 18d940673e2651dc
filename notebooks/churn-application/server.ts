// The churn application, as any user's own program would be: a web server on the port it is given, customers from the warehouse,
// answers from the deployed model. The model's access key stays in this process; the browser talks to the routes below.
import { fileURLToPath } from "node:url";
import express, { type NextFunction, type Request, type Response } from "express";
import { bundlePage } from "./bundle-page.ts";
import { customersCsv, sampleCustomers } from "./customers.ts";
import { askModel, curveOf, planFor, scoredCustomers, whatThresholdsCost } from "./questions.ts";

const port = Number(process.env["CELLWRIGHT_APP_PORT"] ?? 8050);
const page = fileURLToPath(new URL("page/", import.meta.url));

const app = express();
app.disable("x-powered-by");
app.use((_req, res, next) => {
  res.setHeader(
    "content-security-policy",
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  );
  res.setHeader("x-content-type-options", "nosniff");
  next();
});

const script = bundlePage();
app.get("/page.js", async (_req, res) => {
  res
    .type("text/javascript")
    .setHeader("cache-control", "no-cache")
    .send(await script);
});
app.get("/", (_req, res) => res.sendFile("index.html", { root: page }));
app.get("/style.css", (_req, res) => res.sendFile("style.css", { root: page }));

const answers = express.Router();
answers.use(express.json({ limit: "100kb" }), (_req, res, next) => {
  res.setHeader("cache-control", "no-store");
  next();
});
answers.get("/customers", async (req, res) => {
  res.json(await scoredCustomers(await sampleCustomers(seedIn(req))));
});
answers.get("/customers.csv", async (req, res) => {
  res.attachment("customers.csv").send(customersCsv(await scoredCustomers(await sampleCustomers(seedIn(req)))));
});
answers.get("/costs", async (req, res) => {
  const costs = { missed: numberIn(req, "missed"), falseAlarm: numberIn(req, "alarm") };
  res.json(whatThresholdsCost(await scoredCustomers(await sampleCustomers(seedIn(req))), costs));
});
answers.post("/ask", async (req, res) => {
  res.json(await askModel(req.body.record));
});
answers.post("/plan", async (req, res) => {
  const { record, threshold } = req.body as { record: Record<string, string | number>; threshold: number };
  res.json(await planFor(record, Number(threshold), await sampleCustomers(seedIn(req))));
});
answers.post("/curve", async (req, res) => {
  const { record, feature } = req.body as { record: Record<string, string | number>; feature: string };
  res.json(await curveOf(record, String(feature), await sampleCustomers(seedIn(req))));
});
app.use("/api", answers);

app.use((error: Error & { status?: number }, _req: Request, res: Response, next: NextFunction) => {
  if (res.headersSent) return next(error);
  const status = error.status === 0 || error.status === undefined ? 503 : error.status;
  console.error(error.message);
  res.status(status === 401 || status === 403 ? 503 : status).json({ error: { message: error.message } });
});

app.listen(port, "127.0.0.1", () => console.log(`the churn application listens on port ${port}`));

function seedIn(req: Request): number {
  const seed = Number(req.query["seed"] ?? 1);
  return Number.isSafeInteger(seed) && seed >= 0 ? seed : 1;
}

function numberIn(req: Request, name: string): number {
  const value = Number(req.query[name] ?? 1);
  return Number.isFinite(value) && value >= 0 ? value : 1;
}
