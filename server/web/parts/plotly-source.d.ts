// Plotly's source has no types of its own.
declare module "plotly.js/src/plot_api" {
  const methods: Record<string, unknown>;
  export default methods;
}
declare module "plotly.js/src/registry" {
  const registry: { register(parts: unknown): void };
  export default registry;
}
declare module "plotly.js/src/plots/plots" {
  const plots: { resize: unknown };
  export default plots;
}
declare module "plotly.js/src/*" {
  const part: object;
  export default part;
}
declare module "plotly.js/build/plotcss";
