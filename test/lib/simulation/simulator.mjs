// A simulation as a process of its own, to be killed: `node simulator.mjs ENDPOINT ACCESS_KEY MODEL_CRN`. Prints how far it is.
import { frameOf, simulateCalls } from "../../../dist/lib/index.js";

const [endpoint, accessKey, modelCrn] = process.argv.slice(2);
const tenure = Array.from({ length: 120 }, (_, i) => (i * 37) % 73);
const customers = frameOf({ tenure, Churn: tenure.map((months, i) => (i % 3 === 0 || months < 6 ? "Yes" : "No")) });
const simulation = await simulateCalls({ endpoint, accessKey, modelCrn }, customers, {
  id: "killed",
  calls: 300,
  label: "Churn",
  drift: [{ mode: "label-noise" }, { mode: "covariate", feature: "tenure", shift: 5 }],
  concurrency: 4,
  onProgress: ({ done }) => console.log(done),
});
console.log(JSON.stringify(simulation));
