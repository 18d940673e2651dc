// The files of a new project, by their paths. Pure.
import { writeNotebook } from "../../../kernel/notebook/write-notebook.ts";
import { ingest } from "./ingest.ts";
import { serve } from "./serve.ts";
import { toNotebook } from "./starter-cell.ts";
import { train } from "./train.ts";

export interface ProjectOptions {
  /** Of its package. */
  readonly name: string;
  /** What its package.json asks for: a version, or `file:…`. */
  readonly cellwright: string;
}

export function projectFiles({ name, cellwright }: ProjectOptions): Record<string, string> {
  return {
    "package.json": json({
      name,
      private: true,
      type: "module",
      engines: { node: ">=20.19" },
      scripts: {
        start: "cellwright start",
        test: "node --test test/notebooks.test.mjs",
        notebooks: "cellwright run notebooks/*.ipynb",
      },
      dependencies: { cellwright },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "ES2022",
        lib: ["ES2023"],
        module: "NodeNext",
        moduleDetection: "force",
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        skipLibCheck: true,
      },
      include: ["lib"],
    }),
    "notebooks/1_ingest.ipynb": writeNotebook(toNotebook(ingest)),
    "notebooks/2_train.ipynb": writeNotebook(toNotebook(train)),
    "notebooks/3_serve.ipynb": writeNotebook(toNotebook(serve)),
    "lib/customers.ts": library,
    "test/notebooks.test.mjs": test,
    ".github/workflows/notebooks.yml": workflow,
    ".gitignore": "node_modules/\n.cellwright/\nresults/\n.ipynb_checkpoints/\n",
    ".gitattributes": "*.ipynb text eol=lf\n*.tgz binary\n",
    "README.md": readme(name),
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const library = `// What the notebooks share: the columns a model may know, and how a probability is said in words.

/** They describe a customer; the identifier would say nothing of a new one. */
export const features: string[] = ["tenure", "Contract", "InternetService", "MonthlyCharges"];

export type Risk = "low" | "medium" | "high";

/** @param probability of leaving, from 0 to 1 */
export function riskOf(probability: number): Risk {
  if (probability >= 0.5) return "high";
  return probability >= 0.25 ? "medium" : "low";
}
`;

const test = `// The notebooks run headless from top to bottom, in the order of their numbers, in a home of their own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const home = mkdtempSync(join(tmpdir(), "notebooks-"));
after(() => rmSync(home, { recursive: true, force: true }));

const names = readdirSync("notebooks").filter((name) => name.endsWith(".ipynb")).sort();

test("the notebooks run from top to bottom", () => {
  const paths = names.map((name) => join("notebooks", name));
  const out = join(home, "executed");
  const env = { ...process.env, CELLWRIGHT_HOME: home };
  const { status, stderr } = spawnSync("cellwright", ["run", ...paths, "-o", out], { env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

test("the model has learnt something, and the function answers", () => {
  const cells = (name) => JSON.parse(readFileSync(join(home, "executed", name), "utf8")).cells;
  const shown = (name) => cells(name).flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => data?.["text/plain"] ?? [])).join("");
  const [, auc] = /AUC\\D*(0?\\.\\d+)/.exec(shown("2_train.ipynb")) ?? [];
  assert.ok(Number(auc) > 0.7, \`AUC \${auc}\`);
  assert.match(shown("3_serve.ipynb"), /low|medium|high/);
});
`;

const workflow = `# Runs the notebooks headless: a test a cell, failures at their lines, the executed notebooks as pages.
name: notebooks
on: [push, pull_request]
permissions:
  contents: read
jobs:
  run:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
          cache: npm
      - run: npm ci
      - run: npm run notebooks -- --junit results/notebooks.xml --html results
      - run: npm test
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: notebooks
          path: results
`;

function readme(name: string): string {
  return `# ${name}

Notebooks in TypeScript: customers become a table, the table a model, the model a REST endpoint.

\`\`\`sh
npm install
npm test             # the notebooks, headless
npm start            # the dashboard at /, JupyterLab at /lab: open the printed URL
npm run notebooks    # what was executed goes to .cellwright/runs
\`\`\`

| where | what |
|---|---|
| \`notebooks/\` | in the order of their numbers; knobs in the first code cell |
| \`lib/\` | what two notebooks need |
| \`test/\` | runs the notebooks and looks at what came out |
| \`.github/workflows/\` | the same on every push, with JUnit and pages; commit \`package-lock.json\` for it |

A knob from outside: \`npx cellwright run notebooks/1_ingest.ipynb -p rows=2000\`. The function as an endpoint, while the server runs:
\`npx cellwright deploy notebooks/3_serve.ipynb --function risk --name churn\`. Cellwright itself is the packed file in this folder until
it is published.
`;
}
