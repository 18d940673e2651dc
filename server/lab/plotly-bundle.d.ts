// The bundle without `new Function`, with the types of the whole.
declare module "plotly.js/dist/plotly-cartesian.min.js" {
  export * from "plotly.js";
}
