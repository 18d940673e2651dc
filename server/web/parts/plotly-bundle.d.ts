// The bundle of points, lines and bars, without `new Function`, with the types of the whole.
declare module "plotly.js/dist/plotly-basic.min.js" {
  export * from "plotly.js";
}
